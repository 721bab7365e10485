/** Line plots: one unit's six quantities over time, or one quantity of several units. */

import { h } from "../../base/dom.js";
import { series } from "../../base/tensor.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {Trace} from "../../charts/traces.js" */
/** @import {Layer} from "../../state/answers.js" */
/** @import {Quantity} from "../../state/choices.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Node} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
import * as traces from "../../charts/traces.js";
import { errorsOf, idOf } from "../../controls/faults.js";
import { segmented } from "../../controls/fields.js";
import { quantitySelect } from "../../controls/quantity_select.js";
import { layerOf } from "../../state/selectors.js";

const MOST_UNITS = 24;
const DASHES = ["solid", "dash", "dot"];
const GATES = /** @type {const} */ (["forget_gate", "input_gate", "output_gate"]);
const STATES = /** @type {const} */ (["candidate", "cell_state", "hidden_state"]);

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, scene) {
  const layer = layerOf(state);
  if (!layer) return [];
  return state.lines === "unit" ? ofUnit(layer, state.unit, scene) : [ofQuantity(layer, state, scene)];
}

/** @param {Layer} layer @param {number} unit @param {Scene} scene @returns {Row[]} */
function ofUnit(layer, unit, { palette, t }) {
  const line = (/** @type {Quantity} */ quantity) =>
    lineOf(layer[quantity], unit, { name: t(`quantity.${quantity}`), color: palette.quantities[quantity] });
  return [row("gates", GATES.map(line), [-0.03, 1.03]), row("states", STATES.map(line))];
}

/** @param {Layer} layer @param {State} state @param {Scene} scene @returns {Row} */
function ofQuantity(layer, { quantity, units }, { palette, t }) {
  const tensor = layer[quantity];
  const present = units.filter((unit) => unit < (tensor.shape[1] ?? 0));
  const { length } = palette.series;
  const lines = present.map((unit, index) => {
    const dash = DASHES[Math.floor(index / length) % DASHES.length];
    return lineOf(tensor, unit, { name: t("lines.unit", { unit }), color: palette.series[index % length], dash });
  });
  return row(quantity, lines);
}

/** @param {string} id @param {Trace[]} drawn @param {[number, number]} [range] @returns {Row} */
function row(id, drawn, range) {
  const yaxis = { zeroline: true, showgrid: true, ...(range && { range }) };
  return { id, symbol: "", title: "", legend: true, height: 110, traces: drawn, yaxis };
}

/**
 * With a projection there are fewer hidden states than units.
 * @param {Tensor} tensor @param {number} unit @param {{name: string, color: string | undefined, dash?: string}} look
 */
function lineOf(tensor, unit, look) {
  const values = unit < (tensor.shape[1] ?? 0) ? series(tensor, unit) : [];
  return traces.line(values, { ...look, hover: "t %{x}\n%{fullData.name} %{y:.3f}" });
}

/** The lines in words, for a screen reader. @param {Form} form */
export function description({ t, state: { lines, unit, quantity, units } }) {
  return t(`lines.described_${lines}`, { unit, quantity: t(`quantity.${quantity}`), units: units.join(", ") });
}

/** The choice of what is drawn. @param {Form} form @returns {Node[]} */
export function controls(form) {
  const { t, state, set } = form;
  const modes = /** @type {const} */ (["unit", "quantity"]);
  const options = modes.map((mode) => /** @type {[string, string]} */ ([mode, t(`lines.by_${mode}`)]));
  return [
    h("h2", null, t("lines.title")),
    segmented({ label: t("lines.title"), value: state.lines, options, set: (lines) => set({ lines }) }),
    ...(state.lines === "quantity"
      ? [quantitySelect(form, "lines-quantity", t("lines.quantity")), unitsChoice(form)]
      : [h("p", { class: "hint" }, t("lines.of_unit", { unit: state.unit }))]),
  ];
}

/** @param {Form} form */
function unitsChoice(form) {
  const { t, state, set } = form;
  const field = "lines.units";
  const draft = state.drafts[field];
  const largest = (state.run?.model.hidden_size ?? 1) - 1;
  const oninput = (/** @type {any} */ event) => {
    const units = parseUnits(event.target.value, largest);
    form.draft(field, units ? null : event.target.value);
    if (units) set({ units });
  };
  const own = draft === undefined ? [] : [t("error.units", { largest, most: MOST_UNITS })];
  const value = draft ?? state.units.filter((unit) => unit <= largest).join(", ");
  const input = h("input", {
    id: idOf(field),
    value,
    oninput,
    autocomplete: "off",
    "aria-invalid": String(own.length > 0),
    "aria-describedby": `${idOf(field)}-error`,
  });
  return h(
    "div",
    { class: "field inline" },
    h("label", { for: idOf(field) }, t("lines.units")),
    input,
    errorsOf(form, field, own),
  );
}

/**
 * Reads "0, 3, 7-9" as [0, 3, 7, 8, 9]; null where that fails, a unit is not there, or there are too many.
 * @param {string} text @param {number} largest
 */
export function parseUnits(text, largest) {
  /** @type {Set<number>} */
  const units = new Set();
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [, first, last = first] = /^(\d+)(?:[-–](\d+))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) > largest) return null;
    for (let unit = Number(first); unit <= Number(last); unit += 1) units.add(unit);
  }
  return units.size > 0 && units.size <= MOST_UNITS ? [...units] : null;
}
