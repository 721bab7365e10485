import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import { pin, pinnedState } from "../../../frontend/state/pinned.js";
import { requestOf } from "../../../frontend/state/requests.js";
import { suggestions } from "../../../frontend/tabs/compare/suggestions.js";
import { compare } from "../../../frontend/tabs/compare/tab.js";
import { answered, makeRun, makeState, palette } from "../run.js";
import { makeCompared } from "../two_runs/compared.js";

const t = translator({
  "compare.random_biased": "{units} units, seed {seed}",
  "compare.other_seed": "seed {seed}",
  "signal.sunspots": "signal.sunspots",
});
const scene = { palette, t, width: 800 };
const [{ isAsked, requestOf: asked }] = compare.questions;

/** Everything that stands in the panel, and its buttons by their text. */
function shown(state) {
  const patches = [];
  const form = { t, state, set: (patch) => patches.push(patch), draft: () => {} };
  const buttons = {};
  const visit = (node) => {
    if (typeof node !== "object") return;
    if (node.tag === "button") buttons[node.children.join("")] = node.props;
    node.children.forEach(visit);
  };
  const content = compare.panel(form);
  visit(content);
  return { text: JSON.stringify(content), buttons, patches };
}

test("without a run A nothing is asked, and the page says how to begin", () => {
  const state = makeState({ run: makeRun(), tab: "compare" });
  assert.equal(isAsked(state), false);
  const { text, buttons, patches } = shown(state);
  assert.match(text, /compare\.empty/);
  buttons["compare.keep"].onclick();
  assert.deepEqual(patches, [pin(state)]);
});

test("both runs are in one request, run A first", () => {
  const state = makeState({ run: makeRun(), tab: "compare", seed: 2, ...pin(makeState({ seed: 1 })) });
  assert.equal(isAsked(state), true);
  const { first, second, layer, direction, quantity } = asked(state);
  assert.deepEqual([first.model.seed, second.model.seed], [1, 2]);
  assert.deepEqual({ layer, direction, quantity }, { layer: 0, direction: "forward", quantity: "cell_state" });
});

test("a run is not compared with itself, nor with one whose text is not here", () => {
  const state = makeState({ run: makeRun(), seed: 2 });
  assert.equal(asked({ ...state, ...pin(state) }), null);
  assert.match(shown({ ...state, ...pin(state) }).text, /compare\.same/);
  const opened = { ...state, pinned: "?source=text&data=abc" };
  assert.equal(asked(opened), null);
  assert.match(shown(opened).text, /compare\.lacks_data/);
});

test("both runs are described in words, and what differs stands out", () => {
  const state = makeState({
    run: makeRun(),
    seed: 2,
    ...pin(makeState({ seed: 1 })),
    answers: { comparison: answered(makeCompared()) },
  });
  const { text } = shown(state);
  assert.match(text, /"class":"differs"},"children":\["16 units, seed 1"\]/);
  assert.match(text, /"class":"differs"},"children":\["16 units, seed 2"\]/);
  assert.match(text, /"class":""},"children":\["signal\.sunspots"\]/);
});

test("a fault says in which of the two runs it is", () => {
  const faults = [
    { field: "first.model.hidden_size", message: "too large" },
    { field: "second", message: "another size" },
  ];
  const { text } = shown(
    makeState({ run: makeRun(), ...pin(makeState({ seed: 1 })), answers: { comparison: answered(null, faults) } }),
  );
  assert.match(text, /"A: too large"/);
  assert.match(text, /"another size"/);
});

test("the page says that a text of run A stays in the browser", () => {
  const { text } = shown(makeState({ run: makeRun(), ...pin(makeState({ source: "text", text: "abc" })) }));
  assert.match(text, /compare\.data_stays/);
  assert.match(text, /“abc”/);
});

test("the sequences of both stand above what is compared", () => {
  const sequences = { first: makeRun().sequence, second: makeRun().sequence };
  const answer = { ...makeCompared(), sequences };
  const drawn = compare.charts.comparison.rows(
    makeState({ run: makeRun(), answers: { comparison: answered(answer) } }),
    scene,
  );
  assert.deepEqual(
    drawn.slice(0, 3).map(({ id }) => id),
    ["sequence_0", "sequence_1", "first"],
  );
  assert.match(drawn[1].title, /· B$/);
  assert.deepEqual(compare.charts.comparison.rows(makeState(), scene), []);
});

const zoo = [
  { name: "echo", hidden_size: 12, features: ["sign"] },
  { name: "sunspots", hidden_size: 12, features: ["number"] },
  { name: "anbn", hidden_size: 6, features: ["a"] },
];
const run = makeRun();
run.model.hidden_size = 12;
const lstm = {
  name: "lstm",
  input_size: 1,
  hidden_size: 12,
  num_layers: 1,
  bidirectional: false,
  proj_size: 0,
  fronts: {},
  read_outs: {},
};
const models = [
  { id: "one", name: "before.pt", lstms: [lstm] },
  { id: "two", name: "larger.pt", lstms: [{ ...lstm, hidden_size: 13 }] },
];

test("of trained models another input, an untrained one, and those of the same size are suggested", () => {
  const state = makeState({ run, zoo, models, model: "zoo", source: "task", task: "echo", taskSeed: 2 ** 32 - 1 });
  const requests = suggestions(state, t).map(({ patch }) =>
    requestOf(pinnedState({ ...state, ...pin({ ...state, ...patch }) })),
  );
  assert.deepEqual(
    requests.map(({ model, sequence }) => [model.name ?? model.id ?? model.hidden_size, sequence.name, sequence.seed]),
    [
      ["echo", "echo", 0],
      [12, "echo", 2 ** 32 - 1],
      ["sunspots", "sunspots", 0],
      ["one", "echo", 2 ** 32 - 1],
    ],
  );
});

const WORDS = ["a", "b", "c"];
const embedded = { ...lstm, input_size: 7, fronts: { pos: 5, words: 3 }, read_outs: { head: 3 } };
const present = { id: "present", name: "present.pt", lstms: [embedded], vocabulary: WORDS };
const SUITABLE = [
  [
    "of as many features",
    { model: "zoo", source: "signal" },
    { id: "wide", lstms: [{ ...lstm, input_size: 2 }] },
    false,
  ],
  ["with as many tokens", { source: "text" }, { id: "other", lstms: [embedded], vocabulary: WORDS }, true],
  ["with a vocabulary", { source: "text" }, { id: "other", lstms: [embedded], vocabulary: null }, false],
  ["with an embedding", { source: "signal" }, { id: "other", lstms: [lstm], vocabulary: null }, false],
];
for (const [what, inputs, other, isSuggested] of SUITABLE) {
  test(`a model of the same size is suggested where it takes the sequence too: ${what}`, () => {
    const own = { model: "stored", stored: "present", lstm: "lstm", front: "words", task: "echo" };
    const state = makeState({ ...own, ...inputs, run, models: [present, { name: other.id, ...other }] });
    const found = suggestions(state, t).filter(({ text }) => text === other.id);
    assert.equal(found.length === 1, isSuggested);
    if (isSuggested) assert.equal(found[0].patch.front, "words");
  });
}

test("of an untrained cell another seed is suggested, and the one taken is marked", () => {
  const state = makeState({ run: makeRun() });
  const { buttons, patches } = shown(state);
  buttons["seed 1"].onclick();
  const { buttons: after } = shown({ ...state, ...patches[0] });
  assert.equal(after["seed 1"]["aria-pressed"], "true");
});

test("several layers cannot be drawn anew, so no untrained one is suggested", () => {
  const deep = makeRun();
  deep.model.num_layers = 2;
  const state = makeState({ run: deep, model: "stored", stored: "two", source: "text", text: "a" });
  assert.deepEqual(suggestions(state, t), []);
});
