/**
 * A figure in Plotly's markup. Charts speak plain text; here, and nowhere else, it becomes what Plotly reads as markup,
 * so that a token, a name or a header is drawn letter by letter: it is no tag, no link and no entity.
 */

/** @import {Figure} from "./figure.js" */
import { legible } from "../base/characters.js";

/** Where Plotly reads markup; the first of them is also read for places such as `%{y}`. */
const TEMPLATE = "hovertemplate";
const TEXTS = new Set(["name", "text", "hovertext", "customdata", "ticktext", "tickprefix", "ticksuffix", "x", "y"]);

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Lines of text; a name in them stands in the trace, at a place such as `%{fullData.name}`. @param {string} text */
const template = (text) => `${escaped(text).replaceAll("\n", "<br>")}<extra></extra>`;

/** @param {Figure} figure @returns {Figure} for Plotly */
export function written({ data, layout }) {
  let [last, shown] = ["", ""]; // a name stands at every step of a heatmap
  const text = (/** @type {string} */ value) => {
    if (value !== last) [last, shown] = [value, escaped(legible(value))];
    return shown;
  };
  /** @param {any} value @returns {any} */
  const texts = (value) => {
    if (typeof value === "string") return text(value);
    return Array.isArray(value) && holdsText(value) ? value.map(texts) : part(value);
  };
  /** @param {any} value @returns {any} */
  const part = (value) => {
    if (Array.isArray(value)) return value.some(isPlain) ? value.map(part) : value;
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, property(key, inner)]));
  };
  /** @param {string} key @param {any} value */
  const property = (key, value) => {
    if (key === TEMPLATE) return template(value);
    return TEXTS.has(key) ? texts(value) : part(value);
  };
  return { data: data.map(part), layout: part(layout) };
}

/** @param {any} value */
const isPlain = (value) =>
  value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;

/** Arrays of numbers go on as they are: Plotly compares arrays by identity. @param {any[]} values @returns {boolean} */
const holdsText = (values) =>
  values.some((value) => typeof value === "string" || (Array.isArray(value) && holdsText(value)));
