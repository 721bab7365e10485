/** The axes that charts have in common. */

import { visible } from "../base/characters.js";

const FEW_STEPS = 6; // each with its own tick
const MOST_NAMES = 16; // that can be read beside their rows
const NAME_HEIGHT = 13; // CSS pixels
const MOST_DECADES = 60; // what lies deeper is no more than nothing

/** For lines around zero. */
export const SIGNED_AXIS = { showgrid: true, zeroline: true, nticks: 3 };

/** Whole ticks of steps or units, also where there are few. @param {number} length from the first to the last */
export const wholeTicks = (length) => (length < FEW_STEPS ? { tick0: 0, dtick: 1 } : {});

/** The rows of a heatmap from the top down, the first and the last with its number. @param {number} count */
export const unitsAxis = (count) => ({ range: [count - 0.5, -0.5], tickvals: count > 1 ? [0, count - 1] : [0] });

/** The same with a name for each row, unless there are too many to read. @param {string[]} names */
export function namesAxis(names) {
  const axis = unitsAxis(names.length);
  if (names.length > MOST_NAMES) return axis;
  return { ...axis, tickvals: names.map((_, index) => index), ticktext: names.map(visible) };
}

/** The height in CSS pixels of a heatmap with these rows. @param {string[]} names */
export const namesHeight = ({ length }) => length * (length > MOST_NAMES ? 1 : NAME_HEIGHT);

/**
 * Absolute values. A zero is a gap: it has no logarithm, and float32 writes what is too small for it as zero.
 * @param {Float32Array} values
 */
export const sizes = (values) =>
  Float64Array.from(values, (value) => {
    const size = Math.abs(value);
    return size > 0 && Number.isFinite(size) ? size : Number.NaN;
  });

/** A logarithmic axis for sizes that span decades. @param {Float64Array[]} lines */
export function logAxis(lines) {
  const decades = lines.flatMap((values) => [...values].filter((value) => value > 0).map(Math.log10));
  const most = Math.ceil(decades.reduce((largest, value) => Math.max(largest, value), -1));
  const least = Math.floor(decades.reduce((smallest, value) => Math.min(smallest, value), most - 1));
  return {
    type: "log",
    range: [Math.max(least, most - MOST_DECADES) - 0.1, most + 0.1],
    exponentformat: "e", // others are written with tags, which would become inline styles
    dtick: Math.max(1, Math.ceil((most - least) / 5)),
    showgrid: true,
  };
}
