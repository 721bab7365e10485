/** Prints the figures of the page for a small run in each of its modes, for a test in Python that knows Plotly's schema. */

import { cursorShapes, single, stack } from "../../../frontend/charts/figure.js";
import { written } from "../../../frontend/charts/markup.js";
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
import { makeAnswers } from "../answers.js";
import { makeRun, makeState, palette, tensor } from "../run.js";
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

const answers = makeAnswers(several.sequence.values);
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
  const { data, layout } = written(figure);
  return [name, { data, layout: { ...layout, shapes: cursorShapes(figure, { time: 1, unit: 1 }, palette) } }];
});
const plain = (_key, value) => (ArrayBuffer.isView(value) ? [...value] : value);
console.log(JSON.stringify(Object.fromEntries(figures), plain));
