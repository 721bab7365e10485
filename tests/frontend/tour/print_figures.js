/** Prints the figures of the page for a small run in each of its modes, for a test in Python that knows Plotly's schema. */

import { cursorShapes, single, stack } from "../../../frontend/charts/figure.js";
import * as sequence from "../../../frontend/charts/sequence.js";
import * as gates from "../../../frontend/tabs/gates/heatmaps.js";
import * as lines from "../../../frontend/tabs/gates/lines.js";
import * as output from "../../../frontend/tabs/gates/output.js";
import * as connectivity from "../../../frontend/tabs/gradients/connectivity.js";
import * as reach from "../../../frontend/tabs/gradients/gradient_reach.js";
import * as integrated from "../../../frontend/tabs/gradients/integrated_gradients.js";
import * as gradients from "../../../frontend/tabs/gradients/state_gradients.js";
import * as saturation from "../../../frontend/tabs/health/saturation_plot.js";
import * as halfLives from "../../../frontend/tabs/memory/half_lives.js";
import * as retention from "../../../frontend/tabs/memory/retention.js";
import * as writes from "../../../frontend/tabs/memory/writes.js";
import * as held from "../../../frontend/tabs/what_if/intervention_bars.js";
import * as twoRuns from "../../../frontend/two_runs/rows.js";
import { makeRun, makeState, palette, tensor, vector } from "../run.js";
import { makeCompared, makeOutput } from "../two_runs/compared.js";

const t = (key) => key;
const frame = { palette, width: 800, steps: 3, zoom: [0, 2], timeTitle: "time" };
const scene = { palette, t, width: 800 };
const stateOf = (run, patch) => makeState({ run, unit: 1, ...patch });

const text = makeRun();
text.sequence.characters = ["a", "b", "c"];
const wide = makeRun();
wide.sequence.features = Array.from({ length: 9 }, (_, index) => `x${index}`);
wide.sequence.values = tensor([1, 2, 3].map((value) => Array(9).fill(value)));
const several = makeRun();
several.sequence.features = ["a", "b"];
several.sequence.values = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);

const spoken = makeRun();
spoken.sequence.characters = ["a", "b", "c"];
spoken.output = { kind: "probability", names: ["a", "b"], values: tensor([1, 2, 3].map(() => [0.3, 0.7])) };
const forecast = makeRun();
forecast.output = { kind: "value", names: ["0", "1"], values: tensor([1, 2, 3].map((value) => [value, -value])) };

const kept = {
  steps: [0, 1],
  retained: tensor([
    [1, 0.5],
    [Number.NaN, 1],
  ]),
  half_lives: vector(2, Infinity),
};
const written = { step: 1, steps: [0, 1], parts: vector(-1, 2), initial: 0, sum: 1, cell_state: 1, residual: 0 };
const felt = { step: 2, cell_state: vector(0, 1, 1), direct: vector(0, 1, 1), input_norms: vector(0, 1, 1) };
const shares = { left: vector(0, 0.5), right: vector(0, 0.2) };
const gateShares = { forget_gate: shares, input_gate: shares, output_gate: shares };
const judged = { saturation: gateShares, others: [{ saturation: gateShares }], thresholds: { left: 0.1, right: 0.9 } };
const answers = {
  health: { answer: judged, faults: [], asking: false },
  gradients: { answer: felt, faults: [], asking: false },
  gradient_reach: { answer: { end: 1, rnn: vector(0, 1), gru: vector(0, 1), lstm: vector(0, 1) } },
  connectivity: { answer: { step: 1, norms: vector(0, 1, 0) } },
  integrated_gradients: { answer: { step: 1, attributions: several.sequence.values } },
  retention: { answer: kept, faults: [], asking: false },
  writes: { answer: written, faults: [], asking: false },
};
const remembering = makeState({ run: makeRun(), integralOpen: true, answers });

const compared = (/** @type {object} */ patch) => {
  const answers = { comparison: { answer: makeCompared(patch) } };
  return twoRuns.rowsOf("comparison", () => ["A", "B"])(stateOf(makeRun(), { answers }), scene);
};
const holding = { quantity: "forget_gate", value: 0.9, units: null, first: 1, last: null };
const whatIf = makeState({ run: makeRun(), interventions: [holding] });

const rows = {
  held: held.rows(whatIf, scene),
  two_runs: compared({ output: makeOutput(["a", "b"], "probability") }),
  two_runs_of_values: compared({ output: makeOutput(["a"], "value") }),
  retention: retention.rows(remembering, scene),
  writes: writes.rows(remembering, scene),
  gradients: gradients.rows(remembering, scene),
  gradient_reach: reach.rows(remembering, scene),
  connectivity: connectivity.rows(remembering, scene),
  integrated_gradients: integrated.rows(remembering, scene),
  probabilities: output.rows(stateOf(spoken), scene),
  values: output.rows(stateOf(forecast), scene),
  gates: gates.rows(stateOf(makeRun()), scene),
  text: sequence.rows(stateOf(text), scene),
  narrow_text: sequence.rows(stateOf(text), { ...scene, width: 10 }),
  many_features: sequence.rows(stateOf(wide), scene),
  several_features: sequence.rows(stateOf(several), scene),
  unit: lines.rows(stateOf(makeRun(), { lines: "unit" }), scene),
  quantity: lines.rows(stateOf(makeRun(), { lines: "quantity" }), scene),
};
const plots = {
  half_lives: single(halfLives.plot(remembering, scene), palette),
  saturation: single(saturation.plotOf("forget_gate")(remembering, scene), palette),
};
const marks = held.marks(whatIf, scene);
const stacked = Object.fromEntries(
  Object.entries(rows).map(([name, part]) => [name, { ...stack(part, frame), marks }]),
);
const figures = Object.entries({ ...stacked, ...plots }).map(([name, figure]) => {
  const { data, layout } = figure;
  return [name, { data, layout: { ...layout, shapes: cursorShapes(figure, { time: 1, unit: 1 }, palette) } }];
});
const plain = (_key, value) => (ArrayBuffer.isView(value) ? [...value] : value);
console.log(JSON.stringify(Object.fromEntries(figures), plain));
