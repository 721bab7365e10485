/** One intervention, change or starting state as a row: its fields, their errors, and the way to remove it. */

/** @import {Key} from "../../base/i18n.js" */
import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content, Node} from "../../base/dom.js" */
/** @import {List} from "./interventions.js" */
import { errorsOf, idOf } from "../../controls/faults.js";
import { labelled, writtenField } from "../../controls/fields.js";
import { edited, readNumber, readUnits, removed, writeUnits } from "./interventions.js";

/** @typedef {{control: Node, errors: Node}} Field */
/** @typedef {[value: string, text: string][]} Options */
/**
 * @typedef {object} Text  how a property is written
 * @property {string} text
 * @property {(text: string) => any} read
 * @property {string} rule  what is allowed
 * @property {string} [placeholder]
 */

/**
 * The makers of the fields of one entry of a list, each for one of its properties.
 * @param {Form} form @param {List} list @param {number} index @param {any} entry
 */
export function fieldsOf(form, list, index, entry) {
  const { t, state } = form;
  const fieldOf = (/** @type {string} */ name) => `${list}.${index}.${name}`;
  const patch = (/** @type {object} */ change) => form.set(edited(form.state, list, index, change));

  /** @param {string} name @param {string} label @param {Text} text @returns {Field} */
  const written = (name, label, text) =>
    writtenField(form, { field: fieldOf(name), label, ...text, set: (value) => patch({ [name]: value }) });

  /** @param {string} name @param {string} label */
  const number = (name, label) => {
    const text = String(entry[name]).replace("-", "−");
    return written(name, label, { text, read: readNumber, rule: t("error.number") });
  };

  const units = (label = t("whatif.units")) => {
    const text = writeUnits(entry.units);
    return written("units", label, { text, read: readUnits, rule: t("error.unit_list"), placeholder: t("whatif.all") });
  };

  const setTo = (/** @type {string} */ name) => (/** @type {string} */ value) =>
    patch({ [name]: typeof entry[name] === "number" ? Number(value) : value });

  /** @param {string} name @param {string} label @param {Options} options @returns {Field} */
  const choice = (name, label, options, set = setTo(name)) => {
    const id = idOf(fieldOf(name));
    const onchange = (/** @type {any} */ event) => set(event.target.value);
    const own = { id, value: String(entry[name]), onchange, "aria-describedby": `${id}-error` };
    const shown = options.map(([value, text]) => h("option", { value }, text));
    return {
      control: labelled(fieldOf(name), label, h("select", own, shown)),
      errors: errorsOf(form, fieldOf(name)),
    };
  };

  /** @param {"layer" | "direction"} name @param {string} label @param {(value: string) => string} textOf */
  const place = (name, label, textOf) => {
    const values = new Set([...(state.run?.layers ?? []), entry].map((each) => String(each[name])));
    return values.size > 1
      ? [
          choice(
            name,
            label,
            Array.from(values, (value) => [value, textOf(value)]),
          ),
        ]
      : [];
  };

  /** Layer and direction, where there are several. */
  const places = () => [
    ...place("layer", t("layers.title"), (layer) => layer),
    ...place("direction", t("layers.direction"), (direction) => t.known(`layers.${direction}`) ?? direction),
  ];

  return { patch, written, number, units, choice, places };
}

/**
 * @param {Form} form
 * @param {List} list
 * @param {number} index
 * @param {{title: Key, fields: Field[], aside?: Content, error?: Content, isOn?: boolean}} content
 */
export function row({ t, state, set }, list, index, { title, fields, aside, error, isOn = true }) {
  const name = t("whatif.remove", { title: t(title), number: index + 1 });
  const look = { type: "button", class: "quiet remove", title: name, "aria-label": name, key: "remove" };
  return h(
    "fieldset",
    { class: isOn ? "what-if-row" : "what-if-row off", key: `${list}-${index}-${fields.length}` },
    h("legend", { class: "visually-hidden" }, `${t(title)} ${index + 1}`),
    fields.map(({ control }) => control),
    aside,
    h("button", { ...look, onclick: () => set(removed(state, list, index)) }, "✕"),
    h(
      "div",
      { class: "errors" },
      fields.map(({ errors }) => errors),
      error,
    ),
  );
}
