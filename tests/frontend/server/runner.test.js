import assert from "node:assert/strict";
import test from "node:test";
import { createStore } from "../../../frontend/base/store.js";
import { Problem } from "../../../frontend/server/api.js";
import { createRunner } from "../../../frontend/server/runner.js";
import { makeRun, makeState, settled } from "../run.js";

/** A runner whose answers the test gives by hand. @param {object} [patch] */
function makeRunner(patch) {
  const store = createStore(makeState({ problem: null, running: false, ...patch }));
  const asked = [];
  const post = (request, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      asked.push({ request, resolve, reject });
    });
  return { store, asked, ...createRunner(store, post) };
}

test("an answer becomes the run, and the cursor and the zoom are kept within it", async () => {
  const { store, asked, run } = makeRunner({ time: 9, unit: 9, zoom: [1, 8] });
  run();
  assert.ok(store.get().running);
  const answer = makeRun();
  asked[0].resolve(answer);
  await settled();
  const { running, run: shown, time, unit, zoom } = store.get();
  assert.deepEqual(
    { running, shown, time, unit, zoom },
    { running: false, shown: answer, time: 2, unit: 1, zoom: [1, 2] },
  );
});

test("changes within a moment are one request", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, asked } = makeRunner();
  store.set({ hiddenSize: 3 });
  t.mock.timers.tick(200);
  store.set({ hiddenSize: 4 });
  t.mock.timers.tick(249);
  assert.equal(asked.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual(
    asked.map(({ request }) => request.model.hidden_size),
    [4],
  );
});

test("moving the cursor asks for nothing", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, asked } = makeRunner();
  store.set({ time: 3, unit: 2, zoom: [0, 9], language: "ko" });
  t.mock.timers.tick(10_000);
  assert.equal(asked.length, 0);
});

test("a late answer to an old request is dropped", async () => {
  const { store, asked, run } = makeRunner();
  run();
  run();
  const late = makeRun();
  const answer = makeRun();
  asked[1].resolve(answer);
  asked[0].resolve(late);
  await settled();
  assert.equal(store.get().run, answer);
});

test("a problem is kept beside the last run", async () => {
  const last = makeRun();
  const { store, asked, run } = makeRunner({ run: last });
  run();
  asked[0].reject(new Problem(422, [{ field: "sequence.text", code: "empty", message: "empty" }]));
  await settled();
  const { problem, run: shown, running } = store.get();
  assert.deepEqual([problem.status, problem.faults[0].field, shown, running], [422, "sequence.text", last, false]);
});

test("nothing to run is no problem", async () => {
  const { store, asked, run } = makeRunner({ source: "text", text: "", problem: { status: 422, faults: [] } });
  await run();
  assert.deepEqual([asked.length, store.get().problem, store.get().running], [0, null, false]);
});
