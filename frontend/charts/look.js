/** How a quantity is drawn: its symbol, its bounds, its colours. */

/** @import {Quantity} from "../state/choices.js" */
/** @import {Tensor} from "../base/tensor.js" */
import { summary } from "../base/tensor.js";

/** @type {Record<Quantity, {symbol: string, range: [number, number] | null}>} */
export const LOOK = {
  forget_gate: { symbol: "f", range: [0, 1] },
  input_gate: { symbol: "i", range: [0, 1] },
  candidate: { symbol: "C̃", range: [-1, 1] },
  output_gate: { symbol: "o", range: [0, 1] },
  cell_state: { symbol: "C", range: null },
  hidden_state: { symbol: "h", range: [-1, 1] },
};

/** Blue below zero, orange above, the page's own background at zero: told apart by every kind of eye. */
export const DIVERGING = {
  light: [
    [0, "#0b4a8f"],
    [0.25, "#5b9bd0"],
    [0.5, "#f7f7f5"],
    [0.75, "#ee9a4d"],
    [1, "#9a4300"],
  ],
  dark: [
    [0, "#8cc4ff"],
    [0.25, "#2f6fb0"],
    [0.5, "#1b1f27"],
    [0.75, "#b3611a"],
    [1, "#ffc38a"],
  ],
};

/** The bounds of a quantity; the cell state has none, so it is drawn symmetric about zero. @param {Quantity} quantity @param {Tensor[]} tensors all drawn with them @returns {[number, number]} */
export function rangeOf(quantity, tensors) {
  return LOOK[quantity].range ?? symmetric(tensors);
}

/** About zero, and never empty. @param {Tensor[]} tensors @returns {[number, number]} */
export function symmetric(tensors) {
  const sizes = tensors.map(summary).map(({ minimum, maximum }) => Math.max(-minimum, maximum));
  const largest = Math.max(...sizes) || 1;
  return [-largest, largest];
}
