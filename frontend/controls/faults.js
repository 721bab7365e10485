/** Faults in words, beside their fields. */

/** @import {Fault} from "../state/answers.js" */
/** @import {State} from "../state/state.js" */
/** @import {Form} from "./form.js" */
import { h } from "../base/dom.js";

/**
 * A fault in the reader's language, or in the server's words if there is no translation.
 * @param {Form} form @param {Fault} fault
 */
export function faultText({ t }, { code, context, message }) {
  return t.known(`error.${code}`, translated(context ?? {}, t)) ?? message;
}

/**
 * Names of fields and quantities inside an error in words of the page.
 * @param {Record<string, any>} context @param {Form["t"]} t
 */
function translated(context, t) {
  const translate = (/** @type {string | number} */ value) =>
    t.known(`error.value.${value}`) ?? t.known(`quantity.${value}`) ?? value;
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
