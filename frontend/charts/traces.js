/** The makers of traces. Nothing else names one of Plotly's types. */

/** @import {Scale} from "./palette.js" */
import { significant } from "../base/i18n.js";
import { SEQUENTIAL } from "./palette.js";

/** @typedef {Record<string, any>} Trace  without axes */

const HEATMAP = "heatmap";

/** @param {Trace} trace */
export const isHeatmap = ({ type }) => type === HEATMAP;

/** The hover text, and a box with a name beside it where one is given. @param {string} text @param {string} [name] */
const hovertemplate = (text, name = "") => `${text}<extra>${name}</extra>`;

/**
 * Numbers as colours, with a colour bar that names both bounds.
 * @param {ArrayLike<number>[]} z (T, H)
 * @param {[number, number]} bounds
 * @param {Trace & {hover: string, scale?: Scale}} look
 * @returns {Trace}
 */
export function heatmap(z, [zmin, zmax], { hover, scale = SEQUENTIAL, ...others }) {
  return {
    type: HEATMAP,
    z,
    transpose: true,
    zmin,
    zmax,
    colorscale: scale,
    colorbar: { tickvals: [zmin, zmax], ticktext: [significant(zmin), significant(zmax)] },
    hovertemplate: hovertemplate(hover),
    ...others,
  };
}

/**
 * A line over the steps; a dot where there is only one.
 * @param {ArrayLike<number>} y
 * @param {Trace & {hover: string, color: string | undefined, width?: number, dash?: string, box?: string}} look
 * @returns {Trace}
 */
export function line(y, { hover, box, color, width = 1.7, dash = "solid", ...others }) {
  return {
    type: "scatter",
    mode: y.length === 1 ? "markers" : "lines",
    y,
    line: { color, width, dash },
    hovertemplate: hovertemplate(hover, box),
    ...others,
  };
}

/**
 * Dots; texts with another mode.
 * @param {ArrayLike<number | undefined>} x
 * @param {ArrayLike<number | undefined>} y
 * @param {Trace & {hover?: string}} look
 * @returns {Trace}
 */
export function dots(x, y, { hover, ...others }) {
  const shown = hover === undefined ? { hoverinfo: "skip" } : { hovertemplate: hovertemplate(hover) };
  return { type: "scatter", mode: "markers", x, y, ...shown, ...others };
}

/**
 * Bars from zero, coloured by their sign.
 * @param {number[]} x @param {ArrayLike<number>} y @param {{hover: string, series: string[]}} look @returns {Trace}
 */
export function bars(x, y, { hover, series: [negative, positive] }) {
  const color = Array.from(y, (value) => (value < 0 ? negative : positive));
  return { type: "bar", x, y, marker: { color, line: { width: 0 } }, hovertemplate: hovertemplate(hover) };
}
