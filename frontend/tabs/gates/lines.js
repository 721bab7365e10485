/** Line plots: one unit's six quantities over time, or one quantity of several units. */

import { h } from "../../base/dom.js";
import { series } from "../../base/tensor.js";
/** @import {Palette, Row} from "../../charts/figure.js" */
/** @import {Layer, Quantity, State} from "../../state/state.js" */
/** @import {Form} from "../../controls/controls.js" */
/** @import {Node} from "../../base/dom.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { errorsOf, idOf, segmented } from "../../controls/controls.js";
import { QUANTITIES } from "../../state/state.js";

const MOST_UNITS = 24;
const DASHES = ["solid", "dash", "dot"];
const GATES = /** @type {const} */ (["forget_gate", "input_gate", "output_gate"]);
const STATES = /** @type {const} */ (["candidate", "cell_state", "hidden_state"]);

/** @typedef {{layer: Layer, palette: Palette, t: Translate}} Scene */
/** @typedef {Pick<State, "lines" | "quantity" | "unit" | "units">} Chosen */

/** @param {Scene} scene @param {Chosen} chosen @returns {Row[]} */
export function rows(scene, { lines, quantity, unit, units }) {
  const { layer, palette, t } = scene;
  const ofUnit = (/** @type {readonly Quantity[]} */ quantities, /** @type {number} */ first) =>
    quantities.map((name, index) => line(layer, name, unit, t(`quantity.${name}`), palette.series[first + index]));
  if (lines === "unit") {
    return [row("gates", ofUnit(GATES, 0), [-0.03, 1.03]), row("states", ofUnit(STATES, GATES.length))];
  }
  const known = units.filter((candidate) => candidate < (layer[quantity].shape[1] ?? 0));
  const { length } = palette.series;
  const ofQuantity = known.map((each, index) =>
    line(
      layer,
      quantity,
      each,
      t("lines.unit", { unit: each }),
      palette.series[index % length],
      Math.floor(index / length),
    ),
  );
  return [row(quantity, ofQuantity)];
}

/** @param {string} id @param {Record<string, any>[]} traces @param {[number, number]} [range] @returns {Row} */
function row(id, traces, range) {
  const yaxis = { zeroline: true, zerolinewidth: 1, showgrid: true, ...(range && { range }) };
  return { id, symbol: "", title: "", legend: true, height: 110, traces, yaxis };
}

/** With a projection there are fewer hidden states than units. @param {Layer} layer @param {Quantity} quantity @param {number} unit @param {string} name @param {string | undefined} color @param {number} [dash] */
function line(layer, quantity, unit, name, color, dash = 0) {
  const { shape } = layer[quantity];
  return {
    type: "scatter",
    name,
    mode: shape[0] === 1 ? "markers" : "lines",
    y: unit < (shape[1] ?? 0) ? series(layer[quantity], unit) : [],
    line: { color, width: 1.7, dash: DASHES[dash % DASHES.length] },
    hovertemplate: `t %{x}<br>${name} %{y:.3f}<extra></extra>`,
  };
}

/** What is drawn, as a choice. @param {Form} form @returns {Node[]} */
export function controls(form) {
  const { t, state, set } = form;
  const modes = /** @type {const} */ (["unit", "quantity"]);
  const options = modes.map((mode) => /** @type {[string, string]} */ ([mode, t(`lines.by_${mode}`)]));
  return [
    h("h2", null, t("lines.title")),
    segmented({ label: t("lines.title"), value: state.lines, options, set: (lines) => set({ lines }) }),
    ...(state.lines === "quantity"
      ? [quantityChoice(form), unitsChoice(form)]
      : [h("p", { class: "hint" }, t("lines.of_unit", { unit: state.unit }))]),
  ];
}

/** @param {Form} form */
function quantityChoice({ t, state, set }) {
  const options = QUANTITIES.map((name) => h("option", { value: name }, t(`quantity.${name}`)));
  const onchange = (/** @type {any} */ event) => set({ quantity: event.target.value });
  return h(
    "select",
    { id: "lines-quantity", "aria-label": t("lines.quantity"), value: state.quantity, onchange },
    options,
  );
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
 * "0, 3, 7-9" as [0, 3, 7, 8, 9]; null where it is anything else, names a unit that is not there, or too many.
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
