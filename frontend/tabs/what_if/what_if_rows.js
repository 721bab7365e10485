/** What is held, changed and started from: a row each, to be edited, switched off and removed. */

/** @import {Quantity} from "../../state/choices.js" */
/** @import {Key} from "../../base/i18n.js" */
import { h } from "../../base/dom.js";
import { decimal } from "../../base/i18n.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content, Node} from "../../base/dom.js" */
/** @import {List} from "./interventions.js" */
/** @import {Change, ForgetBias, Intervention, Place, Start, WeightEdit} from "../../state/state.js" */
import { errorsOf, idOf } from "../../controls/faults.js";
import { labelled, writtenField } from "../../controls/fields.js";
import { QUANTITIES } from "../../state/choices.js";
import { edited, readInteger, readLast, readNumber, readUnits, removed, writeUnits } from "./interventions.js";

/** @typedef {{control: Node, errors: Node}} Field */
/** PyTorch packs the rows of its four gates in this order. */
const PACKED = /** @type {const} */ (["input_gate", "forget_gate", "candidate", "output_gate"]);

/** @param {Form} form  with the faults of what was asked in place of those of the run @returns {Content[]} */
export function rows(form) {
  const { interventions, changes, initial } = form.state;
  return [
    h(
      "div",
      { key: "interventions" },
      interventions.map((held, index) => heldRow(form, held, index)),
    ),
    h(
      "div",
      { key: "changes" },
      changes.map((change, index) => changeRow(form, change, index)),
    ),
    h(
      "div",
      { key: "initial" },
      initial.map((start, index) => startRow(form, start, index)),
    ),
  ];
}

/** @param {Form} form @param {Intervention} held @param {number} index */
function heldRow(form, held, index) {
  const { t } = form;
  const of = at(form, "interventions", index, held);
  const isOn = !held.off;
  const fields = [
    of.choice("quantity", t("whatif.hold"), quantities(form, QUANTITIES)),
    of.units(),
    ...places(form, of),
    of.number("value", t("whatif.at")),
    of.written("first", t("whatif.first"), String(held.first), readInteger, t("error.step")),
    of.written("last", t("whatif.last"), String(held.last ?? ""), readLast, t("error.step"), t("whatif.end")),
  ];
  const box = h(
    "label",
    { class: "box", key: "on" },
    h("input", { type: "checkbox", checked: isOn, onchange: () => of.patch({ off: isOn }) }),
    h("span", null, t("whatif.on")),
  );
  return row(form, "interventions", index, "whatif.hold", fields, { aside: box, isOn });
}

/** @param {Form} form @param {Change} change @param {number} index */
function changeRow(form, change, index) {
  return change.type === "weight" ? weightRow(form, change, index) : biasRow(form, change, index);
}

/** @param {Form} form @param {ForgetBias} change @param {number} index */
function biasRow(form, change, index) {
  const { t } = form;
  const of = at(form, "changes", index, change);
  const fields = [of.units(t("whatif.forget_bias_of")), ...places(form, of), of.number("value", t("whatif.to"))];
  return row(form, "changes", index, "whatif.forget_bias", fields);
}

/** @param {Form} form @param {WeightEdit} change @param {number} index */
function weightRow(form, change, index) {
  const { t, state } = form;
  const of = at(form, "changes", index, change);
  const tensors = state.run?.model.state_dict ?? {};
  const isMatrix = change.name.startsWith("weight");
  const names = Object.keys(tensors).map((name) => /** @type {[string, string]} */ ([name, name]));
  const rename = (/** @type {string} */ name) =>
    of.patch({ name, column: name.startsWith("weight") ? (change.column ?? 0) : null });
  const fields = [
    choice(form, "changes", index, "name", t("whatif.tensor"), change.name, names, rename),
    of.written("row", t("whatif.row"), String(change.row), readInteger, t("error.place")),
    ...(isMatrix
      ? [of.written("column", t("whatif.column"), String(change.column ?? 0), readInteger, t("error.place"))]
      : []),
    of.number("value", t("whatif.to")),
  ];
  const aside = h("p", { class: "hint", key: "place" }, told(form, change));
  return row(form, "changes", index, "whatif.weight", fields, { aside });
}

/** What a weight is now, and what it stands between. @param {Form} form @param {WeightEdit} change */
function told({ t, state }, { name, row: place, column }) {
  const { state_dict, hidden_size = 1 } = state.run?.model ?? {};
  const tensor = state_dict?.[name];
  const [length = 0, width = 1] = tensor?.shape ?? [];
  if (!tensor || place >= length || (column ?? 0) >= width) return "";
  const now = decimal(Number(tensor.data[place * width + (column ?? 0)]));
  const gate = PACKED[Math.floor(place / hidden_size)];
  const of =
    name.startsWith("weight_hr") || !gate
      ? ""
      : t("whatif.weight_of", { gate: t(`quantity.${gate}`), unit: place % hidden_size });
  return [t("whatif.weight_now", { now }), of].filter(Boolean).join(" · ");
}

/** @param {Form} form @param {Start} start @param {number} index */
function startRow(form, start, index) {
  const { t } = form;
  const of = at(form, "initial", index, start);
  const fields = [
    of.choice("quantity", t("whatif.start"), quantities(form, ["cell_state", "hidden_state"])),
    of.units(),
    ...places(form, of),
    of.number("value", t("whatif.at")),
  ];
  return row(form, "initial", index, "whatif.start", fields, { error: tooFar(form, start) });
}

/** The server is sent all units of a starting state, so it cannot say which of them is not there. @param {Form} form @param {Start} start */
function tooFar({ t, state }, { units, quantity, layer, direction }) {
  const found = state.run?.layers.find((each) => each.layer === layer && each.direction === direction);
  const last = (found?.[quantity].shape[1] ?? 1) - 1;
  const actual = units?.find((unit) => unit > last);
  const said = actual !== undefined && t("error.no_such_unit", { actual, last });
  const lastLayer = (state.run?.model.num_layers ?? 1) - 1;
  const isDeeper = layer > lastLayer;
  const place = isDeeper ? t("error.no_such_layer", { actual: layer, last: lastLayer }) : t("error.no_such_direction");
  return h("div", { class: "error", role: "alert", key: "units" }, state.run && !found ? place : said);
}

/** @param {Form} form @param {readonly Quantity[]} names @returns {[string, string][]} */
const quantities = ({ t }, names) => names.map((name) => [name, t(`quantity.${name}`)]);

/** The fields of one entry of a list. @param {Form} form @param {List} list @param {number} index @param {any} entry */
function at(form, list, index, entry) {
  const { t } = form;
  const patch = (/** @type {object} */ change) => form.set(edited(form.state, list, index, change));
  /** @param {string} name @param {string} label @param {string} text @param {(text: string) => any} read @param {string} rule @param {string} [placeholder] @returns {Field} */
  const written = (name, label, text, read, rule, placeholder) => {
    const set = (/** @type {any} */ value) => patch({ [name]: value });
    return writtenField(form, { field: `${list}.${index}.${name}`, label, text, read, rule, set, placeholder });
  };
  return {
    entry,
    patch,
    written,
    number: (/** @type {string} */ name, /** @type {string} */ label) =>
      written(name, label, String(entry[name]).replace("-", "−"), readNumber, t("error.number")),
    units: (label = t("whatif.units")) =>
      written("units", label, writeUnits(entry.units), readUnits, t("error.unit_list"), t("whatif.all")),
    choice: (/** @type {string} */ name, /** @type {string} */ label, /** @type {[string, string][]} */ options) =>
      choice(form, list, index, name, label, String(entry[name]), options, (value) =>
        patch({ [name]: typeof entry[name] === "number" ? Number(value) : value }),
      ),
  };
}

/** Layer and direction, where there are several. @param {Form} form @param {ReturnType<typeof at>} of @returns {Field[]} */
function places({ t, state }, { entry, choice: choose }) {
  const layers = state.run?.layers ?? [];
  const known = (/** @type {keyof Place} */ name) => [
    ...new Set([...layers.map((layer) => String(layer[name])), String(entry[name])]),
  ];
  const numbers = known("layer");
  const directions = known("direction");
  return [
    ...(numbers.length > 1
      ? [
          choose(
            "layer",
            t("layers.title"),
            numbers.map((name) => [name, name]),
          ),
        ]
      : []),
    ...(directions.length > 1
      ? [
          choose(
            "direction",
            t("layers.direction"),
            directions.map((name) => [name, t.known(`layers.${name}`) ?? name]),
          ),
        ]
      : []),
  ];
}

/** @param {Form} form @param {List} list @param {number} index @param {string} name @param {string} label @param {string} value @param {[string, string][]} options @param {(value: string) => void} set @returns {Field} */
function choice(form, list, index, name, label, value, options, set) {
  const field = `${list}.${index}.${name}`;
  const onchange = (/** @type {any} */ event) => set(event.target.value);
  const shown = options.map(([option, text]) => h("option", { value: option }, text));
  const select = h("select", { id: idOf(field), value, onchange, "aria-describedby": `${idOf(field)}-error` }, shown);
  return { control: labelled(field, label, select), errors: errorsOf(form, field) };
}

/** @param {Form} form @param {List} list @param {number} index @param {Key} title @param {Field[]} fields @param {{aside?: Content, error?: Content, isOn?: boolean}} [more] */
function row(form, list, index, title, fields, { aside, error, isOn = true } = {}) {
  const { t, state, set } = form;
  const remove = () => set(removed(state, list, index));
  const name = t("whatif.remove", { title: t(title), number: index + 1 });
  const own = {
    type: "button",
    class: "quiet remove",
    title: name,
    "aria-label": name,
    onclick: remove,
    key: "remove",
  };
  return h(
    "fieldset",
    { class: isOn ? "what-if-row" : "what-if-row off", key: `${list}-${index}-${fields.length}` },
    h("legend", { class: "visually-hidden" }, `${t(title)} ${index + 1}`),
    fields.map(({ control }) => control),
    aside,
    h("button", own, "✕"),
    h(
      "div",
      { class: "errors" },
      fields.map(({ errors }) => errors),
      error,
    ),
  );
}
