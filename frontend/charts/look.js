/** How a quantity is drawn: its symbol and its bounds. Its colour stands in styles/colours.css. */

/** @import {Quantity} from "../state/choices.js" */
/** @import {Tensor} from "../base/tensor.js" */
import { summary } from "../base/tensor.js";

/**
 * @typedef {object} Look
 * @property {string} symbol
 * @property {[number, number] | null} range  null: it has no bounds
 */
/** @type {Record<Quantity, Look>} */
export const LOOK = {
  forget_gate: { symbol: "f", range: [0, 1] },
  input_gate: { symbol: "i", range: [0, 1] },
  candidate: { symbol: "C̃", range: [-1, 1] },
  output_gate: { symbol: "o", range: [0, 1] },
  cell_state: { symbol: "C", range: null },
  hidden_state: { symbol: "h", range: [-1, 1] },
};

/**
 * The bounds of a quantity; the cell state has none, so it is drawn symmetric about zero.
 * @param {Quantity} quantity @param {Tensor[]} tensors all that are drawn with them @returns {[number, number]}
 */
export function rangeOf(quantity, tensors) {
  return LOOK[quantity].range ?? symmetric(tensors);
}

/** Bounds around zero, never empty. @param {Tensor[]} tensors @returns {[number, number]} */
export function symmetric(tensors) {
  const sizes = tensors.map(summary).map(({ minimum, maximum }) => Math.max(-minimum, maximum));
  const largest = Math.max(...sizes) || 1;
  return [-largest, largest];
}
