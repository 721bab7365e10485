/** The fields of an untrained LSTM: its size, and how its weights are drawn. */

/** @import {Content} from "../../base/dom.js" */
/** @import {Form} from "../../controls/form.js" */
import { h } from "../../base/dom.js";
import { numberField, selectField } from "../../controls/fields.js";
import { INITIALISATIONS, LARGEST_SEED } from "../../state/choices.js";

/** @param {Form} form @returns {Content[]} */
export function randomFields(form) {
  const { t, state, set } = form;
  return [
    h("p", { class: "hint", key: "explained" }, t("model.explained")),
    numberField(form, {
      field: "model.hidden_size",
      label: t("model.hidden_size"),
      value: state.hiddenSize,
      minimum: 1,
      maximum: state.limits.max_hidden_size ?? 1024,
      integer: true,
      set: (hiddenSize) => set({ hiddenSize }),
    }),
    selectField(form, {
      field: "model.initialisation",
      label: t("model.initialisation"),
      value: state.initialisation,
      options: INITIALISATIONS.map((name) => [name, t(`initialisation.${name}`)]),
      set: (initialisation) => set({ initialisation }),
      hint: t(`initialisation.${state.initialisation}.explained`),
    }),
    state.initialisation === "xavier" &&
      numberField(form, {
        field: "model.forget_bias",
        label: t("model.forget_bias"),
        value: state.forgetBias,
        minimum: -10,
        maximum: 10,
        set: (forgetBias) => set({ forgetBias }),
      }),
    seedField(form, "model.seed", t("model.seed"), state.seed, (seed) => set({ seed })),
  ];
}

/**
 * @param {Form} form @param {string} field @param {string} label @param {number} value
 * @param {(seed: number) => void} set
 */
function seedField(form, field, label, value, set) {
  const another = () => set(Math.floor(Math.random() * 10_000));
  const button = h(
    "button",
    {
      type: "button",
      class: "quiet",
      title: form.t("seed.another"),
      "aria-label": form.t("seed.another"),
      onclick: another,
    },
    "⚄",
  );
  return numberField(form, {
    field,
    label,
    value,
    minimum: 0,
    maximum: LARGEST_SEED,
    integer: true,
    set,
    aside: button,
  });
}
