/** The fields of numbers: a table that is typed or attached as a file, and its columns. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Attachment, State} from "../../state/state.js" */
/** @import {SequenceForm} from "./form.js" */
import { h } from "../../base/dom.js";
import { errorsOf, faultsOf } from "../../controls/faults.js";
import { chip, fileButton, labelled } from "../../controls/fields.js";
import { typed } from "../../state/raw_data.js";

/** @param {SequenceForm} form */
export function tableFields(form) {
  const { file } = form.state;
  return [file ? attachment(form, file) : tableField(form), fileField(form), columnsField(form)].filter(Boolean);
}

/** @param {Form} form */
function tableField(form) {
  const { t, state, set } = form;
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
  return labelled("sequence.text", t("sequence.numbers"), textarea, errorsOf(form, "sequence.text", empty));
}

/** @param {Form} form @param {Attachment} file */
function attachment(form, { name, npy }) {
  const { t, set } = form;
  const remove = () => set({ file: null, columns: null });
  return h(
    "div",
    { class: "field", key: "attachment" },
    chip({ text: name, label: t("file.remove"), remove }),
    errorsOf(form, npy ? "sequence.data" : "sequence.text"),
  );
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

/**
 * The names of all columns and of those that the model reads, from the last answer, which may be a refusal.
 * @param {State} state @returns {{columns: string[], features: string[]}}
 */
function tableOf({ run, runInputs, problem, numbers, file }) {
  for (const { field, context } of problem?.faults ?? []) {
    const { columns, features } = context ?? {};
    if (field === "sequence" && Array.isArray(columns) && Array.isArray(features)) return { columns, features };
  }
  const isOfIt = problem === null || (runInputs?.numbers === numbers && runInputs.file === file);
  return run && runInputs?.source === "numbers" && isOfIt ? run.sequence : { columns: [], features: [] };
}

/** The model reads all of them until the reader picks some. @param {Form} form */
function columnsField(form) {
  const { t, state, set } = form;
  const { columns: names, features } = tableOf(state);
  // A choice that led to cells which are no numbers must be taken back here.
  const isWrong = state.columns !== null && faultsOf(state, "sequence.text").length > 0;
  const isFaulty = isWrong || faultsOf(state, "sequence.columns").length > 0;
  if (names.length < 2 && !isFaulty) return null;
  const chosen = state.columns ?? names.flatMap((name, index) => (features.includes(name) ? [index] : []));
  const boxes = names.map((name, index) => {
    const columns = toggled(chosen, index);
    const onchange = () => columns.length > 0 && set({ columns });
    const input = h("input", { type: "checkbox", checked: chosen.includes(index), onchange });
    return h("label", { class: "box" }, input, h("span", null, name));
  });
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

/** @param {number[]} columns @param {number} index */
const toggled = (columns, index) =>
  columns.includes(index) ? columns.filter((other) => other !== index) : [...columns, index].sort((a, b) => a - b);
