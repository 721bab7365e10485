/** How a quantity is drawn: its symbol, its bounds, and the colour of its line. */

/** @import {Quantity} from "../state/choices.js" */
/** @import {Tensor} from "../base/tensor.js" */
import { summary } from "../base/tensor.js";

/**
 * @typedef {object} Look
 * @property {string} symbol
 * @property {[number, number] | null} range  null: it has no bounds
 * @property {number} colour  of its line, among the series of the palette
 */
/** @type {Record<Quantity, Look>} */
export const LOOK = {
  forget_gate: { symbol: "f", range: [0, 1], colour: 0 },
  input_gate: { symbol: "i", range: [0, 1], colour: 1 },
  candidate: { symbol: "C̃", range: [-1, 1], colour: 3 },
  output_gate: { symbol: "o", range: [0, 1], colour: 2 },
  cell_state: { symbol: "C", range: null, colour: 4 },
  hidden_state: { symbol: "h", range: [-1, 1], colour: 5 },
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
