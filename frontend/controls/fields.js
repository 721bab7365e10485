/** Fields of a form with their labels, and with their errors beside them. */

/** @import {Content, Node} from "../base/dom.js" */
/** @import {Form} from "./form.js" */
import { h } from "../base/dom.js";
import { errorsOf, faultsOf, idOf } from "./faults.js";

/**
 * @typedef {object} Field  what all fields have
 * @property {string} field  its name in a request, by which a fault finds it
 * @property {string} label
 */
/**
 * @typedef {object} NumberOptions
 * @property {number} value
 * @property {number} minimum
 * @property {number} maximum
 * @property {boolean} [integer]
 * @property {(value: number) => void} set
 * @property {Content} [aside]
 */
/** @typedef {Field & NumberOptions} NumberField */
/**
 * @typedef {object} WrittenOptions
 * @property {string} text
 * @property {(text: string) => any} read  gives undefined for what it refuses
 * @property {string} rule  says what is allowed
 * @property {(value: any) => void} set
 * @property {string} [placeholder]
 */
/** @typedef {Field & WrittenOptions} WrittenField */
/**
 * @typedef {object} SelectOptions
 * @property {string} value
 * @property {[value: string, text: string, group?: string][]} options
 * @property {(value: any) => void} set
 * @property {string} [hint]
 */
/** @typedef {Field & SelectOptions} SelectField */

/** @param {string} field @param {string} label @param {Content[]} content @returns {Node} */
export function labelled(field, label, ...content) {
  return h("div", { class: "field", key: field }, h("label", { for: idOf(field) }, label), ...content);
}

/**
 * A number with bounds. A value outside them stays as typed, with the bounds beside it, and is not sent.
 * @param {Form} form @param {NumberField} options
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
 * A value written as text. What is no value yet stays as typed and is not sent; a value is written as usual when the
 * reader leaves the field.
 * @param {Form} form @param {WrittenField} options
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
 * A choice from a list. Options of the same group stand together under its name.
 * @param {Form} form @param {SelectField} options
 */
export function selectField(form, { field, label, value, options, set, hint }) {
  const groups = [...new Set(options.map(([, , group]) => group))];
  const choices = groups.flatMap((name) => {
    const inside = options.filter(([, , group]) => group === name);
    const items = inside.map(([option, text]) => h("option", { value: option }, text));
    return name === undefined ? items : [h("optgroup", { label: name, key: name }, items)];
  });
  const onchange = (/** @type {any} */ event) => set(event.target.value);
  const select = h("select", { id: idOf(field), value, onchange, "aria-describedby": `${idOf(field)}-error` }, choices);
  return labelled(field, label, select, hint && h("p", { class: "hint" }, hint), errorsOf(form, field));
}

/**
 * A button that opens the system's choice of a file.
 * @param {{id: string, accept: string, label: string, choose: (file: File) => void}} options
 */
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

/** A thing with a button that takes it away. @param {{text: string, label: string, remove: () => void}} options */
export const chip = ({ text, label, remove }) =>
  h(
    "div",
    { class: "chip" },
    h("span", null, text),
    h("button", { type: "button", class: "quiet", title: label, "aria-label": label, onclick: remove }, "✕"),
  );

/**
 * A choice of a few, all in sight.
 * @param {{label: string, value: string, options: [string, string][], set: (value: any) => void}} options
 */
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
