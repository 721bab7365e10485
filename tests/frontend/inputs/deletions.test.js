import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { createStore } from "../../../frontend/base/store.js";
import { createDeletions } from "../../../frontend/inputs/model/deletions.js";
import { createModelList } from "../../../frontend/inputs/model/list.js";
import { Problem } from "../../../frontend/server/api.js";
import { createMessages, STANDS } from "../../../frontend/state/messages.js";
import { missingOf } from "../../../frontend/state/requests.js";
import { storedOf } from "../../../frontend/state/selectors.js";
import { makeState, settled } from "../run.js";

mock.timers.enable({ apis: ["setTimeout"] });

const entry = (id) => ({ id, name: `${id}.pt`, lstms: [], unsupported: {}, vocabulary: null });
const CHOSEN = { model: "stored", stored: "b", lstm: "rnn", softmax: true, source: "text", layer: 1, unit: 40 };

/** A page with three stored models, the second chosen, and a server that may fail. */
function makePage({ fail = null, listed = ["a", "b", "c"] } = {}) {
  const sent = [];
  const told = [];
  const store = createStore(makeState({ models: ["a", "b", "c"].map(entry), ...CHOSEN }));
  const channel = { postMessage: (message) => told.push(message), onmessage: null };
  const list = createModelList(store, async () => listed.map(entry), channel);
  const remove = async (id, options) => {
    sent.push([id, options?.keepalive ?? false]);
    if (fail) throw fail;
  };
  const deletions = createDeletions(store, list, createMessages(store), remove);
  const names = () =>
    store
      .get()
      .models.map(({ id }) => id)
      .join("");
  return { store, channel, list, deletions, sent, told, names };
}

test("a deleted model leaves the list at once and the server ten seconds later", async () => {
  const { store, deletions, sent, told, names } = makePage();
  deletions.remove();
  assert.equal(names(), "ac");
  assert.equal(store.get().model, "random");
  mock.timers.tick(STANDS - 1);
  assert.deepEqual(sent, []);
  assert.equal(store.get().messages.length, 1);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(sent, [["b", false]]);
  assert.deepEqual(told, [{ what: "deleted", id: "b" }]);
  assert.deepEqual(store.get().messages, []);
});

test("Undo brings back the model, its place in the list and the choices around it", () => {
  const { store, deletions, sent, names } = makePage();
  deletions.remove();
  store.set({ source: "signal", lstm: null, unit: 3, softmax: false });
  deletions.undo("b");
  assert.equal(names(), "abc");
  assert.deepEqual({ ...store.get(), ...CHOSEN }, store.get());
  mock.timers.tick(STANDS);
  assert.deepEqual(sent, []);
});

test("each of several deletions has ten seconds of its own", () => {
  const { store, deletions, sent, names } = makePage();
  deletions.remove();
  mock.timers.tick(STANDS - 1);
  store.set({ model: "stored", stored: "c" });
  deletions.remove();
  mock.timers.tick(1);
  assert.deepEqual(sent, [["b", false]]);
  deletions.undo("c");
  assert.equal(names(), "ac");
});

test("a page that is left deletes at once what can still be undone", () => {
  const { deletions, sent } = makePage();
  deletions.remove();
  deletions.finishAll();
  assert.deepEqual(sent, [["b", true]]);
  mock.timers.tick(STANDS);
  assert.equal(sent.length, 1);
});

test("a model that the server could not delete is back, with the reason", async () => {
  const fault = { field: "", code: "no_answer", message: "" };
  const { store, deletions, names } = makePage({ fail: new Problem(0, [fault]) });
  deletions.remove();
  mock.timers.tick(STANDS);
  await settled();
  assert.equal(names(), "abc");
  assert.deepEqual(store.get().messages[0].fault, fault);
});

test("one that is gone already is no failure", async () => {
  const { store, deletions, names } = makePage({ fail: new Problem(404, []) });
  deletions.remove();
  mock.timers.tick(STANDS);
  await settled();
  assert.equal(names(), "ac");
  assert.deepEqual(store.get().messages, []);
});

test("a list that the server sends meanwhile does not bring it back, another page that uses it does", async () => {
  const { channel, deletions, list, sent, names } = makePage();
  deletions.remove();
  list.take(["a", "b", "c"].map(entry));
  assert.equal(names(), "ac");
  channel.onmessage({ data: { what: "changed", id: "b" } });
  mock.timers.tick(STANDS);
  await settled();
  assert.deepEqual(sent, []);
  assert.equal(names(), "abc");
});

test("a model that another page deleted is missed by its name", () => {
  const { store, channel } = makePage();
  store.set({ time: 1 });
  channel.onmessage({ data: { what: "deleted", id: "b" } });
  assert.deepEqual(missingOf(store.get()), [{ type: "model", name: "b.pt" }]);
});

for (const [what, patch] of [
  ["run", (faults) => ({ problem: { status: 422, faults } })],
  ["analysis", (faults) => ({ answers: { health: { answer: null, faults, asking: false } } })],
]) {
  test(`where a model is gone for the ${what}, the list is fetched anew`, async () => {
    const { store, names } = makePage({ listed: ["a"] });
    store.set(patch([{ field: "sequence", code: "empty", message: "" }]));
    await settled();
    assert.equal(names(), "abc");
    store.set(patch([{ field: "first.model.id", code: "no_such_model", message: "" }]));
    await settled();
    assert.equal(names(), "a");
  });
}

test("an id that is not listed stands for another model of the same tensors", () => {
  const tensors = "0123456789abcdef0123456789abcdef";
  const models = [entry("f".repeat(32)), entry(tensors)];
  assert.equal(storedOf({ models, stored: `${tensors}1234` }), models[1]);
  assert.equal(storedOf({ models, stored: "f".repeat(31) }), undefined);
  assert.equal(storedOf({ models, stored: null }), undefined);
});
