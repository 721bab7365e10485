/** Answers about a run of three steps, each the shortest that its chart can draw. */

import { tensor, vector } from "./run.js";

const retention = {
  steps: [0, 1],
  retained: tensor([
    [1, 0.5],
    [Number.NaN, 1],
  ]),
  half_lives: vector(2, Infinity),
};
const remembered = { step: 1, steps: [0, 1], parts: vector(-1, 2), initial: 0, sum: 1, cell_state: 1, residual: 0 };
const felt = { step: 2, cell_state: vector(0, 1, 1), direct: vector(0, 1, 1), input_norms: vector(0, 1, 1) };
const shares = { left: vector(0, 0.5), right: vector(0, 0.2) };
const gateShares = { forget_gate: shares, input_gate: shares, output_gate: shares };
const judged = { saturation: gateShares, others: [{ saturation: gateShares }], thresholds: { left: 0.1, right: 0.9 } };
/** What each question of a tab is answered. @param {object} attributions  (T, I) */
export const makeAnswers = (attributions) => ({
  health: { answer: judged, faults: [], asking: false },
  gradients: { answer: felt, faults: [], asking: false },
  gradient_reach: { answer: { end: 1, rnn: vector(0, 1), gru: vector(0, 1), lstm: vector(0, 1) } },
  connectivity: { answer: { step: 1, norms: vector(0, 1, 0) } },
  integrated_gradients: { answer: { step: 1, attributions } },
  retention: { answer: retention, faults: [], asking: false },
  writes: { answer: remembered, faults: [], asking: false },
});
