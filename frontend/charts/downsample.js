/** Fewer points for long or wide heatmaps and lines: no more than pixels, all real values, the extremes among them. */

/** @import {Row} from "./figure.js" */
/** @import {Trace} from "./traces.js" */
import { isHeatmap } from "./traces.js";

/** @typedef {ArrayLike<number>} Values */
/** @typedef {{steps: number, units: number}} Block  how much one cell of a heatmap stands for */
/**
 * @typedef {object} Cells  of a heatmap
 * @property {number[][]} z  (columns, rows)
 * @property {number[][]} times  where each value stands, (rows, columns)
 * @property {number[][]} units
 * @property {number} x0
 * @property {number} y0
 * @property {Block} block
 */

const MOST_POINTS = 2; // of a line in a pixel: the smallest and the largest

/** How many steps or units one pixel has to show. @param {number} count @param {number} pixels */
const share = (count, pixels) => Math.max(1, Math.ceil(count / Math.max(1, Math.floor(pixels))));

/** @type {WeakMap<Values[], Float64Array>} */
const meansOf = new WeakMap();

/** The mean of each unit over all steps. @param {Values[]} z */
function means(z) {
  const known = meansOf.get(z);
  if (known) return known;
  const mean = (/** @type {number} */ unit) => z.reduce((sum, row) => sum + Number(row[unit]), 0) / z.length;
  const all = Float64Array.from(z[0] ?? [], (_, unit) => mean(unit));
  meansOf.set(z, all);
  return all;
}

/**
 * The value of each block that is farthest from its unit's mean, so that a short event stays visible.
 * @param {Values[]} z (T, H) @param {[number, number]} shown first and last step @param {Block} block @returns {Cells}
 */
export function blocks(z, [first, last], block) {
  const width = z[0]?.length ?? 0;
  const start = first - (first % block.steps); // a zoom that moves keeps its columns
  const columns = Math.ceil((last + 1 - start) / block.steps);
  const rows = Math.ceil(width / block.units);
  const matrix = (/** @type {number} */ length, /** @type {number} */ size) =>
    Array.from({ length }, () => Array(size).fill(0));
  const cells = { z: matrix(columns, rows), times: matrix(rows, columns), units: matrix(rows, columns) };
  const mean = means(z);
  for (let column = 0; column < columns; column += 1) {
    const from = start + column * block.steps;
    const to = Math.min(from + block.steps, z.length);
    for (let row = 0; row < rows; row += 1) {
      const top = row * block.units;
      const [time, unit] = farthest(z, mean, from, to, top, Math.min(top + block.units, width));
      /** @type {any} */ (cells.z[column])[row] = z[time]?.[unit];
      /** @type {any} */ (cells.times[row])[column] = time;
      /** @type {any} */ (cells.units[row])[column] = unit;
    }
  }
  return { ...cells, x0: start + (block.steps - 1) / 2, y0: (block.units - 1) / 2, block };
}

/**
 * The place of that value. `to` and `bottom` lie outside the block.
 * @param {Values[]} z
 * @param {Float64Array} mean
 * @param {number} from
 * @param {number} to
 * @param {number} top
 * @param {number} bottom
 * @returns {[number, number]} step and unit
 */
function farthest(z, mean, from, to, top, bottom) {
  let [time, unit, largest] = [from, top, -1];
  for (let step = from; step < to; step += 1) {
    const row = /** @type {Values} */ (z[step]);
    for (let index = top; index < bottom; index += 1) {
      const distance = Math.abs(Number(row[index]) - Number(mean[index]));
      if (distance > largest) [time, unit, largest] = [step, index, distance];
    }
  }
  return [time, unit];
}

/**
 * The first smallest and largest of each stretch of `length` steps, in their order.
 * @param {Values} y @param {[number, number]} shown @param {number} length @returns {number[]} their places
 */
export function extremes(y, [first, last], length) {
  const places = [];
  for (let from = first - (first % length); from <= last; from += length) {
    let [least, most] = [from, from];
    for (let place = from; place < Math.min(from + length, y.length); place += 1) {
      if (Number(y[place]) < Number(y[least])) least = place;
      if (Number(y[place]) > Number(y[most])) most = place;
    }
    places.push(Math.min(least, most));
    if (least !== most) places.push(Math.max(least, most));
  }
  return places;
}

/**
 * Rows whose heatmaps have no more cells than pixels and whose lines no more than two points in each.
 * @param {Row[]} rows
 * @param {[number, number]} shown first and last step
 * @param {number} width of the plot in CSS pixels
 * @returns {{rows: Row[], block: Block}} with the most that a cell stands for
 */
export function fit(rows, shown, width) {
  const most = { steps: 1, units: 1 };
  const fitted = rows.map((row) => {
    const traces = row.traces.map((trace) => {
      if (trace.dx || trace.x) return trace; // it is reduced already
      if (isHeatmap(trace)) return heatmap(trace, shown, width, row.height, most);
      return trace.mode === "lines" ? line(trace, shown, width) : trace;
    });
    return { ...row, traces };
  });
  return { rows: fitted, block: most };
}

/**
 * @param {Trace} trace
 * @param {[number, number]} shown
 * @param {number} width
 * @param {number} height
 * @param {Block} most  that a cell stands for, raised here
 */
function heatmap(trace, shown, width, height, most) {
  const { z, customdata } = trace;
  const block = { steps: share(shown[1] - shown[0] + 1, width), units: share(z[0]?.length ?? 1, height) };
  most.steps = Math.max(most.steps, block.steps);
  most.units = Math.max(most.units, block.units);
  if (block.units === 1 && z.length <= width) return trace;
  const cells = cached(z, shown, block);
  const named = customdata && cells.units.map((row) => row.map((unit) => customdata[unit]?.[0]));
  const template = trace.hovertemplate.replaceAll("%{x}", "%{text}");
  return {
    ...trace,
    z: cells.z,
    x0: cells.x0,
    dx: block.steps,
    y0: cells.y0,
    dy: block.units,
    text: cells.times,
    customdata: named ?? cells.units,
    hovertemplate: named ? template : template.replaceAll("%{y}", "%{customdata}"),
  };
}

/** @type {WeakMap<Values[], {key: string, cells: Cells}>} */
const last = new WeakMap();

/**
 * The blocks, the same arrays when they are shown again: Plotly compares arrays by identity.
 * @param {Values[]} z @param {[number, number]} shown @param {Block} block
 */
function cached(z, shown, block) {
  const key = [...shown, block.steps, block.units].join();
  const known = last.get(z);
  if (known?.key === key) return known.cells;
  const cells = blocks(z, shown, block);
  last.set(z, { key, cells });
  return cells;
}

/** @param {Trace} trace @param {[number, number]} shown @param {number} width */
function line(trace, shown, width) {
  const { y } = trace;
  if (y.length <= MOST_POINTS * width) return trace;
  // One step more on both sides, so that the line goes on to the edge.
  const wide = /** @type {[number, number]} */ ([Math.max(0, shown[0] - 1), Math.min(y.length - 1, shown[1] + 1)]);
  const length = share(wide[1] - wide[0] + 1, width);
  const x = length <= MOST_POINTS ? range(wide) : extremes(y, wide, length);
  return { ...trace, x, y: x.map((place) => y[place]) };
}

/** @param {[number, number]} ends */
const range = ([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
