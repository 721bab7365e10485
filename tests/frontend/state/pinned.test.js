import assert from "node:assert/strict";
import test from "node:test";
import { read, write } from "../../../frontend/address/url.js";
import { isOfRawData, isSame, pin, pinnedRun, pinnedState, swapped } from "../../../frontend/state/pinned.js";
import { requestOf } from "../../../frontend/state/requests.js";
import { makeState, USUAL } from "../run.js";

const table = { source: "numbers", numbers: "1\n2\n3", scaling: "none", columns: [0] };
const RUNS = {
  "a trained model on its task": { model: "zoo", source: "task", task: "echo", taskSeed: 4 },
  "a first visit": { model: "zoo", source: "task" },
  "an untrained cell on a signal": { signal: "sine", steps: 30, parameters: { period: 7 }, seed: 5, forgetBias: -1 },
  "a stored model": { model: "stored", stored: "a1b2", lstm: "encoder.lstm", readOut: "head", softmax: true },
  numbers: table,
  "a text": { source: "text", text: "to be or not" },
  "a file": { ...table, numbers: "", file: { name: "a.csv", text: "4\n5" } },
};

for (const [name, inputs] of Object.entries(RUNS)) {
  test(`${name} is kept, with all that its request holds`, () => {
    const state = makeState(inputs);
    const later = makeState({
      ...pin(state),
      hiddenSize: 99,
      text: "other",
      numbers: "9",
      taskSeed: 8,
      task: "adding",
    });
    assert.deepEqual(requestOf(pinnedState(later)), requestOf(state));
    assert.equal(isSame({ ...state, ...pin(state) }), true);
    assert.equal(isSame(later), false);
  });

  test(`${name} comes back from the address, but for raw data`, () => {
    const state = makeState({ ...inputs, ...pin(makeState(inputs)) });
    const address = write(state, USUAL);
    const { values, refused } = read(address);
    assert.deepEqual(refused, []);
    assert.equal(values.pinned, state.pinned);
    const opened = makeState({ ...values, pinnedData: {} });
    const isRaw = ["numbers", "text"].includes(inputs.source);
    assert.equal(isOfRawData(opened), isRaw);
    if (isRaw) assert.equal(pinnedState(opened), null);
    else assert.deepEqual(requestOf(pinnedState(opened)), requestOf(state));
    for (const secret of ["to be", "1%0A2", "4%0A5", "a.csv"]) assert.ok(!address.includes(secret));
  });
}

test("swapped runs keep what was typed into either", () => {
  const first = makeState({ source: "text", text: "the first" });
  const state = makeState({ ...pin(first), ...table });
  const other = makeState({ ...state, ...swapped(state) });
  assert.equal(other.text, "the first");
  assert.deepEqual(requestOf(other), requestOf(first));
  assert.deepEqual(requestOf(pinnedState(other)), requestOf(state));
  assert.deepEqual(requestOf(makeState({ ...other, ...swapped(other) })), requestOf(state));
});

test("another text has another name, and the oldest of many is let go", () => {
  let state = makeState({ source: "text" });
  const names = new Set();
  for (let count = 0; count < 12; count += 1) {
    state = { ...state, ...pin({ ...state, text: `text ${count}` }) };
    names.add(state.pinned);
  }
  assert.equal(names.size, 12);
  assert.deepEqual(
    Object.values(state.pinnedData).map(({ text }) => text),
    Array.from({ length: 8 }, (_, index) => `text ${index + 4}`),
  );
});

const REFUSED = [
  "",
  "task_seed=1",
  "?task_seed=-1",
  "?nonsense=1",
  "?source=text",
  "?data=abc",
  "?source=text&data=<b>",
];
for (const text of REFUSED) {
  test(`an address that names “${text}” to compare with is not understood`, () => {
    assert.equal(pinnedRun.read(text), undefined);
  });
}
