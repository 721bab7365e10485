/** The interventions, changes and starting states: a row each, to be edited, switched off and removed. */

/** @import {Quantity} from "../../state/choices.js" */
import { h } from "../../base/dom.js";
import { decimal } from "../../base/i18n.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Options} from "./entry.js" */
/** @import {Change, ForgetBias, Intervention, Start, WeightEdit} from "../../state/state.js" */
import { QUANTITIES } from "../../state/choices.js";
import { fieldsOf, row } from "./entry.js";
import { readInteger, readLast } from "./interventions.js";

/** PyTorch packs the rows of its four gates in this order. */
const PACKED = /** @type {const} */ (["input_gate", "forget_gate", "candidate", "output_gate"]);

/** @param {Form} form  with the faults of the question in place of those of the run @returns {Content[]} */
export function panel(form) {
  const { interventions, changes, initial } = form.state;
  const rows = {
    interventions: interventions.map((intervention, index) => interventionRow(form, intervention, index)),
    changes: changes.map((change, index) => changeRow(form, change, index)),
    initial: initial.map((start, index) => startRow(form, start, index)),
  };
  return Object.entries(rows).map(([key, content]) => h("div", { key }, content));
}

/** @param {Form} form @param {Intervention} intervention @param {number} index */
function interventionRow(form, intervention, index) {
  const { t } = form;
  const { choice, units, places, number, written, patch } = fieldsOf(form, "interventions", index, intervention);
  const { first, last, off = false } = intervention;
  const rule = t("error.step");
  const fields = [
    choice("quantity", t("whatif.hold"), quantities(form, QUANTITIES)),
    units(),
    ...places(),
    number("value", t("whatif.at")),
    written("first", t("whatif.first"), { text: String(first), read: readInteger, rule }),
    written("last", t("whatif.last"), { text: String(last ?? ""), read: readLast, rule, placeholder: t("whatif.end") }),
  ];
  const aside = h(
    "label",
    { class: "box", key: "on" },
    h("input", { type: "checkbox", checked: !off, onchange: () => patch({ off: !off }) }),
    h("span", null, t("whatif.on")),
  );
  return row(form, "interventions", index, { title: "whatif.hold", fields, aside, isOn: !off });
}

/** @param {Form} form @param {Change} change @param {number} index */
function changeRow(form, change, index) {
  return change.type === "weight" ? weightRow(form, change, index) : biasRow(form, change, index);
}

/** @param {Form} form @param {ForgetBias} change @param {number} index */
function biasRow(form, change, index) {
  const { t } = form;
  const { units, places, number } = fieldsOf(form, "changes", index, change);
  const fields = [units(t("whatif.forget_bias_of")), ...places(), number("value", t("whatif.to"))];
  return row(form, "changes", index, { title: "whatif.forget_bias", fields });
}

/** @param {Form} form @param {WeightEdit} change @param {number} index */
function weightRow(form, change, index) {
  const { t, state } = form;
  const { choice, written, number, patch } = fieldsOf(form, "changes", index, change);
  const names = Object.keys(state.run?.model.state_dict ?? {});
  const options = /** @type {Options} */ (names.map((name) => [name, name]));
  const isMatrix = (/** @type {string} */ name) => name.startsWith("weight");
  const rename = (/** @type {string} */ name) => patch({ name, column: isMatrix(name) ? (change.column ?? 0) : null });
  const place = { read: readInteger, rule: t("error.place") };
  const column = () => written("column", t("whatif.column"), { text: String(change.column ?? 0), ...place });
  const fields = [
    choice("name", t("whatif.tensor"), options, rename),
    written("row", t("whatif.row"), { text: String(change.row), ...place }),
    ...(isMatrix(change.name) ? [column()] : []),
    number("value", t("whatif.to")),
  ];
  const aside = h("p", { class: "hint", key: "place" }, told(form, change));
  return row(form, "changes", index, { title: "whatif.weight", fields, aside });
}

/** The present value of a weight, with its gate and unit. @param {Form} form @param {WeightEdit} change */
function told({ t, state }, { name, row: place, column }) {
  const { state_dict, hidden_size = 1 } = state.run?.model ?? {};
  const tensor = state_dict?.[name];
  const [length = 0, width = 1] = tensor?.shape ?? [];
  if (!tensor || place >= length || (column ?? 0) >= width) return "";
  const now = t("whatif.weight_now", { now: decimal(Number(tensor.data[place * width + (column ?? 0)])) });
  const gate = PACKED[Math.floor(place / hidden_size)];
  if (name.startsWith("weight_hr") || !gate) return now;
  return `${now} · ${t("whatif.weight_of", { gate: t(`quantity.${gate}`), unit: place % hidden_size })}`;
}

/** @param {Form} form @param {Start} start @param {number} index */
function startRow(form, start, index) {
  const { t } = form;
  const { choice, units, places, number } = fieldsOf(form, "initial", index, start);
  const fields = [
    choice("quantity", t("whatif.start"), quantities(form, ["cell_state", "hidden_state"])),
    units(),
    ...places(),
    number("value", t("whatif.at")),
  ];
  return row(form, "initial", index, { title: "whatif.start", fields, error: tooFar(form, start) });
}

/**
 * A unit, layer or direction that is not there. The server gets whole states and cannot see that.
 * @param {Form} form @param {Start} start
 */
function tooFar({ t, state }, { units, quantity, layer, direction }) {
  const present = state.run?.layers.find((each) => each.layer === layer && each.direction === direction);
  const last = (present?.[quantity].shape[1] ?? 1) - 1;
  const actual = units?.find((unit) => unit > last);
  const said = actual !== undefined && t("error.no_such_unit", { actual, last });
  const lastLayer = (state.run?.model.num_layers ?? 1) - 1;
  const isDeeper = layer > lastLayer;
  const place = isDeeper ? t("error.no_such_layer", { actual: layer, last: lastLayer }) : t("error.no_such_direction");
  return h("div", { class: "error", role: "alert", key: "units" }, state.run && !present ? place : said);
}

/** @param {Form} form @param {readonly Quantity[]} names @returns {Options} */
const quantities = ({ t }, names) => names.map((name) => [name, t(`quantity.${name}`)]);
