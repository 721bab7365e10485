/** The cell update as bars around zero: the previous cell state, what is left of it, what is written, the new one. */

import { h } from "../base/dom.js";
import { decimal } from "../base/i18n.js";
import { at } from "../base/tensor.js";
/** @import {Span} from "../controls/bars.js" */
/** @import {CellUpdate} from "./cell.js" */
/** @import {Layer} from "../state/answers.js" */
/** @import {Tensor} from "../base/tensor.js" */
/** @import {Translate} from "../base/i18n.js" */
import { barRows, placeIn, ROW } from "../controls/bars.js";

/** @typedef {readonly [low: number, high: number]} Range */

/** @type {WeakMap<Tensor, Map<number, Range>>} */
const ranges = new WeakMap();

/**
 * The smallest and the largest cell state of a unit over the run, zero included: one scale for all steps.
 * @param {Layer} layer @param {number} unit @returns {Range}
 */
export function rangeOf({ cell_state, initial_state }, unit) {
  const known = ranges.get(cell_state) ?? new Map();
  ranges.set(cell_state, known);
  if (!known.has(unit)) known.set(unit, widest(cell_state, unit, Number(initial_state.cell_state.data[unit])));
  return known.get(unit);
}

/** @param {Tensor} cells @param {number} unit @param {number} initial @returns {Range} */
function widest(cells, unit, initial) {
  let [low, high] = [Math.min(0, initial), Math.max(0, initial)];
  for (let time = 0; time < (cells.shape[0] ?? 0); time += 1) {
    const cell = at(cells, time, unit);
    if (cell < low) low = cell;
    if (cell > high) high = cell;
  }
  return [low, high];
}

/** @param {CellUpdate} update @param {Range} range @param {Translate} t */
export function picture({ previous_cell, kept, written, cell_state }, range, t) {
  const values = [previous_cell, kept, written, cell_state].map((value) => decimal(value));
  const [previous = "", left = "", added = "", cell = ""] = values;
  const names = [
    [t("step.update.previous"), "C"],
    [t("step.update.kept"), "f·C"],
    [t("step.update.written"), "i·C̃"],
    [t("step.update.new"), "C"],
  ];
  const [low, high] = range.map((value) => decimal(value));
  const described = t("step.update.described", { previous, kept: left, written: added, cell });
  return h(
    "div",
    { class: "update" },
    h(
      "div",
      { class: "update-picture", role: "img", "aria-label": described },
      h(
        "div",
        { class: "update-names" },
        names.map(([name, symbol]) => h("span", null, `${name} `, h("i", null, symbol))),
      ),
      drawing(kept, previous_cell, cell_state, range),
      h(
        "div",
        { class: "update-values" },
        values.map((value) => h("span", null, value)),
      ),
    ),
    h("p", { class: "hint" }, t("step.update.scale", { low: low ?? "", high: high ?? "" })),
  );
}

/** @param {number} kept @param {number} previous @param {number} cell @param {Range} range */
function drawing(kept, previous, cell, range) {
  /** @type {Span[]} */
  const spans = [
    { from: 0, to: previous, kind: "previous" },
    { from: 0, to: kept },
    { from: kept, to: cell },
    { from: 0, to: cell },
  ];
  // Lines that join the end of one bar to the beginning of the next.
  const joints = [kept, cell].map((value, index) => {
    const x = placeIn(value, range);
    return h("line", { class: "joint", x1: x, x2: x, y1: (index + 1.5) * ROW, y2: (index + 2.5) * ROW });
  });
  return barRows(spans, range, joints);
}
