import assert from "node:assert/strict";
import test from "node:test";
import { read, write } from "../../../frontend/address/url.js";
import { inputsOf, isStale } from "../../../frontend/state/inputs.js";
import { pin, pinnedState } from "../../../frontend/state/pinned.js";
import { dataOf, fingerprint, isAwaited, lengthOf, resolved } from "../../../frontend/state/raw_data.js";
import { missingOf, requestOf } from "../../../frontend/state/requests.js";
import { nameOf, recordOf, restored } from "../../../frontend/workspace/record.js";
import * as safetensors from "../../../frontend/workspace/safetensors.js";
import { pack, unpack } from "../../../frontend/workspace/session.js";
import { openedView } from "../../../frontend/workspace/view.js";
import { makeRun, makeState, USUAL } from "../run.js";

const file = { name: "long.npy", npy: "AAAA" };
const OWN = {
  "a text": { source: "text", text: "to be or not" },
  "no text at all": { source: "text", text: "" },
  numbers: { source: "numbers", numbers: "1\n2", columns: [0], scaling: "none" },
  "a file above numbers": { source: "numbers", numbers: "1\n2", file },
};

/** A database of what a record holds. */
function databaseOf(record) {
  const data = new Map(record.data);
  return { get: async (_shelf, key) => data.get(key) };
}

for (const [name, inputs] of Object.entries(OWN)) {
  test(`${name} comes back from a workspace with the same request`, async () => {
    const state = makeState({ ...inputs, dataNames: { text: "play.txt" }, drafts: { "model.seed": "x" } });
    const record = recordOf(state, write(state, USUAL), []);
    const view = await openedView(databaseOf(record), record.workspace, record.workspace.search, []);
    assert.deepEqual(requestOf(makeState(view)), requestOf(state));
    for (const part of ["numbers", "text", "file", "dataNames", "drafts"]) assert.deepEqual(view[part], state[part]);
  });

  test(`an address names ${name} without holding it, and waits where it is not there`, async () => {
    const state = makeState(inputs);
    const search = write(state, USUAL);
    const there = resolved(
      read(search).values,
      recordOf(state, search, []).data.map(([, raw]) => raw),
    );
    assert.equal(there.awaited, null);
    const elsewhere = makeState(await openedView(null, null, search, [{ text: "an example" }]));
    assert.equal(requestOf(elsewhere), null);
    assert.deepEqual(missingOf(elsewhere), [{ type: "data", source: inputs.source, data: dataOf(state) }]);
    assert.equal(write(elsewhere, USUAL), search);
    assert.ok(isAwaited(elsewhere, inputs));
    assert.ok(!isAwaited(elsewhere, { ...inputs, text: "other", numbers: "9", file: null }));
  });
}

test("a fingerprint tells the length, and numbers and text of the same characters have names of their own", () => {
  assert.equal(lengthOf(fingerprint({ text: "twelve signs" })), 12);
  assert.equal(fingerprint({ text: "1 2" }), fingerprint({ numbers: "1 2", file: null }));
  assert.notEqual(nameOf({ text: "1 2" }), nameOf({ numbers: "1 2", file: null }));
});

test("the run to compare with comes back with its data", async () => {
  const first = makeState({ source: "text", text: "the first" });
  const state = makeState({ ...pin(first), source: "text", text: "the second" });
  const record = recordOf(state, write(state, USUAL), []);
  const view = makeState(await openedView(databaseOf(record), record.workspace, record.workspace.search, []));
  assert.deepEqual(requestOf(pinnedState(view)), requestOf(first));
});

test("a workspace remembers the data that it had, the latest first and no more than a few", () => {
  let names = [];
  for (let count = 0; count < 40; count += 1) {
    const state = makeState({ source: "text", text: `text ${count}` });
    names = recordOf(state, "", names).workspace.data;
  }
  assert.equal(names.length, 32);
  assert.ok(names.includes(nameOf({ text: "text 39" })) && names.includes(nameOf({ text: "text 20" })));
});

test("a tour's memory of the reader's work is kept without its run", () => {
  const state = makeState({ beforeTour: { source: "text", run: makeRun(), runInputs: inputsOf(makeState()) } });
  const { workspace } = recordOf(state, "", []);
  assert.deepEqual(restored(workspace, () => undefined).beforeTour, { source: "text" });
});

test("a model that is not stored is missed by its name, once the list of models is there", () => {
  const inputs = { model: "stored", stored: "0".repeat(32), storedName: "mine.pt" };
  assert.deepEqual(missingOf(makeState({ ...inputs, isCatalogued: false })), []);
  assert.deepEqual(missingOf(makeState(inputs)), [{ type: "model", name: "mine.pt" }]);
  assert.match(write(makeState(inputs), USUAL), /model_name=mine.pt/);
});

test("a run is stale where its inputs are others and no run of them is to come", () => {
  const state = makeState({ source: "text", text: "one", run: makeRun(), problem: null, running: false });
  const shown = { ...state, runInputs: inputsOf(state) };
  const problem = { status: 422, faults: [] };
  assert.ok(!isStale(shown));
  assert.ok(!isStale({ ...shown, problem }), "the fault is of something else");
  assert.ok(!isStale({ ...shown, text: "two" }), "its run is to come");
  assert.ok(isStale({ ...shown, text: "two", problem }));
  assert.ok(isStale({ ...shown, text: "" }), "there is nothing to run");
  assert.ok(!isStale({ ...shown, text: "two", problem, running: true }));
});

const weights = {
  name: "rnn.weight_hh_l0",
  dtype: "F32",
  shape: [2],
  bytes: new Uint8Array([0, 0, 128, 63, 1, 2, 3, 4]),
};

test("a session's file comes back as it was, with the model's tensors among its own", async () => {
  const state = makeState(OWN["a file above numbers"]);
  const { workspace, data } = recordOf(state, write(state, USUAL), []);
  const model = { id: "a1", name: "mine", file_name: "mine.pt", vocabulary: ["a", "문"] };
  const tensors = await safetensors.write({ tensors: [weights], metadata: {} }).arrayBuffer();
  const packed = await pack({ workspace, data, model }, tensors).arrayBuffer();
  const opened = unpack(packed);
  assert.deepEqual(opened.session, JSON.parse(JSON.stringify({ workspace, data, model })));
  assert.deepEqual(safetensors.read(await opened.model.arrayBuffer()).tensors, [weights]);
  assert.equal(unpack(await pack({ workspace, data, model: null }, null).arrayBuffer()).model, null);
  const named = safetensors.read(packed).tensors.map(({ name }) => name);
  assert.deepEqual(named, ["rnn.weight_hh_l0", "gatescope.session"]);
});

const session = (content, version = 1) =>
  safetensors
    .write({
      tensors: [
        {
          ...{ name: "gatescope.session", dtype: "U8", shape: [1] },
          bytes: new TextEncoder().encode(JSON.stringify(content)),
        },
      ],
      metadata: { gatescope: JSON.stringify({ version }) },
    })
    .arrayBuffer();
const whole = { workspace: { search: "", hypothesisDetail: "" }, data: [], model: null };
const FORGED = {
  "of another version": () => session(whole, 2),
  "without a workspace": () => session({ data: [], model: null }),
  "whose text is no text": () => session({ ...whole, data: [["text-1", { text: { toString: 1 } }]] }),
  "whose address is a number": () => session({ ...whole, workspace: { ...whole.workspace, search: 1 } }),
  "with a header longer than itself": async () => new Uint8Array(20).fill(255).buffer,
};
for (const [name, make] of Object.entries(FORGED)) {
  test(`a session ${name} is refused`, async () => {
    const content = await make();
    assert.throws(() => unpack(content));
  });
}

test("what a session says of a tour or of half-typed values is not taken over", async () => {
  const forged = { ...whole, workspace: { ...whole.workspace, beforeTour: { run: 1 }, drafts: { a: 1 } } };
  const { workspace } = unpack(await session(forged)).session;
  assert.deepEqual([workspace.beforeTour, workspace.drafts], [null, {}]);
});
