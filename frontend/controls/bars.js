/** Bars inside text. They are as wide as their place, and numbers stand beside them. */

/** @import {Content} from "../base/dom.js" */
import { h } from "../base/dom.js";

const THICK = 6;

/**
 * A bar from zero to a value, from 0 to 1 or, if signed, from -1 to 1.
 * @param {number} value @param {boolean} signed
 */
export function bar(value, signed) {
  const zero = signed ? 50 : 0;
  const length = Math.min(Math.abs(value), 1) * (signed ? 50 : 100);
  const shape = {
    class: value < 0 ? "negative" : "positive",
    x: value < 0 ? zero - length : zero,
    y: 0,
    width: length,
    height: THICK,
  };
  return h(
    "svg",
    { class: "bar", viewBox: `0 0 100 ${THICK}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    h("rect", { class: "ground", x: 0, y: 0, width: 100, height: THICK }),
    h("rect", shape),
    signed && h("rect", { class: "zero", x: 49.75, y: 0, width: 0.5, height: THICK }),
  );
}

/** The height of a row of bars, which is that of a line of text, in CSS pixels. */
export const ROW = 18;

/** @typedef {{from: number, to: number, kind?: string}} Span */

/** The place of a value in a picture, in percent. @param {number} value @param {readonly [number, number]} range */
export const placeIn = (value, [low, high]) => (100 * (value - low)) / (high - low || 1);

/**
 * Rows of one bar each around the line of zero, as one picture, which is quick to change.
 * @param {Span[]} spans @param {readonly [number, number]} range  the values at the edges @param {Content} [under]
 */
export function barRows(spans, range, under) {
  const height = ROW * spans.length;
  const zero = placeIn(0, range);
  const bars = spans.map(({ from, to, kind = to < from ? "negative" : "positive" }, row) => {
    const [left, right] = [placeIn(Math.min(from, to), range), placeIn(Math.max(from, to), range)];
    return h("rect", { class: kind, x: left, y: (row + 0.25) * ROW, width: right - left, height: ROW / 2 });
  });
  return h(
    "svg",
    { class: "rows", viewBox: `0 0 100 ${height}`, height, preserveAspectRatio: "none", "aria-hidden": "true" },
    h("line", { class: "axis", x1: zero, x2: zero, y1: 0, y2: height }),
    under,
    bars,
  );
}
