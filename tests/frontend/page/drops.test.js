import assert from "node:assert/strict";
import test from "node:test";
import { takesText } from "../../../frontend/inputs/sequence/actions.js";
import { createDrops } from "../../../frontend/page/drops/drops.js";
import { isVocabulary } from "../../../frontend/page/drops/vocabulary.js";
import { makeState } from "../run.js";

const OF_TEXT = { model: "stored", stored: "a", models: [{ id: "a", lstms: [], vocabulary: ["x"] }] };
const VOCABULARY = '{"x": 0, "y": 1}';

/** Drops files, each a name or a name and its content, and gives what was done with them in turn. */
async function dropped(names, { state = {}, refused = [], folders = [] } = {}) {
  const done = [];
  const note =
    (name, answer) =>
    async (what, ...others) => {
      done.push([name, ...[what].flat().map((file) => file.name ?? file), ...others]);
      return answer;
    };
  const actions = {
    openSession: note("session"),
    uploadAll: note("model", !refused.includes("model")),
    change: ({ vocabulary }) => note("vocabulary", !refused.includes("vocabulary"))(vocabulary),
    attach: note("numbers"),
    attachText: note("text"),
  };
  const drops = createDrops({ get: () => makeState(state) }, actions, (key, told) => done.push([key, ...told]));
  const files = (list) => list.map((each) => new File([[each].flat()[1] ?? ""], [each].flat()[0]));
  await drops.receive(files(names), files(folders));
  return done;
}

const DROPS = [
  [
    "a model comes before its data",
    ["a.csv", "m.pt"],
    {},
    [
      ["model", "m.pt"],
      ["numbers", "a.csv"],
    ],
  ],
  ["models are taken together", ["m.pt", "n.ONNX"], {}, [["model", "m.pt", "n.ONNX"]]],
  [
    "a model, its vocabulary and a text are all taken",
    ["story.txt", ["v.json", VOCABULARY], "m.pt"],
    { state: OF_TEXT },
    [
      ["model", "m.pt"],
      ["vocabulary", VOCABULARY],
      ["text", "story.txt"],
    ],
  ],
  [
    "a vocabulary without a model of one’s own is said",
    [["v.json", VOCABULARY]],
    {},
    [["drop.vocabulary_alone", "v.json"]],
  ],
  ["a JSON file of numbers is none", [["n.json", "[[1, 2]]"]], { state: OF_TEXT }, [["numbers", "n.json"]]],
  ["a text is numbers for a model that takes no text", ["a.txt"], {}, [["numbers", "a.txt"]]],
  ["a table is numbers for a model of text too", ["a.csv"], { state: OF_TEXT }, [["numbers", "a.csv"]]],
  [
    "a session is taken alone",
    ["a.csv", "v.gatescope", "m.pt"],
    {},
    [
      ["session", "v.gatescope"],
      ["drop.broken_off", "a.csv", "m.pt"],
    ],
  ],
  [
    "a second data file is said",
    ["a.csv", "b.npy", "c.txt"],
    {},
    [
      ["drop.one_data", "b.npy", "c.txt"],
      ["numbers", "a.csv"],
    ],
  ],
  [
    "what a model refused leaves is said",
    ["m.pt", "a.csv"],
    { refused: ["model"] },
    [
      ["model", "m.pt"],
      ["drop.broken_off", "a.csv"],
    ],
  ],
  [
    "a folder and unknown endings are said",
    ["a.pdf", "b"],
    { folders: ["photos"] },
    [
      ["drop.folder", "photos"],
      ["drop.unknown", "a.pdf", "b"],
    ],
  ],
];
for (const [what, names, how, done] of DROPS) test(what, async () => assert.deepEqual(await dropped(names, how), done));

const VOCABULARIES = [
  ["words.json", VOCABULARY, true],
  ["words.json", '{"0": "x", "1": "y"}', true],
  ["words.json", '["x", "y"]', true],
  ["words.vocab", "x\ny", true],
  ["vocab.json", '{"warm": [1, 2]}', false],
  ["vocab.json", '[{"warm": 1}]', false],
  ["vocab.json", "[1, 2]", false],
  ["vocab.json", '{"x": 0.5}', false],
  ["vocab.json", '{"name": "x"}', false],
  ["vocab.json", "{}", false],
  ["vocab.json", "null", false],
  ["vocab.json", "{", false],
  ["words.txt", VOCABULARY, false],
];
for (const [name, content, expected] of VOCABULARIES) {
  test(`${name} with ${content} is ${expected ? "a" : "no"} vocabulary`, async () =>
    assert.equal(await isVocabulary(new File([content], name)), expected));
}

const zoo = [
  { name: "anbn", output_kind: "next_token" },
  { name: "sunspots", output_kind: "value" },
];
const READERS = [
  [OF_TEXT, true],
  [{ ...OF_TEXT, models: [{ id: "a", lstms: [], vocabulary: null }] }, false],
  [{ model: "zoo", zoo, task: "anbn" }, true],
  [{ model: "zoo", zoo, task: "sunspots" }, false],
  [{ model: "random", source: "text" }, true],
  [{ model: "random", source: "signal" }, false],
];
for (const [patch, expected] of READERS) {
  test(`${JSON.stringify(patch)} reads ${expected ? "a text" : "numbers"}`, () =>
    assert.equal(takesText(makeState(patch)), expected));
}
