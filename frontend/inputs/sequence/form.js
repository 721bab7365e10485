/** The form of the sequence: an input of a task, a signal, numbers or text. */

import { joined } from "../../base/characters.js";
import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Raw} from "../../state/raw_data.js" */
/** @import {State} from "../../state/state.js" */
import { errorsOf } from "../../controls/faults.js";
import { labelled, numberField, segmented, selectField } from "../../controls/fields.js";
import { LARGEST_SEED, SCALINGS } from "../../state/choices.js";
import { typed } from "../../state/raw_data.js";
import { zooOf } from "../../state/selectors.js";
import { alphabet, textLabel } from "./alphabet.js";
import { signalFields } from "./signal_fields.js";
import { tableFields } from "./table_fields.js";

/**
 * @typedef {object} SequenceActions
 * @property {(file: File) => void} attach
 * @property {Raw[]} examples  built-in texts and numbers
 */
/** @typedef {Form & SequenceActions} SequenceForm */

/** @param {SequenceForm} form */
export function fields(form) {
  const { t, state, set } = form;
  const sources = sourcesOf(state).map((name) => /** @type {[string, string]} */ ([name, t(`source.${name}`)]));
  const fieldsOf = { task: taskFields, signal: signalFields, numbers: tableFields, text: textFields };
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

/**
 * A model of text takes text, another one numbers; a shipped model also has its task.
 * @param {State} state @returns {State["source"][]}
 */
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

/** How the numbers were scaled. @param {State} state @param {Form["t"]} t */
function scalingHint({ run, scaling }, t) {
  const text = t(`scaling.${scaling}.explained`);
  const [offset] = run?.sequence.scaling.offset ?? [];
  const [scale] = run?.sequence.scaling.scale ?? [];
  const fits = run?.sequence.scaling.method === scaling && run.sequence.features.length === 1;
  return scaling === "none" || !fits || offset === undefined || scale === undefined
    ? text
    : `${text} ${t("scaling.with", { sign: offset < 0 ? "+" : "−", offset: Math.abs(offset), scale })}`;
}
