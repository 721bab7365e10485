import assert from "node:assert/strict";
import test from "node:test";
import { createStore } from "../../../frontend/base/store.js";
import { createActions } from "../../../frontend/page/player/actions.js";
import { makeRun, makeState } from "../run.js";

/** A run of 100 steps and 4 units. @param {object} [patch] */
function make(patch) {
  const run = makeRun();
  const store = createStore(
    makeState({
      run: { ...run, sequence: { ...run.sequence, steps: 100 }, model: { ...run.model, hidden_size: 4 } },
      ...patch,
    }),
  );
  return { store, ...createActions(store) };
}

test("the cursor stays within the run", () => {
  const { store, goTo, move, moveUnit } = make();
  for (const [act, expected] of [
    [() => goTo(Number.POSITIVE_INFINITY), 99],
    [() => move(10), 99],
    [() => move(-10), 89],
    [() => goTo(-3), 0],
  ]) {
    act();
    assert.equal(store.get().time, expected);
  }
  moveUnit(9);
  assert.equal(store.get().unit, 3);
  moveUnit(-9);
  assert.equal(store.get().unit, 0);
});

test("a click sets what it names", () => {
  const { store, pick } = make({ time: 5, unit: 2 });
  pick({ time: 7 });
  assert.deepEqual([store.get().time, store.get().unit], [7, 2]);
  pick({ time: 8, unit: 1 });
  assert.deepEqual([store.get().time, store.get().unit], [8, 1]);
});

test("zooming keeps the cursor in sight, and out again shows all", () => {
  const { store, zoomBy, goTo } = make({ time: 50 });
  zoomBy(0.5);
  assert.deepEqual(store.get().zoom, [25, 74]);
  goTo(80);
  assert.deepEqual(store.get().zoom, [31, 80]);
  goTo(10);
  assert.deepEqual(store.get().zoom, [10, 59]);
  zoomBy(2);
  assert.equal(store.get().zoom, null);
  for (let times = 0; times < 9; times += 1) zoomBy(0.5);
  const [first, last] = store.get().zoom;
  assert.equal(last - first + 1, 8);
  zoomBy(Number.POSITIVE_INFINITY);
  assert.equal(store.get().zoom, null);
});

test("play walks to the end, stops, and starts over", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { store, play } = make({ time: 97 });
  play();
  t.mock.timers.tick(120 * 2);
  assert.deepEqual([store.get().time, store.get().playing], [99, true]);
  t.mock.timers.tick(120);
  assert.deepEqual([store.get().time, store.get().playing], [99, false]);
  play();
  assert.equal(store.get().time, 0);
  play();
  t.mock.timers.tick(1200);
  assert.deepEqual([store.get().time, store.get().playing], [0, false]);
});
