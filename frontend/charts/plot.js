/** The only file that touches Plotly: draws figures, moves their cursor, listens, and takes pictures. */

/** @import {Figure} from "./figure.js" */
/** @import {Point} from "../state/state.js" */
import { written } from "./markup.js";
import { isHeatmap } from "./traces.js";

/**
 * @typedef {object} PlotEvents  what a reader does in a plot
 * @property {(point: Partial<Point>) => void} hover
 * @property {() => void} leave
 * @property {(point: Partial<Point>) => void} pick
 * @property {(range: [number, number] | null) => void} zoom
 */

/** @type {any} */
let Plotly;
const CONFIG = {
  displayModeBar: false,
  doubleClick: false,
  responsive: false, // it would forget the height when the window's changes; the page draws anew when the width does
  scrollZoom: false,
  showSendToCloud: false,
  plotlyServerURL: "",
};
const touch = globalThis.matchMedia?.("(pointer: coarse)");

/** Loads Plotly from the address that the page names. To be awaited before anything is drawn. */
export async function load() {
  const { href } = /** @type {HTMLLinkElement} */ (document.getElementById("plotly"));
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: href, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  Plotly = /** @type {any} */ (globalThis).Plotly;
}

/** @param {HTMLElement} element @param {Figure} figure @param {any[]} shapes */
export function draw(element, figure, shapes) {
  const { data, layout } = written(figure);
  // Dragging selects a stretch of time with a mouse; with a finger it must go on scrolling the page.
  const dragmode = touch?.matches ? false : "zoom";
  return Plotly.react(element, data, { ...layout, width: element.clientWidth, shapes, dragmode }, CONFIG);
}

/** @param {HTMLElement} element @param {any[]} shapes a new array: naming parts of the old one is 400 times slower */
export function moveCursor(element, shapes) {
  return Plotly.relayout(element, { shapes });
}

/** @param {HTMLElement} element that has been drawn @param {PlotEvents} on */
export function listen(element, on) {
  const plot = /** @type {any} */ (element);
  plot.on("plotly_hover", (/** @type {any} */ event) => on.hover(pointOf(event.points[0])));
  plot.on("plotly_unhover", () => on.leave());
  plot.on("plotly_click", (/** @type {any} */ event) => on.pick(pointOf(event.points[0])));
  plot.on("plotly_doubleclick", () => on.zoom(null));
  plot.on("plotly_relayout", (/** @type {any} */ change) => {
    const first = change["xaxis.range[0]"] ?? change["xaxis.range"]?.[0];
    const last = change["xaxis.range[1]"] ?? change["xaxis.range"]?.[1];
    if (first !== undefined) on.zoom([Math.ceil(first), Math.floor(last)]);
  });
}

/**
 * The step and the unit of a plotted point. A heatmap's y is the unit, unless its rows are features or steps. Where a
 * cell stands for several steps and units, its text and its custom data say whose value it shows. In a trace of units
 * each point is a unit, named by its custom data.
 * @param {any} point @returns {Partial<Point>}
 */
function pointOf({ x, y, data, text, customdata }) {
  if (data.meta === "units") return { unit: customdata };
  if (!isHeatmap(data) || data.meta === "steps") return { time: Math.floor(x) };
  const isReduced = data.dx !== undefined;
  const time = isReduced ? text : x;
  return data.meta === "features" ? { time } : { time, unit: isReduced ? customdata : y };
}

/**
 * The element of one row of a chart, without its title.
 * @param {string} id of the chart @param {string} row @returns {Element | null}
 */
export function rowOf(id, row) {
  const plot = /** @type {any} */ (document.getElementById(id));
  const place = plot?.layout?.meta?.rows?.indexOf(row) ?? -1;
  const axis = place < 1 ? "" : place + 1;
  return place < 0
    ? null
    : plot.querySelector(`.draglayer .x${axis}y${axis} .nsewdrag, .draglayer .xy${axis} .nsewdrag`);
}

/**
 * @param {Figure} figure @param {"png" | "svg"} format @param {number} width @returns {Promise<string>} a data: address
 */
export function picture(figure, format, width) {
  const { data, layout } = written(figure);
  return Plotly.toImage({ data, layout: { ...layout, width } }, { format, width, height: layout.height, scale: 2 });
}
