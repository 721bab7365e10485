/** The fields of a signal: which one, how long, and its parameters. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Parameter} from "../../state/answers.js" */
import { numberField, selectField } from "../../controls/fields.js";
import { LARGEST_SEED } from "../../state/choices.js";

/** @param {Form} form */
export function signalFields(form) {
  const { t, state, set } = form;
  const signal = state.signals.find(({ name }) => name === state.signal);
  const most = Math.min(signal?.max_steps ?? Infinity, state.limits.max_steps ?? Infinity);
  const choose = (/** @type {string} */ name) => {
    const longest = state.signals.find((candidate) => candidate.name === name)?.max_steps ?? Infinity;
    set({ signal: name, parameters: {}, steps: Math.min(state.steps, longest) });
  };
  return [
    selectField(form, {
      field: "sequence.name",
      label: t("sequence.signal"),
      value: state.signal,
      options: state.signals.map(({ name }) => [name, t.known(`signal.${name}`) ?? name]),
      set: choose,
      hint: t.known(`signal.${state.signal}.explained`) ?? "",
    }),
    numberField(form, {
      field: "sequence.steps",
      label: t("sequence.steps"),
      value: state.steps,
      minimum: 1,
      maximum: most,
      integer: true,
      set: (steps) => set({ steps }),
    }),
    ...(signal?.parameters ?? []).map((parameter) => parameterField(form, parameter)),
    signal?.uses_seed &&
      numberField(form, {
        field: "sequence.seed",
        label: t("sequence.seed"),
        value: state.signalSeed,
        minimum: 0,
        maximum: LARGEST_SEED,
        integer: true,
        set: (signalSeed) => set({ signalSeed }),
      }),
  ];
}

/** @param {Form} form @param {Parameter} parameter */
function parameterField(form, { name, minimum, maximum, default: usual }) {
  const { t, state, set } = form;
  return numberField(form, {
    field: `sequence.parameters.${name}`,
    label: t.known(`parameter.${name}`) ?? name,
    value: state.parameters[name] ?? usual,
    minimum,
    maximum,
    set: (value) => set({ parameters: { ...state.parameters, [name]: value } }),
  });
}
