import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import * as halfLives from "../../../frontend/tabs/memory/half_lives.js";
import { memory } from "../../../frontend/tabs/memory/tab.js";
import * as writes from "../../../frontend/tabs/memory/writes.js";
import { answered, makeRun, makeState, palette, tensor, vector } from "../run.js";

const t = translator({ "memory.writes.sum": "{cell} = {initial} + {written}, {residual}" });
const scene = { palette, t, width: 800 };
const retained = (...values) =>
  makeState({ run: makeRun(), unit: 1, answers: { retention: answered({ half_lives: vector(...values) }) } });
const question = (name) => memory.questions.find((candidate) => candidate.name === name);

test("the triangle is asked for the steps on screen, and the writes for the chosen one", () => {
  const state = makeState({ run: makeRun(), unit: 1, time: 2, zoom: [1, 2] });
  const { start, stop, unit } = question("retention").requestOf(state);
  assert.deepEqual({ start, stop, unit }, { start: 1, stop: 3, unit: 1 });
  assert.equal(question("writes").requestOf(state).step, 2);
});

test("half-lives stand on decades that hold them; what is never or wholly forgotten is an arrow at the edge", () => {
  const { traces, yaxis } = halfLives.plot(retained(3, 250, Infinity, 0), scene);
  assert.deepEqual(traces[0].y, [3, 250, 1000, 1]);
  assert.deepEqual(traces[0].marker.symbol, ["circle", "circle", "triangle-up", "triangle-down"]);
  assert.deepEqual(traces[0].text, ["3", "250", "∞", "0"]);
  assert.deepEqual(yaxis.tickvals, [1, 10, 100, 1000]);
});

test("the units that remember longest are named first", () => {
  const texts = JSON.stringify(halfLives.panel({ t, state: retained(3, 250, Infinity, 0), set: () => {} }));
  const named = [...texts.matchAll(/lines\.unit · ([^"]+)"/g)].map(([, steps]) => steps);
  assert.deepEqual(named, ["∞", "250", "3", "0"]);
});

const BACKWARD = { step: 1, steps: [2, 1], parts: vector(-0.5, 0.2), initial: 0.1, sum: -0.2, cell_state: -0.2 };

test("what was written stands at its step, also where time runs backward, with its sign", () => {
  const state = makeState({ run: makeRun(), answers: { writes: answered({ ...BACKWARD, residual: 0 }) } });
  const { traces } = writes.rows(state, scene).at(-1);
  assert.deepEqual(
    [...traces[0].y].map((value) => Number(value.toFixed(3))),
    [0, 0.2, -0.5],
  );
  const [blue, orange] = palette.series;
  assert.deepEqual(traces[0].marker.color, [orange, orange, blue]);
});

test("the sum is shown with its parts and what it misses, and the largest write first", () => {
  const state = makeState({ run: makeRun(), answers: { writes: answered({ ...BACKWARD, residual: -3e-8 }) } });
  const texts = JSON.stringify(writes.panel({ t, state, set: () => {} }));
  assert.match(texts, /−0\.200 = 0\.100 \+ \(−0\.300\), 3e−8/);
  assert.ok(texts.indexOf("t 2") < texts.indexOf("t 1"));
  assert.match(texts, /62\.5 %/);
});

test("of many steps no bar is drawn that nobody could see", () => {
  const run = makeRun();
  run.sequence.steps = 900;
  run.sequence.values = tensor(Array(900).fill([0]));
  const state = makeState({ run, answers: { writes: answered({ ...BACKWARD, residual: 0 }) } });
  assert.equal(writes.rows(state, scene).at(-1).traces[0].type, "scatter");
  assert.equal(writes.rows({ ...state, zoom: [0, 99] }, scene).at(-1).traces[0].type, "bar");
});
