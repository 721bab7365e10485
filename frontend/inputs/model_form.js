/** The inputs that describe the model: how its weights are drawn, or which part of a stored one it is. */

import { h } from "../base/dom.js";
/** @import {Key} from "../base/i18n.js" */
/** @import {Form} from "../controls/controls.js" */
/** @import {StoredLSTM, StoredModel} from "../state/state.js" */
/** @import {Content} from "../base/dom.js" */
import { errorsOf, fileButton, labelled, numberField, selectField } from "../controls/controls.js";
import { INITIALISATIONS, lstmOf, storedOf } from "../state/state.js";

const RANDOM = "random";
const ZOO = "zoo:"; // before the name of a shipped model, which no id of a stored one holds
const NONE = "";
const ACCEPTED = ".pt,.pth,.ckpt,.bin,.safetensors,.onnx,.keras,.h5,.hdf5";

const LARGEST_SEED = 2 ** 32 - 1;

/**
 * @typedef {object} ModelActions
 * @property {(files: File[]) => void} uploadAll
 * @property {(id: string) => void} choose
 * @property {(name: string) => void} chooseZoo
 * @property {() => void} chooseRandom
 * @property {(model: StoredModel, lstm: StoredLSTM) => void} chooseLstm
 * @property {(front: string | null) => void} chooseFront
 * @property {(change: {name?: string, vocabulary?: string | null}, field: string) => void} change
 * @property {() => void} remove
 */
/** @typedef {Form & ModelActions} ModelForm */

/** @param {ModelForm} form @returns {Content[]} */
export function fields(form) {
  const { t, state } = form;
  return [
    h("h2", null, t("model.title")),
    selectField(form, {
      field: "model.id",
      label: t("model.which"),
      value: { zoo: ZOO + state.task, random: RANDOM, stored: storedOf(state)?.id ?? state.stored ?? NONE }[
        state.model
      ],
      options: [
        ...state.zoo.map(({ name }) => option(ZOO + name, t.known(`zoo.${name}.title`) ?? name, t("model.shipped"))),
        ...state.models.map(({ id, name }) => option(id, name, t("model.yours"))),
        [RANDOM, t("model.random")],
      ],
      set: (value) => choose(form, value),
    }),
    uploadField(form),
    ...(state.model === "stored" ? storedFields(form) : []),
    ...(state.model === "random" ? randomFields(form) : []),
  ];
}

/** @param {string} value @param {string} text @param {string} group @returns {[string, string, string]} */
const option = (value, text, group) => [value, text, group];

/** @param {ModelForm} form @param {string} value */
function choose({ choose: chooseStored, chooseZoo, chooseRandom }, value) {
  if (value === RANDOM) chooseRandom();
  else if (value.startsWith(ZOO)) chooseZoo(value.slice(ZOO.length));
  else chooseStored(value);
}

/** @param {ModelForm} form */
function uploadField(form) {
  const { t, state, uploadAll } = form;
  const hint = state.uploading ? t("model.uploading", { name: state.uploading }) : t("model.drop");
  return h(
    "div",
    { class: "field file", key: "upload" },
    ...fileButton({
      id: "model-file-input",
      accept: ACCEPTED,
      label: t("model.upload"),
      choose: (file) => uploadAll([file]),
    }),
    h("span", { class: state.uploading ? "busy" : "hint", role: "status" }, hint),
    errorsOf(form, "model.file"),
  );
}

/** @param {ModelForm} form @returns {Content[]} */
function storedFields(form) {
  const { t, state, set, chooseLstm, chooseFront } = form;
  const model = storedOf(state);
  const lstm = lstmOf(state);
  if (!model || !lstm) return [];
  const names = (/** @type {Record<string, number>} */ parts, /** @type {Key} */ unit) => [
    /** @type {[string, string]} */ ([NONE, t("model.no_part")]),
    ...Object.entries(parts).map(([name, size]) => /** @type {[string, string]} */ ([name, t(unit, { name, size })])),
  ];
  const chosen = (/** @type {string} */ name) => model.lstms.find((candidate) => candidate.name === name) ?? lstm;
  return [
    model.lstms.length > 1 &&
      selectField(form, {
        field: "model.lstm",
        label: t("model.lstm"),
        value: lstm.name,
        options: model.lstms.map(({ name }) => [name, name || t("model.whole_file")]),
        set: (name) => chooseLstm(model, chosen(name)),
      }),
    h("p", { class: "hint", key: "shape" }, shape(lstm, t)),
    Object.keys(lstm.fronts).length > 0 &&
      selectField(form, {
        field: "model.front",
        label: t("model.front"),
        value: state.front ?? NONE,
        options: names(lstm.fronts, "model.front_size"),
        set: (name) => chooseFront(name || null),
      }),
    Object.keys(lstm.read_outs).length > 0 &&
      selectField(form, {
        field: "model.read_out",
        label: t("model.read_out"),
        value: state.readOut ?? NONE,
        options: names(lstm.read_outs, "model.read_out_size"),
        set: (name) => set({ readOut: name || null, ...(name === NONE && { softmax: false }) }),
      }),
    state.readOut !== null &&
      h(
        "label",
        { class: "box", key: "softmax" },
        h("input", { type: "checkbox", checked: state.softmax, onchange: () => set({ softmax: !state.softmax }) }),
        h("span", null, t("model.softmax")),
      ),
    vocabularyField(form, model),
    unsupported(model, t),
    nameField(form, model),
  ];
}

/** @param {StoredLSTM} lstm @param {Form["t"]} t */
function shape({ input_size, hidden_size, proj_size, num_layers, bidirectional }, t) {
  const parts = [t("model.shape", { input_size, hidden_size, num_layers })];
  if (proj_size > 0) parts.push(t("model.shape_projected", { proj_size }));
  if (bidirectional) parts.push(t("model.shape_bidirectional"));
  return parts.join(", ");
}

/** @param {ModelForm} form @param {StoredModel} model */
function vocabularyField(form, { vocabulary }) {
  const { t, change } = form;
  const read = async (/** @type {File} */ file) => change({ vocabulary: await file.text() }, "model.vocabulary");
  const remove = h(
    "button",
    {
      type: "button",
      class: "quiet",
      title: t("model.remove_vocabulary"),
      "aria-label": t("model.remove_vocabulary"),
      onclick: () => change({ vocabulary: null }, "model.vocabulary"),
    },
    "✕",
  );
  const accept = ".json,.txt,.vocab";
  const body = vocabulary
    ? [h("div", { class: "chip" }, h("span", null, t("model.vocabulary_size", { count: vocabulary.length })), remove)]
    : [
        ...fileButton({ id: "model-vocabulary-input", accept, label: t("model.add_vocabulary"), choose: read }),
        h("span", { class: "hint" }, t("model.vocabulary_explained")),
      ];
  return h(
    "div",
    { class: vocabulary ? "field" : "field file", key: `vocabulary-${vocabulary !== null}` },
    body,
    errorsOf(form, "model.vocabulary"),
  );
}

/** @param {StoredModel} model @param {Form["t"]} t */
function unsupported({ unsupported: others }, t) {
  const told = Object.entries(others).map(([name, kind]) =>
    t("model.other", { name: name || t("model.whole_file"), kind }),
  );
  return (
    told.length > 0 &&
    h("p", { class: "hint", key: "unsupported" }, t("model.unsupported", { others: told.join("; ") }))
  );
}

/** @param {ModelForm} form @param {StoredModel} model */
function nameField(form, { name }) {
  const { t, change, remove } = form;
  const rename = (/** @type {any} */ event) => {
    const given = event.target.value.trim();
    if (given !== "" && given !== name) change({ name: given }, "model.name");
  };
  const input = h("input", { id: "model-name", value: name, maxlength: 120, onchange: rename, autocomplete: "off" });
  const button = h("button", { type: "button", id: "delete-model", onclick: remove }, t("model.delete"));
  return labelled(
    "model.name",
    t("model.name"),
    h("div", { class: "control" }, input, button),
    errorsOf(form, "model.name"),
  );
}

/** @param {Form} form @returns {Content[]} */
function randomFields(form) {
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

/** @param {Form} form @param {string} field @param {string} label @param {number} value @param {(seed: number) => void} set */
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
