/** Form controls with their label, and with their errors beside them. */

/** @import {Fault, State} from "../state/state.js" */
/** @import {Node, Content} from "../base/dom.js" */
/** @import {Translate} from "../base/i18n.js" */
import { h } from "../base/dom.js";
import { answerOf } from "../state/state.js";

/**
 * @typedef {object} Form  what every control needs
 * @property {Translate & {has: (key: string) => boolean}} t
 * @property {State} state
 * @property {(patch: Partial<State>) => void} set
 * @property {(field: string, text: string | null) => void} draft  keeps what was typed while it is no legal value
 */

/** A fault in the reader's language; what has no translation is shown as the server said it. @param {Form} form @param {Fault} fault */
export function faultText({ t }, { code, context, message }) {
  const key = `error.${code}`;
  return code && t.has(key) ? t(key, translated(context ?? {}, t)) : message;
}

/** Names of fields inside an error are words of the page too. @param {Record<string, any>} context @param {Form["t"]} t */
function translated(context, t) {
  const translate = (/** @type {string | number} */ value) => {
    const key = [`error.value.${value}`, `quantity.${value}`].find(t.has);
    return key ? t(key) : value;
  };
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key, translate(value)]));
}

/** The server's faults of one field, or of a value inside it. @param {State} state @param {string} field */
export function faultsOf({ problem }, field) {
  return (problem?.faults ?? []).filter((fault) => fault.field === field || fault.field.startsWith(`${field}.`));
}

/** @param {Form} form @param {string} field @param {string[]} [own] errors found before anything was sent */
export function errorsOf(form, field, own = []) {
  const texts = [...own, ...faultsOf(form.state, field).map((fault) => faultText(form, fault))];
  const body = texts.map((text) => h("span", null, text));
  return h(
    "div",
    { id: `${idOf(field)}-error`, class: "error", role: "alert", "data-field": field, hidden: texts.length === 0 },
    body,
  );
}

/** @param {string} field */
export const idOf = (field) => field.replaceAll(".", "-");

/** @param {string} field @param {string} label @param {Content[]} content @returns {Node} */
export function labelled(field, label, ...content) {
  return h("div", { class: "field", key: field }, h("label", { for: idOf(field) }, label), ...content);
}

/**
 * A number with bounds. A value outside them stays as typed, with the bounds beside it, and is not sent.
 * @param {Form} form
 * @param {{field: string, label: string, value: number, minimum: number, maximum: number, integer?: boolean, set: (value: number) => void, aside?: Content}} options
 */
export function numberField(form, { field, label, value, minimum, maximum, integer = false, set, aside }) {
  const draft = form.state.drafts[field];
  const own =
    draft === undefined ? [] : [form.t(integer ? "error.integer_range" : "error.number_range", { minimum, maximum })];
  const faulty = own.length > 0 || faultsOf(form.state, field).length > 0;
  const oninput = (/** @type {any} */ event) => {
    const text = event.target.value.trim();
    const number = Number(text);
    const legal = text !== "" && number >= minimum && number <= maximum && (!integer || Number.isInteger(number));
    form.draft(field, legal ? null : event.target.value);
    if (legal) set(number);
  };
  const input = h("input", {
    id: idOf(field),
    inputmode: integer ? "numeric" : "decimal",
    autocomplete: "off",
    value: draft ?? String(value),
    "aria-invalid": String(faulty),
    "aria-describedby": `${idOf(field)}-error`,
    oninput,
  });
  return labelled(field, label, h("div", { class: "control" }, input, aside), errorsOf(form, field, own));
}

/**
 * A value written as text. What is no value yet stays as typed and is not sent; what is one is written as usual when it is left.
 * @param {Form} form
 * @param {{field: string, label: string, text: string, read: (text: string) => any, rule: string, set: (value: any) => void, placeholder?: string}} options  `read` gives undefined for what it refuses, `rule` says what is allowed
 * @returns {{control: Node, errors: Node}} to be placed apart, where several fields stand on one line
 */
export function writtenField(form, { field, label, text, read, rule, set, placeholder }) {
  const draft = form.state.drafts[field];
  const own = draft !== undefined && read(draft) === undefined ? [rule] : [];
  const faulty = own.length > 0 || faultsOf(form.state, field).length > 0;
  const oninput = (/** @type {any} */ event) => {
    const value = read(event.target.value);
    form.draft(field, event.target.value);
    if (value !== undefined) set(value);
  };
  const onchange = (/** @type {any} */ event) => read(event.target.value) !== undefined && form.draft(field, null);
  const input = h("input", {
    id: idOf(field),
    autocomplete: "off",
    value: draft ?? text,
    placeholder,
    "aria-invalid": String(faulty),
    "aria-describedby": `${idOf(field)}-error`,
    oninput,
    onchange,
  });
  return { control: labelled(field, label, input), errors: errorsOf(form, field, own) };
}

/**
 * Options that follow one another and name the same group stand together under its name.
 * @param {Form} form
 * @param {{field: string, label: string, value: string, options: [value: string, text: string, group?: string][], set: (value: any) => void, hint?: string}} options
 */
export function selectField(form, { field, label, value, options, set, hint }) {
  const groups = [...new Set(options.map(([, , group]) => group))];
  const choices = groups.flatMap((name) => {
    const inside = options.filter(([, , group]) => group === name);
    const shown = inside.map(([option, text]) => h("option", { value: option }, text));
    return name === undefined ? shown : [h("optgroup", { label: name, key: name }, shown)];
  });
  const onchange = (/** @type {any} */ event) => set(event.target.value);
  const select = h("select", { id: idOf(field), value, onchange, "aria-describedby": `${idOf(field)}-error` }, choices);
  return labelled(field, label, select, hint && h("p", { class: "hint" }, hint), errorsOf(form, field));
}

/** A button that opens the system's choice of a file. @param {{id: string, accept: string, label: string, choose: (file: File) => void}} options */
export function fileButton({ id, accept, label, choose }) {
  const onchange = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    event.target.value = ""; // so that choosing the same file again is a change
    if (file) choose(file);
  };
  return [
    h("input", { id, type: "file", accept, class: "visually-hidden", onchange }),
    h("label", { for: id, class: "button" }, label),
  ];
}

/** A choice of a few, all in sight. @param {{label: string, value: string, options: [string, string][], set: (value: any) => void}} options */
export function segmented({ label, value, options, set }) {
  const buttons = options.map(([name, text]) =>
    h(
      "button",
      { type: "button", "aria-pressed": String(name === value), onclick: () => set(name), "data-value": name },
      text,
    ),
  );
  return h("div", { class: "segmented", role: "group", "aria-label": label }, buttons);
}

/** Where a chart of a tab is drawn. @param {string} id @param {string} label  what it shows, for who cannot see it */
export const chartPlace = (id, label) =>
  h("div", { id, key: id, class: "chart", role: "img", "aria-label": label, foreign: true });

/**
 * What the server answered to a question, dimmed while it is asked anew, with its faults above.
 * @param {Form} form @param {string} name of the question @param {(answer: any) => Content} content
 * @param {(fault: Fault) => string} [say]  a fault in words
 */
export function answered(form, name, content, say = (fault) => faultText(form, fault)) {
  const { answer, faults, asking } = answerOf(form.state, name);
  const said = faults.map((fault) => h("p", { class: "error", role: "alert" }, say(fault)));
  return h(
    "div",
    { class: "answer", key: name, "aria-busy": String(asking) },
    h("div", null, said),
    h("p", { class: "asking", role: "status" }, asking && h("span", { class: "busy" }, form.t("answer.asking"))),
    h("div", { class: "answer-content" }, answer && content(answer)),
  );
}
