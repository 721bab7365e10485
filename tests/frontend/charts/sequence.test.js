import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import * as sequence from "../../../frontend/charts/sequence.js";
import { panel as colouredText } from "../../../frontend/tabs/gates/coloured_text.js";
import { makeRun, makeState, palette, tensor } from "../run.js";

const t = translator({});
const scene = { palette, t, width: 800 };

test("a few features are lines with their names, many are a heatmap, a text is a ribbon", () => {
  const run = makeRun();
  assert.equal(sequence.rows(makeState({ run: run }), scene)[0].traces[0].mode, "lines");
  run.sequence.features = Array.from({ length: 9 }, (_, index) => `x${index}`);
  run.sequence.values = tensor([1, 2, 3].map((value) => Array(9).fill(value)));
  assert.equal(sequence.rows(makeState({ run: run }), scene)[0].traces[0].type, "heatmap");
  run.sequence.characters = ["a", " ", "\n"];
  const [ribbon] = sequence.rows(makeState({ run: run }), scene);
  assert.deepEqual(ribbon.traces[0].text, ["a", "␣", "↵"]);
  assert.equal(
    sequence.rows(makeState({ run: run }), { ...scene, width: 20 })[0].traces[0].mode,
    "markers",
    "no room to read it",
  );
});

test("words stand apart, in the ribbon and in the coloured text", () => {
  const run = makeRun();
  run.sequence.characters = ["the", "cat", "!"];
  assert.equal(sequence.rows(makeState({ run: run }), { ...scene, width: 120 })[0].traces[0].mode, "text");
  assert.equal(
    sequence.rows(makeState({ run: run }), { ...scene, width: 80 })[0].traces[0].mode,
    "markers",
    "they would touch",
  );
  const form = { t, state: makeState({ run, time: 1 }), set: () => {} };
  const texts = colouredText(form)[2].children;
  assert.deepEqual(
    texts.map((token) => token.children?.[0] ?? token),
    ["the", " ", "cat", " ", "!", " "],
  );
});

test("what an embedding gives is named as such, also where it is a single feature", () => {
  const run = makeRun();
  run.model.front = "model.encoder";
  run.sequence = { ...run.sequence, type: "signal", features: ["model.encoder 0"] };
  const [{ title, traces }] = sequence.rows(makeState({ run: run }), scene);
  assert.equal(title, "quantity.sequence · feature.embedded");
  assert.equal(traces[0].name, "feature.embedded");
});
