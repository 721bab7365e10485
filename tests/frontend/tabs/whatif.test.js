import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import { createStore } from "../../../frontend/base/store.js";
import { changedPredictions, lossOf, tokensToCome } from "../../../frontend/charts/predictions.js";
import { Problem } from "../../../frontend/server/api.js";
import { eventsOf } from "../../../frontend/server/events.js";
import { panel as entries } from "../../../frontend/tabs/what_if/entries.js";
import * as held from "../../../frontend/tabs/what_if/intervention_bars.js";
import {
  added,
  cut,
  edited,
  faultsOf,
  holding,
  initialState,
  readInteger,
  readLast,
  readNumber,
  readUnits,
  removed,
  whatIfRequest,
  writeUnits,
} from "../../../frontend/tabs/what_if/interventions.js";
import { createSilencing } from "../../../frontend/tabs/what_if/silencing.js";
import { answered, makeRun, makeState, palette, settled, tensor } from "../run.js";

const t = translator({});
const HELD = { quantity: "forget_gate", value: 0.9, units: [1], first: 0, last: null, layer: 0, direction: "forward" };

const UNITS = [
  ["1, 3-5", [1, 3, 4, 5], "1, 3-5"],
  ["7 2–3", [2, 3, 7], "2-3, 7"],
  ["4,4", [4], "4"],
  ["", null, ""],
  [" ", null, ""],
  ["5-3", undefined],
  ["1-", undefined],
  ["one", undefined],
  ["-1", undefined],
];
for (const [text, units, written] of UNITS) {
  test(`units written "${text}" are ${JSON.stringify(units)}`, () => {
    assert.deepEqual(readUnits(text), units);
    if (written !== undefined) assert.equal(writeUnits(units), written);
  });
}

test("numbers are read as people type them, and nothing else is", () => {
  assert.deepEqual(["0.9", "−2", ".5", "1e-3", "3."].map(readNumber), [0.9, -2, 0.5, 1e-3, 3]);
  assert.deepEqual(["", "0x1", "1,5", "Infinity", "1e999", "-"].map(readNumber), Array(6).fill(undefined));
  assert.deepEqual([readInteger("12"), readInteger("1.5"), readInteger("-1")], [12, undefined, undefined]);
  assert.deepEqual([readLast(""), readLast("7"), readLast("x")], [null, 7, undefined]);
});

test("nothing is asked while nothing would differ, and what is switched off counts as nothing", () => {
  assert.equal(whatIfRequest(makeState({ run: makeRun() })), null);
  assert.equal(whatIfRequest(makeState({ run: makeRun(), interventions: [{ ...HELD, off: true }] })), null);
});

test("interventions go to the server beside the plain run, at the layer and quantity on screen", () => {
  const state = makeState({
    run: makeRun(),
    interventions: [
      { ...HELD, off: true },
      { ...HELD, value: 0, off: false },
    ],
  });
  const { interventions, changes, layer, direction, quantity, initial_state, model } = whatIfRequest(state);
  assert.deepEqual(interventions, [{ ...HELD, value: 0 }]);
  assert.deepEqual([changes, layer, direction, quantity], [[], 0, "forward", "cell_state"]);
  assert.equal(initial_state, undefined);
  assert.equal(model.hidden_size, 16);
});

test("another start is written for all units of each layer and direction", () => {
  const start = { quantity: "cell_state", value: 2, units: [1, 99], layer: 0, direction: "forward" };
  assert.deepEqual(initialState(makeRun(), [start]), { hidden_state: [0, 0], cell_state: [0, 2] });
  const run = makeRun();
  run.layers.push({ ...run.layers[0], direction: "backward" });
  const all = { ...start, quantity: "hidden_state", units: null, direction: "backward" };
  const several = initialState(run, [start, all]);
  assert.deepEqual(several.cell_state, [
    [0, 2],
    [0, 0],
  ]);
  assert.deepEqual(several.hidden_state, [
    [0, 0],
    [2, 2],
  ]);
});

test("presets take the chosen unit, layer and direction", () => {
  const run = makeRun();
  run.layers.push({ ...run.layers[0], direction: "backward" });
  const state = makeState({ run, unit: 1, direction: "backward" });
  assert.deepEqual(holding(state, "hidden_state", 0), {
    ...HELD,
    quantity: "hidden_state",
    value: 0,
    direction: "backward",
  });
  const { name, row, column } = cut(state);
  assert.deepEqual(
    [name, row, column],
    ["weight_hh_l0_reverse", 3, 1],
    "the forget gate's rows follow the input gate's",
  );
});

test("an entry is added, edited and removed, and what was typed beside it moves along", () => {
  const state = makeState({
    interventions: [HELD, HELD],
    drafts: { "interventions.1.units": "x", "changes.0.row": "y" },
  });
  assert.equal(added(state, "interventions", HELD).interventions.length, 3);
  assert.deepEqual(edited(state, "interventions", 1, { value: 0 }).interventions, [HELD, { ...HELD, value: 0 }]);
  const without = removed(state, "interventions", 0);
  assert.deepEqual(without.interventions, [HELD]);
  assert.deepEqual(without.drafts, { "interventions.0.units": "x", "changes.0.row": "y" });
  assert.deepEqual(removed(state, "interventions", 1).drafts, { "changes.0.row": "y" });
});

test("a fault stands beside the row it is about, also where a row before it is switched off", () => {
  const faults = [{ field: "interventions.0.units", message: "" }];
  const answers = { what_if: { answer: null, faults, asking: false } };
  const state = makeState({ interventions: [{ ...HELD, off: true }, HELD], answers });
  assert.equal(faultsOf(state)[0].field, "interventions.1.units");
});

test("layer and direction are chosen where there are several, and where an address names one that is not there", () => {
  const form = (patch) => ({
    t,
    set: () => {},
    draft: () => {},
    state: makeState({ interventions: [HELD], ...patch }),
  });
  const ids = (patch) => [...JSON.stringify(entries(form(patch))).matchAll(/"id":"interventions-0-(\w+)","value"/g)];
  const named = (patch) => ids(patch).map(([, name]) => name);
  assert.deepEqual(named({ run: makeRun() }), ["quantity"]);
  const run = makeRun();
  run.layers.push({ ...run.layers[0], direction: "backward" });
  assert.deepEqual(named({ run }), ["quantity", "direction"]);
  assert.deepEqual(named({ run: makeRun(), interventions: [{ ...HELD, layer: 7 }] }), ["quantity", "layer"]);
});

/** Probabilities of "a" and "b" over three steps. */
function spoken() {
  const run = makeRun();
  run.output = {
    kind: "probability",
    names: ["a", "b"],
    values: tensor([
      [0.9, 0.1],
      [0.2, 0.8],
      [0.5, 0.5],
    ]),
    targets: null,
  };
  run.sequence.characters = ["a", "a", "b"];
  return run;
}

test("predictions change where another token is the most probable", () => {
  const after = tensor([
    [0.4, 0.6],
    [0.1, 0.9],
    [0.7, 0.3],
  ]);
  const changed = changedPredictions({ ...spoken().output, first: spoken().output.values, second: after });
  assert.deepEqual(changed, [{ time: 0, before: 0, after: 1 }]);
});

test("a vocabulary of any size has a most probable token", () => {
  const row = new Array(200_000).fill(0);
  const [first, second] = [row.with(7, 1), row.with(199_999, 1)].map((values) => tensor([values]));
  assert.deepEqual(changedPredictions({ first, second }), [{ time: 0, before: 7, after: 199_999 }]);
});

test("what was to come is the task's, else what the text goes on with", () => {
  const run = spoken();
  assert.deepEqual(tokensToCome(run), [0, 1, -1]);
  run.output.targets = { data: Float32Array.from([1, 0, 1]), shape: [3] };
  assert.deepEqual(tokensToCome(run), [1, 0, 1]);
  run.output.targets = null;
  run.sequence.characters = null;
  assert.equal(tokensToCome(run), null);
});

test("the loss is the mean surprise of probabilities and the root of the mean square of values", () => {
  const run = spoken();
  const mean = -(Math.log(0.9) + Math.log(0.8)) / 2;
  assert.ok(Math.abs(lossOf(run, run.output.values) - mean) < 1e-6);
  assert.ok(
    Number.isFinite(
      lossOf(
        run,
        tensor([
          [0, 1],
          [1, 0],
          [1, 0],
        ]),
      ),
    ),
    "a probability of 0 is no infinite loss",
  );
  run.output = { kind: "value", names: ["y"], values: tensor([[1], [2], [3]]), targets: tensor([[1], [2], [0]]) };
  assert.ok(Math.abs(lossOf(run, run.output.values) - Math.sqrt(3)) < 1e-6);
  run.output.targets = null;
  assert.equal(lossOf(run, run.output.values), null);
});

test("an intervention is a bar over its steps, and they are marked across the rows", () => {
  const interventions = [HELD, { ...HELD, first: 1, last: 1 }, { ...HELD, off: true }, { ...HELD, first: 9 }];
  const state = makeState({ run: makeRun(), interventions });
  const [{ traces }] = held.rows(state, { palette, t });
  assert.deepEqual(
    traces.map(({ x }) => x),
    [
      [-0.5, 2.5],
      [0.5, 1.5],
    ],
  );
  const stretches = held.marks(state, { palette, t }).filter(({ type }) => type === "rect");
  assert.deepEqual(
    stretches.map(({ x0, x1 }) => [x0, x1]),
    [
      [-0.5, 2.5],
      [0.5, 1.5],
    ],
  );
});

test("events are read as they come, wherever the connection cuts them", async () => {
  const text =
    'event: progress\ndata: {"done": 1, "of": 2}\n\n: still here\n\nevent: result\r\ndata: {"units":\r\ndata: ["유닛"]}\r\n\r\n';
  for (const size of [1, 7, 1000]) {
    const bytes = new TextEncoder().encode(text);
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, part) =>
      bytes.slice(part * size, (part + 1) * size),
    );
    const events = [];
    for await (const event of eventsOf(ReadableStream.from(parts))) events.push(event);
    assert.deepEqual(events, [
      { name: "progress", data: { done: 1, of: 2 } },
      { name: "result", data: { units: ["유닛"] } },
    ]);
  }
});

/** Silencing whose events the test gives by hand. @param {object} [patch] */
function makeSilencing(patch) {
  const store = createStore(makeState({ run: makeRun(), tab: "whatif", ...patch }));
  const asked = [];
  async function* stream(name, request, signal) {
    const queue = [];
    let wake = () => {};
    const give = (event) => {
      queue.push(event);
      wake();
    };
    asked.push({ name, request, signal, give });
    while (true) {
      while (queue.length === 0) await new Promise((resolve) => (wake = resolve));
      const event = queue.shift();
      if (event === null) return;
      if (event instanceof Error) throw event;
      yield event;
    }
  }
  createSilencing(store, stream);
  return { store, asked };
}
const result = { units: [{ unit: 1, change: 0.5 }] };

test("silencing tells how far it is, and at last its result", async () => {
  const { store, asked } = makeSilencing();
  store.set({ silencing: { done: 0, of: 0 } });
  assert.deepEqual([asked[0].name, asked[0].request.layer], ["silencing", 0]);
  asked[0].give({ name: "progress", data: { done: 1, of: 2 } });
  await settled();
  assert.deepEqual(store.get().silencing, { done: 1, of: 2 });
  asked[0].give({ name: "result", data: result });
  asked[0].give(null);
  await settled();
  assert.equal(store.get().silencing, null);
  assert.deepEqual(store.get().answers.silencing, answered(result));
});

test("cancelling breaks the connection off, and what still comes is not heard", async () => {
  const { store, asked } = makeSilencing({ answers: { silencing: answered("earlier") } });
  store.set({ silencing: { done: 0, of: 0 } });
  store.set({ silencing: null });
  assert.ok(asked[0].signal.aborted);
  asked[0].give({ name: "result", data: result });
  asked[0].give(null);
  await settled();
  assert.deepEqual(store.get().answers.silencing, answered("earlier"));
});

test("another run, layer or direction takes the ranking away", () => {
  const { store, asked } = makeSilencing({ answers: { silencing: answered(result) } });
  store.set({ silencing: { done: 0, of: 0 } });
  store.set({ run: makeRun() });
  assert.ok(asked[0].signal.aborted);
  assert.equal(store.get().silencing, null);
  assert.deepEqual(store.get().answers.silencing, answered(null));
});

test("the page says what goes wrong on the way, or before it", async () => {
  const faults = [{ field: "", message: "too large" }];
  for (const fail of [{ name: "problem", data: { errors: faults } }, new Problem(422, faults)]) {
    const { store, asked } = makeSilencing();
    store.set({ silencing: { done: 0, of: 0 } });
    asked[0].give(fail);
    asked[0].give(null);
    await settled();
    assert.deepEqual(store.get().answers.silencing, { answer: null, faults, asking: false });
    assert.equal(store.get().silencing, null);
  }
});
