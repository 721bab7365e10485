import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import { logAxis, sizes } from "../../../frontend/charts/axes.js";
import * as connectivity from "../../../frontend/tabs/gradients/connectivity.js";
import * as integrated from "../../../frontend/tabs/gradients/integrated_gradients.js";
import * as view from "../../../frontend/tabs/gradients/state_gradients.js";
import { gradients } from "../../../frontend/tabs/gradients/tab.js";
import { answered, makeRun, makeState, palette, tensor, vector } from "../run.js";

const t = translator({
  "gradients.integrated.told": "{sum} {difference} {gap} {points}",
  "gradients.told": "before {steps} {step} {gradient}",
  "gradients.told_backward": "after {steps} {step} {gradient}",
  "gradients.connectivity.told": "{name} {value} {largest}",
});
const scene = { palette, t, width: 800 };
const options = Object.fromEntries(gradients.options.map(({ property, usual }) => [property, usual]));
const stateOf = (patch) => makeState({ run: makeRun(), tab: "gradients", ...options, ...patch });
const question = (name) => gradients.questions.find((candidate) => candidate.name === name);
const speaking = () => ({
  ...makeRun(),
  output: { kind: "probability", names: ["a", "b"], values: tensor([1, 2, 3].map(() => [0.3, 0.7])), targets: null },
});

test("what is zero or overflows is a gap, and the axis holds the rest in whole decades", () => {
  const line = sizes(Float32Array.from([-1e-3, 0, Infinity, 0.2]));
  assert.deepEqual([line[1], line[2]], [Number.NaN, Number.NaN]);
  assert.ok(Math.abs(line[0] - 1e-3) < 1e-9);
  assert.deepEqual(logAxis([line]).range, [-3.1, 0.1]);
});

test("an axis of nothing but zeros is still an axis", () => {
  const [least, most] = logAxis([sizes(new Float32Array(3))]).range;
  assert.ok(Number.isFinite(least) && least < most);
});

test("the step asked about is the last one, or the chosen one as far as the run goes", () => {
  assert.equal(question("gradients").requestOf(stateOf({})).step, null);
  assert.equal(question("gradients").requestOf(stateOf({ gradientStep: 1 })).step, 1);
  assert.equal(question("gradient_reach").requestOf(stateOf({ gradientStep: 90 })).step, 2);
});

test("an output is asked about at the cursor, and none that another model had", () => {
  const state = stateOf({ run: speaking(), time: 2, output: 1 });
  const { step, output } = question("connectivity").requestOf(state);
  assert.deepEqual({ step, output }, { step: 2, output: 1 });
  assert.equal(question("connectivity").requestOf({ ...state, output: 7 }).output, null);
  assert.ok(!question("connectivity").isAsked(stateOf({})), "without a read-out");
});

test("without a read-out the cell state is split instead, and only while it is open", () => {
  assert.ok(!question("integrated_gradients").isAsked(stateOf({})));
  const { target, output } = question("integrated_gradients").requestOf(stateOf({ integralOpen: true }));
  assert.deepEqual({ target, output }, { target: "cell_state", output: null });
});

test("the direct path stands beside the gradient, sizes without their sign", () => {
  const answer = {
    step: 2,
    cell_state: vector(-0.1, 0.5, 1),
    direct: vector(0.01, 0.1, 1),
    input_norms: vector(0, 1, 1),
  };
  const { traces, yaxis } = view.rows(stateOf({ answers: { gradients: answered(answer) } }), scene).at(-1);
  assert.equal(yaxis.type, "log");
  assert.deepEqual(
    traces.slice(0, 2).map(({ y }) => Number(y[0].toFixed(6))),
    [0.1, 0.01],
  );
});

test("the gradient is described at a step that ran before, which is a later one in the backward direction", () => {
  const told = (direction, step) => {
    const answer = { step, cell_state: vector(0.25, 0.5, 1), direct: vector(1, 1, 1), input_norms: vector(1, 1, 1) };
    return JSON.stringify(
      view.panel({ t, state: stateOf({ direction, answers: { gradients: answered(answer) } }), set: () => {} }),
    );
  };
  assert.match(told("forward", 2), /before 2 2 0\.25/);
  assert.match(told("backward", 0), /after 2 0 1/);
});

test("the output and the input that it is most sensitive to are named", () => {
  const answer = { step: 2, output: 1, value: 0.7, norms: vector(0.1, 0.4, 0.2) };
  const state = stateOf({ run: speaking(), answers: { connectivity: answered(answer) } });
  assert.match(JSON.stringify(connectivity.panel({ t, state, set: () => {} })), /b 0\.700 1/);
});

const SPLIT = {
  step: 2,
  output: null,
  attributions: tensor([
    [0.5, -0.2],
    [-0.4, 0],
    [0, 0],
  ]),
  value: 0.1,
  baseline_value: 0.2,
  sum: -0.1,
  completeness_gap: 2e-6,
  points: 8,
  converged: true,
};

test("the sum, the difference and the gap are shown; a gap too large offers more points", () => {
  const told = (answer) =>
    JSON.stringify(
      integrated.panel({
        t,
        set: () => {},
        state: stateOf({ integralOpen: true, answers: { integrated_gradients: answered(answer) } }),
      }),
    );
  assert.match(told(SPLIT), /−0\.100 −0\.100 2e−6 8/);
  assert.doesNotMatch(told(SPLIT), /integrated-more/);
  assert.match(told({ ...SPLIT, converged: false }), /integrated-more/);
});

test("a bar is what all features of a step added, and each feature has its row", () => {
  const state = stateOf({ integralOpen: true, answers: { integrated_gradients: answered(SPLIT) } });
  const [, bars, features] = integrated.rows(state, scene);
  assert.deepEqual(
    [...bars.traces[0].y].map((value) => Number(value.toFixed(3))),
    [0.3, -0.4, 0],
  );
  assert.deepEqual([features.traces[0].zmin, features.traces[0].zmax], [-0.5, 0.5]);
});
