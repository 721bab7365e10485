/** The inputs that describe the sequence: a signal, numbers, or text. */

import { joined } from "../base/characters.js";
import { h } from "../base/dom.js";
import { alphabet, textLabel } from "../controls/alphabet.js";
/** @import {Form} from "../controls/controls.js" */
/** @import {Raw} from "../state/raw_data.js" */
/** @import {Parameter, State} from "../state/state.js" */
import { errorsOf, faultsOf, fileButton, labelled, numberField, segmented, selectField } from "../controls/controls.js";
import { typed } from "../state/raw_data.js";
import { SCALINGS, zooOf } from "../state/state.js";

const LARGEST_SEED = 2 ** 32 - 1;

/** @typedef {Form & {attach: (file: File) => void, examples: Raw[]}} SequenceForm */

/** @param {SequenceForm} form */
export function fields(form) {
  const { t, state, set } = form;
  const sources = sourcesOf(state).map((name) => /** @type {[string, string]} */ ([name, t(`source.${name}`)]));
  const fieldsOf = { task: taskFields, signal: signalFields, numbers: numberFields, text: textFields };
  // A text to begin with that the model knows, unless the reader has written one.
  const start = (/** @type {string} */ source) =>
    source === "text" && form.examples.some((each) => "text" in each && each.text === state.text)
      ? { text: joined(state.run?.sequence.characters ?? [state.text]) }
      : {};
  return [
    h("h2", null, t("sequence.title")),
    segmented({
      label: t("sequence.title"),
      value: state.source,
      options: sources,
      set: (source) => set({ source, ...start(source) }),
    }),
    ...fieldsOf[state.source](form),
    ["signal", "numbers"].includes(state.source) && scalingField(form),
  ];
}

/** A model of text takes text, another one numbers; the task is there beside a shipped model. @param {State} state @returns {State["source"][]} */
function sourcesOf(state) {
  const task = state.model === "zoo" || state.source === "task" ? /** @type {const} */ (["task"]) : [];
  if (state.model !== "zoo") return [...task, "signal", "numbers", "text"];
  /** @type {State["source"][]} */
  const taken = zooOf(state)?.output_kind === "value" ? [...task, "signal", "numbers"] : [...task, "text"];
  return taken.includes(state.source) ? taken : [...taken, state.source]; // what is refused is still in sight
}

/** @param {SequenceForm} form */
function taskFields(form) {
  const { t, state, set } = form;
  if (state.task === "sunspots") return [h("p", { class: "hint", key: "task" }, t("task.fixed"))];
  const another = h(
    "button",
    { type: "button", id: "another-input", onclick: () => set({ taskSeed: state.taskSeed + 1 }) },
    t("task.another"),
  );
  return [
    h("p", { class: "hint", key: "task" }, t("task.explained", { task: t(`zoo.${state.task}.title`) })),
    numberField(form, {
      field: "sequence.seed",
      label: t("task.seed"),
      value: state.taskSeed,
      minimum: 0,
      maximum: LARGEST_SEED,
      integer: true,
      set: (taskSeed) => set({ taskSeed }),
    }),
    another,
  ];
}

/** @param {SequenceForm} form */
function signalFields(form) {
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

/** @param {SequenceForm} form @param {Parameter} parameter */
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

/** @param {SequenceForm} form */
function numberFields(form) {
  const { t, state, set } = form;
  const field = state.file?.npy ? "sequence.data" : "sequence.text";
  return [state.file ? attachment(form, field) : tableField(form), fileField(form), columnsField(form)].filter(Boolean);

  /** @param {SequenceForm} inside */
  function tableField(inside) {
    const textarea = h("textarea", {
      id: "sequence-text",
      key: "numbers",
      rows: 8,
      spellcheck: "false",
      value: state.numbers,
      "aria-invalid": String(faultsOf(state, "sequence.text").length > 0),
      "aria-describedby": "sequence-text-error",
      oninput: (/** @type {any} */ event) => set(typed(state, "numbers", event.target.value)),
    });
    const empty = state.numbers.trim() === "" ? [t("sequence.empty_numbers")] : [];
    return labelled("sequence.text", t("sequence.numbers"), textarea, errorsOf(inside, "sequence.text", empty));
  }
}

/** @param {SequenceForm} form @param {string} field */
function attachment(form, field) {
  const { t, state, set } = form;
  const remove = h(
    "button",
    {
      type: "button",
      class: "quiet",
      "aria-label": t("file.remove"),
      title: t("file.remove"),
      onclick: () => set({ file: null, columns: null }),
    },
    "✕",
  );
  const chip = h("div", { class: "chip" }, h("span", null, state.file?.name), remove);
  return h("div", { class: "field", key: "attachment" }, chip, errorsOf(form, field));
}

/** @param {SequenceForm} form */
function fileField(form) {
  const { t, attach } = form;
  return h(
    "div",
    { class: "field file", key: "file" },
    ...fileButton({ id: "file", accept: ".csv,.tsv,.txt,.json,.npy", label: t("file.choose"), choose: attach }),
    h("span", { class: "hint" }, t("file.drop")),
    errorsOf(form, "sequence.file"),
  );
}

/** The names of all columns and of those that are fed: as the last answer told them, were it a refusal. @param {State} state @returns {{columns: string[], features: string[]}} */
function tableOf({ run, ran, problem, numbers, file }) {
  for (const { field, context } of problem?.faults ?? []) {
    const { columns, features } = context ?? {};
    if (field === "sequence" && Array.isArray(columns) && Array.isArray(features)) return { columns, features };
  }
  const isOfIt = problem === null || (ran?.numbers === numbers && ran.file === file);
  return run && ran?.source === "numbers" && isOfIt ? run.sequence : { columns: [], features: [] };
}

/** All are fed until the user picks. @param {SequenceForm} form */
function columnsField(form) {
  const { t, state, set } = form;
  const { columns: known, features } = tableOf(state);
  // A choice that led to cells which are no numbers must be taken back here.
  const isWrong = state.columns !== null && faultsOf(state, "sequence.text").length > 0;
  const faulty = isWrong || faultsOf(state, "sequence.columns").length > 0;
  if (known.length < 2 && !faulty) return null;
  const fed = state.columns ?? known.flatMap((name, index) => (features.includes(name) ? [index] : []));
  const toggle = (/** @type {number} */ index) => {
    const columns = fed.includes(index)
      ? fed.filter((other) => other !== index)
      : [...fed, index].sort((a, b) => a - b);
    if (columns.length > 0) set({ columns });
  };
  const boxes = known.map((name, index) =>
    h(
      "label",
      { class: "box" },
      h("input", { type: "checkbox", checked: fed.includes(index), onchange: () => toggle(index) }),
      h("span", null, name),
    ),
  );
  const all =
    state.columns &&
    h("button", { type: "button", class: "quiet", onclick: () => set({ columns: null }) }, t("sequence.all_columns"));
  return h(
    "fieldset",
    { class: "field", key: "columns" },
    h("legend", null, t("sequence.columns")),
    h("div", { class: "boxes" }, boxes),
    all,
    errorsOf(form, "sequence.columns"),
  );
}

/** @param {SequenceForm} form */
function textFields(form) {
  const { t, state, set } = form;
  const textarea = h("textarea", {
    id: "sequence-text",
    key: "text",
    rows: 5,
    value: state.text,
    "aria-describedby": "sequence-text-error",
    oninput: (/** @type {any} */ event) => set(typed(state, "text", event.target.value)),
  });
  const empty = state.text === "" ? [t("sequence.empty_text")] : [];
  return [labelled("sequence.text", textLabel(form), textarea, errorsOf(form, "sequence.text", empty)), alphabet(form)];
}

/** @param {SequenceForm} form */
function scalingField(form) {
  const { t, state, set } = form;
  return selectField(form, {
    field: "sequence.scaling",
    label: t("sequence.scaling"),
    value: state.scaling,
    options: SCALINGS.map((name) => [name, t(`scaling.${name}`)]),
    set: (scaling) => set({ scaling }),
    hint: scalingHint(state, t),
  });
}

/** What was done to the numbers, with the numbers. @param {State} state @param {Form["t"]} t */
function scalingHint({ run, scaling }, t) {
  const said = t(`scaling.${scaling}.explained`);
  const [offset] = run?.sequence.scaling.offset ?? [];
  const [scale] = run?.sequence.scaling.scale ?? [];
  const fits = run?.sequence.scaling.method === scaling && run.sequence.features.length === 1;
  return scaling === "none" || !fits || offset === undefined || scale === undefined
    ? said
    : `${said} ${t("scaling.with", { sign: offset < 0 ? "+" : "−", offset: Math.abs(offset), scale })}`;
}
