/** The names of a row's lines: beside its title where they fit, else above it. */

/** @import {Row} from "./figure.js" */
import { textWidth } from "../base/characters.js";

const SWATCH = 45; // pixels of an entry's line and its margins
const SIGN = { wide: 12.5, narrow: 7 }; // pixels of a letter
const BESIDE = 24; // pixels between title and legend, the symbol before the title with them

/** @param {Pick<Row, "title" | "traces" | "legend">} row @param {number} width of the plot */
export function legendOf({ title, traces, legend }, width) {
  if (!legend) return { lines: 0, isBeside: true };
  const widths = traces.filter(({ name }) => name).map(({ name }) => SWATCH + textWidth(name, SIGN));
  const taken = title === "" ? 0 : BESIDE + textWidth(title, SIGN);
  const isBeside = taken + widths.reduce((sum, each) => sum + each, 0) <= width;
  return { lines: isBeside ? 1 : wrapped(widths, width), isBeside: isBeside || title === "" };
}

/**
 * How many lines a legend takes: where it breaks, all its entries get the width of the longest.
 * @param {number[]} widths @param {number} width
 */
const wrapped = (widths, width) => Math.ceil(widths.length / Math.max(1, Math.floor(width / Math.max(1, ...widths))));
