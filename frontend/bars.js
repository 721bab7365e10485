/** Bars inside text: from zero to a value, to the right above it and to the left below. */

import { h } from "./dom.js";

const THICK = 6;

/**
 * Stretched to the width that it is given; the number stands beside it, so it says nothing to who listens.
 * @param {number} value @param {{signed: boolean, scale?: number}} options  `scale` is the size that fills it
 */
export function bar(value, { signed, scale = 1 }) {
  const zero = signed ? 50 : 0;
  const length = Math.min(Math.abs(value) / scale, 1) * (signed ? 50 : 100);
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
