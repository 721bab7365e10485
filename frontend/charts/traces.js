/**
 * The makers of traces. Nothing else names one of Plotly's types. `hover` is plain text with places such as `%{y}`; a
 * name stands in it as `%{fullData.name}`, `%{text}` or `%{customdata}`, never as itself.
 */

/** @import {Scale} from "./palette.js" */
import { significant } from "../base/i18n.js";
import { SEQUENTIAL } from "./palette.js";

/** @typedef {Record<string, any>} Trace  without axes */

const HEATMAP = "heatmap";

/** @param {Trace} trace */
export const isHeatmap = ({ type }) => type === HEATMAP;

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
    hovertemplate: hover,
    ...others,
  };
}

/**
 * A line over the steps; a dot where there is only one.
 * @param {ArrayLike<number>} y
 * @param {Trace & {hover: string, color: string | undefined, width?: number, dash?: string}} look
 * @returns {Trace}
 */
export function line(y, { hover, color, width = 1.7, dash = "solid", ...others }) {
  return {
    type: "scatter",
    mode: y.length === 1 ? "markers" : "lines",
    y,
    line: { color, width, dash },
    hovertemplate: hover,
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
  const shown = hover === undefined ? { hoverinfo: "skip" } : { hovertemplate: hover };
  return { type: "scatter", mode: "markers", x, y, ...shown, ...others };
}

/**
 * Bars from zero, coloured by their sign.
 * @param {number[]} x @param {ArrayLike<number>} y @param {{hover: string, series: string[]}} look @returns {Trace}
 */
export function bars(x, y, { hover, series: [negative, positive] }) {
  const color = Array.from(y, (value) => (value < 0 ? negative : positive));
  return { type: "bar", x, y, marker: { color, line: { width: 0 } }, hovertemplate: hover };
}
