import assert from "node:assert/strict";
import test from "node:test";
import { createStore } from "../../../frontend/base/store.js";
import { Problem } from "../../../frontend/server/api.js";
import { createAsker } from "../../../frontend/server/asker.js";
import { answerOf } from "../../../frontend/state/selectors.js";
import { makeRun, makeState, settled } from "../run.js";

/** A question about a unit, whose answers the test gives by hand. @param {object} t the test's context @param {object} [patch] */
function makeAsker(t, patch) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const store = createStore(makeState({ run: makeRun(), tab: "other", ...patch }));
  const asked = [];
  const post = (name, request, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      asked.push({ name, request, resolve, reject });
    });
  const question = {
    name: "memory",
    isAsked: ({ tab }) => tab === "memory",
    dependsOn: ["unit"],
    requestOf: ({ unit }) => (unit === 99 ? null : { unit }),
  };
  createAsker(store, question, post);
  const wait = () => t.mock.timers.tick(250);
  return { store, asked, wait, known: () => answerOf(store.get(), "memory") };
}

const told = (asked) => asked.map(({ name, request }) => [name, request.unit]);

test("nothing is asked while the tab is closed, and what changed meanwhile is asked when it opens", (t) => {
  const { store, asked, wait } = makeAsker(t);
  store.set({ unit: 1 });
  wait();
  assert.deepEqual(told(asked), []);
  store.set({ tab: "memory" });
  wait();
  assert.deepEqual(told(asked), [["memory", 1]]);
});

test("closing and opening the tab asks for nothing that is known", async (t) => {
  const { store, asked, wait } = makeAsker(t, { tab: "memory" });
  store.set({ unit: 1 });
  wait();
  asked[0].resolve("known");
  await settled();
  for (const tab of ["other", "memory"]) store.set({ tab });
  store.set({ time: 2 });
  wait();
  assert.equal(asked.length, 1);
});

test("the last answer stays until the next one is there", async (t) => {
  const { store, asked, wait, known } = makeAsker(t, { tab: "memory" });
  store.set({ unit: 1 });
  wait();
  asked[0].resolve("first");
  await settled();
  store.set({ run: makeRun() });
  assert.deepEqual(known(), { answer: "first", faults: [], asking: true });
  wait();
  asked[1].resolve("second");
  await settled();
  assert.deepEqual(known(), { answer: "second", faults: [], asking: false });
});

test("a late answer to an old question is dropped", async (t) => {
  const { store, asked, wait, known } = makeAsker(t, { tab: "memory" });
  store.set({ unit: 1 });
  wait();
  store.set({ unit: 2 });
  asked[0].resolve("late");
  await settled();
  assert.deepEqual(known(), { answer: null, faults: [], asking: true });
});

test("a refusal of the server stands in place of an answer", async (t) => {
  const { store, asked, wait, known } = makeAsker(t, { tab: "memory" });
  store.set({ unit: 1 });
  wait();
  const faults = [{ field: "unit", message: "too large" }];
  asked[0].reject(new Problem(422, faults));
  await settled();
  assert.deepEqual(known(), { answer: null, faults, asking: false });
});

test("where there is nothing to ask yet, nothing is sent", async (t) => {
  const { store, asked, wait, known } = makeAsker(t, { tab: "memory" });
  store.set({ unit: 99 });
  wait();
  await settled();
  assert.deepEqual([asked.length, known().asking], [0, false]);
});
