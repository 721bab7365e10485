/** The cell update as a picture: what was kept, what was written after it, and where that leads; bars around zero. */

/** @import {CellUpdate} from "../cell.js" */
/** @import {Layer} from "../state.js" */
/** @import {Tensor} from "../tensor.js" */
/** @import {Translate} from "../i18n.js" */
import { h } from "../dom.js";
import { decimal } from "../i18n.js";
import { at } from "../tensor.js";

const ROW = 18; // units of the picture, as high as a line of the text beside it
const THICK = 8;

/** @typedef {[low: number, high: number]} Range */

/** @type {WeakMap<Tensor, Map<number, Range>>} */
const ranges = new WeakMap();

/** Where the cell state of a unit lies over the run, zero included: one scale for all steps. @param {Layer} layer @param {number} unit @returns {Range} */
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
  const [low, high] = range;
  const values = { previous: previous_cell, kept, written, cell: cell_state };
  const rows = [
    {
      name: t("step.update.previous"),
      symbol: "C",
      value: previous_cell,
      from: 0,
      to: previous_cell,
      kind: "previous",
    },
    { name: t("step.update.kept"), symbol: "f·C", value: kept, from: 0, to: kept },
    { name: t("step.update.written"), symbol: "i·C̃", value: written, from: kept, to: cell_state },
    { name: t("step.update.new"), symbol: "C", value: cell_state, from: 0, to: cell_state },
  ];
  const described = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, decimal(value)]));
  return h(
    "div",
    { class: "update" },
    h(
      "div",
      { class: "update-picture", role: "img", "aria-label": t("step.update.described", described) },
      h(
        "div",
        { class: "update-names" },
        rows.map(({ name, symbol }) => h("span", null, `${name} `, h("i", null, symbol))),
      ),
      drawing(rows, range),
      h(
        "div",
        { class: "update-values" },
        rows.map(({ value }) => h("span", null, decimal(value))),
      ),
    ),
    h("p", { class: "hint" }, t("step.update.scale", { low: decimal(low), high: decimal(high) })),
  );
}

/** @param {{from: number, to: number, kind?: string}[]} rows @param {Range} range */
function drawing(rows, [low, high]) {
  const width = high - low || 1;
  const x = (/** @type {number} */ value) => (100 * (value - low)) / width;
  const height = ROW * rows.length;
  const bars = rows.map(({ from, to, kind = to < from ? "negative" : "positive" }, index) =>
    h("rect", {
      class: kind,
      x: x(Math.min(from, to)),
      y: index * ROW + (ROW - THICK) / 2,
      width: Math.abs(x(to) - x(from)),
      height: THICK,
    }),
  );
  // From where a bar ends down to where the next one begins or ends too.
  const joints = rows
    .slice(1, -1)
    .map(({ to }, index) =>
      h("line", { class: "joint", x1: x(to), x2: x(to), y1: (index + 1.5) * ROW, y2: (index + 2.5) * ROW }),
    );
  return h(
    "svg",
    { viewBox: `0 0 100 ${height}`, height, preserveAspectRatio: "none" },
    h("line", { class: "axis", x1: x(0), x2: x(0), y1: 0, y2: height }),
    joints,
    bars,
  );
}
