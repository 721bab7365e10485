import assert from "node:assert/strict";
import test from "node:test";
import { createStore } from "../../../frontend/base/store.js";
import { requestOf } from "../../../frontend/state/requests.js";
import { cursorOf, lstmOf } from "../../../frontend/state/selectors.js";
import { makeRun, makeState } from "../run.js";

test("a signal is asked for by its name and parameters", () => {
  const request = requestOf(makeState({ parameters: { period: 9 }, initialisation: "chrono" }));
  assert.deepEqual(request, {
    model: { type: "random", hidden_size: 16, initialisation: "chrono", seed: 0 },
    sequence: { type: "signal", name: "sunspots", steps: 200, parameters: { period: 9 }, seed: 0, scaling: "zscore" },
  });
});

test("the forget bias goes with xavier only", () => {
  assert.equal(requestOf(makeState()).model.forget_bias, 1);
  assert.ok(!("forget_bias" in requestOf(makeState({ initialisation: "pytorch" })).model));
});

const TABLE = { scaling: "zscore", columns: [1] };
const SOURCES = [
  [
    { source: "numbers", numbers: "1 2" },
    { type: "table", text: "1 2", ...TABLE },
  ],
  [
    { source: "numbers", file: { name: "f", text: "3" } },
    { type: "table", text: "3", ...TABLE },
  ],
  [
    { source: "numbers", file: { name: "f", npy: "AA==" } },
    { type: "npy", data: "AA==", ...TABLE },
  ],
  [
    { source: "text", text: " " },
    { type: "text", text: " " },
  ],
];
for (const [patch, sequence] of SOURCES) {
  test(`${JSON.stringify(patch)} becomes a ${sequence.type}`, () => {
    assert.deepEqual(requestOf(makeState({ columns: [1], ...patch })).sequence, sequence);
  });
}

test("the only LSTM of a stored model need not be named, one of several must be", () => {
  const [encoder, decoder] = [{ name: "encoder" }, { name: "decoder" }];
  const found = (lstms, lstm) => lstmOf(makeState({ models: [{ id: "a", lstms }], stored: "a", lstm }));
  assert.equal(found([encoder], null), encoder);
  assert.equal(found([encoder], "decoder"), undefined);
  assert.equal(found([encoder, decoder], null), undefined);
  assert.equal(found([encoder, decoder], "decoder"), decoder);
});

test("nothing is asked for where there is nothing to run", () => {
  assert.equal(requestOf(makeState({ source: "numbers", numbers: " \n" })), null);
  assert.equal(requestOf(makeState({ source: "text", text: "" })), null);
});

test("a hovered point stands above the chosen one", () => {
  assert.deepEqual(cursorOf(makeState({ time: 3, unit: 1 })), { time: 3, unit: 1 });
  assert.deepEqual(cursorOf(makeState({ hover: { time: 9, unit: 0 } })), { time: 9, unit: 0 });
});

test("a store tells its listeners the state after and before, and only of changes", () => {
  const store = createStore({ a: 1, b: 2 });
  const told = [];
  store.subscribe((state, before) => told.push([state, before]));
  store.set({ a: 1 });
  store.set({ a: 5 });
  assert.deepEqual(told, [
    [
      { a: 5, b: 2 },
      { a: 1, b: 2 },
    ],
  ]);
});

test("the cursor is seen within the run on screen, also where the next one will be longer", () => {
  const run = makeRun();
  assert.deepEqual(cursorOf(makeState({ run, time: 18, unit: 4 })), { time: 2, unit: 1 });
  assert.deepEqual(cursorOf(makeState({ run, time: 1, unit: 0 })), { time: 1, unit: 0 });
});
