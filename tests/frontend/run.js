/** A small run of two units over three steps, worked out by hand where it matters. */

import assert from "node:assert/strict";
import { DEFAULTS } from "../../frontend/address/all_properties.js";

/** @param {number[][]} rows */
export const tensor = (rows) => ({ data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0].length] });

/** @param {number[]} values */
export const vector = (...values) => ({ data: Float32Array.from(values), shape: [values.length] });

/** @param {number} actual @param {number} expected */
export const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);

/** Until all that waits for nothing else has happened. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** All weights are 0 but the biases: f = σ(0), i = σ(ln 3), C̃ = tanh(ln 2), o = σ(−ln 3) for both units. */
export function makeRun() {
  const bias = [Math.log(3), Math.log(3), 0, 0, Math.log(2), Math.log(2), -Math.log(3), -Math.log(3)];
  const constant = (value) => tensor([1, 2, 3].map(() => [value, value]));
  const cells = [0.45, 0.675, 0.7875]; // C_t = C_{t−1}/2 + 0.45
  return {
    model: {
      type: "random",
      input_size: 1,
      hidden_size: 2,
      proj_size: 0,
      num_layers: 1,
      bidirectional: false,
      initialisation: "pytorch",
      forget_bias: null,
      seed: 3,
      state_dict: {
        weight_ih_l0: tensor(bias.map(() => [0])),
        weight_hh_l0: tensor(bias.map(() => [0, 0])),
        bias_ih_l0: { data: Float32Array.from(bias), shape: [8] },
        bias_hh_l0: { data: new Float32Array(8), shape: [8] },
      },
    },
    sequence: {
      type: "numbers",
      steps: 3,
      features: ["x0"],
      columns: ["x0"],
      characters: null,
      quantity: null,
      values: tensor([[1], [2], [3]]),
      scaling: { method: "none", offset: [0], scale: [1] },
    },
    layers: [
      {
        layer: 0,
        direction: "forward",
        initial_state: {
          hidden_state: { data: new Float32Array(2), shape: [2] },
          cell_state: { data: new Float32Array(2), shape: [2] },
        },
        forget_gate: constant(0.5),
        input_gate: constant(0.75),
        candidate: constant(0.6),
        output_gate: constant(0.25),
        cell_state: tensor(cells.map((cell) => [cell, cell])),
        hidden_state: tensor(cells.map((cell) => [Math.tanh(cell) / 4, Math.tanh(cell) / 4])),
      },
    ],
    output: null,
    agreement: { reference: "torch.nn.LSTM", hidden_state: 0, cell_state: 0, largest: 0, tolerance: 1e-6 },
  };
}

export const palette = {
  scheme: "light",
  ink: "#000",
  muted: "#555",
  line: "#ddd",
  surface: "#fff",
  accent: "#00f",
  diverging: [0, 0.25, 0.5, 0.75, 1].map((place) => [place, "#eee"]),
  quantities: {
    forget_gate: "#100000",
    input_gate: "#200000",
    candidate: "#400000",
    output_gate: "#300000",
    cell_state: "#500000",
    hidden_state: "#600000",
  },
  series: ["#1", "#2", "#3", "#4", "#5", "#6", "#7", "#8"].map((colour) => `${colour}00000`.slice(0, 7)),
};

/** What a reader prefers. */
export const USUAL = { language: "en", theme: "light" };

/** What is known of a question. */
export const answered = (answer, faults = []) => ({ answer, faults, asking: false });

/** The state of a first visit, but for an untrained LSTM that reads a signal. @param {object} [patch] */
export const makeState = (patch) => ({
  ...DEFAULTS,
  source: "signal",
  model: "random",
  time: 0,
  unit: 0,
  units: [0, 1],
  numbers: "",
  text: "",
  ...USUAL,
  isCatalogued: true,
  width: 800,
  ...patch,
});
