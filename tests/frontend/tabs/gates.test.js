import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import { panel as colouredText } from "../../../frontend/tabs/gates/coloured_text.js";
import * as gates from "../../../frontend/tabs/gates/heatmaps.js";
import * as lines from "../../../frontend/tabs/gates/lines.js";
import * as output from "../../../frontend/tabs/gates/output.js";
import { correlation } from "../../../frontend/tabs/gates/quantity.js";
import { hypothesisOf } from "../../../frontend/tabs/gates/ranking.js";
import { panel as rankingPanel } from "../../../frontend/tabs/gates/ranking_panel.js";
import { gates as gatesTab } from "../../../frontend/tabs/gates/tab.js";
import { makeRun, makeState, near, palette, tensor } from "../run.js";

const t = translator({});
const scene = { palette, t, width: 800 };

test("six heatmaps are drawn on their own scales, the cell state symmetric about zero", () => {
  const rows = gates.rows(makeState({ run: makeRun() }), scene);
  assert.deepEqual(
    rows.map(({ id, traces: [{ zmin, zmax }] }) => [id, zmin, zmax]),
    [
      ["forget_gate", 0, 1],
      ["input_gate", 0, 1],
      ["candidate", -1, 1],
      ["output_gate", 0, 1],
      ["cell_state", -0.7875000238418579, 0.7875000238418579],
      ["hidden_state", -1, 1],
    ],
  );
});

test("diverging colours are symmetric about zero", () => {
  const [, , candidate] = gates.rows(makeState({ run: makeRun() }), scene);
  const stops = candidate.traces[0].colorscale;
  assert.deepEqual(
    stops.map(([place]) => place),
    [0, 0.25, 0.5, 0.75, 1],
  );
});

test("heatmaps are drawn from the run's own memory", () => {
  const run = makeRun();
  const [first, again] = [1, 2].map(() => gates.rows(makeState({ run }), scene));
  assert.equal(first[0].traces[0].z, again[0].traces[0].z);
  assert.equal(first[0].traces[0].z[0].buffer, run.layers[0].forget_gate.data.buffer);
});

test("a run of zeros still has a scale", () => {
  const run = makeRun();
  run.layers[0].cell_state = tensor([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  const [{ zmin, zmax }] = gates.rows(makeState({ run }), scene)[4].traces;
  assert.deepEqual([zmin, zmax], [-1, 1]);
});

test("one unit's six quantities stand in two rows, several units' one quantity in one", () => {
  const state = makeState({ run: makeRun(), lines: "unit", quantity: "cell_state", unit: 1, units: [0, 1, 9] });
  const byUnit = lines.rows(state, scene);
  assert.deepEqual(
    byUnit.map(({ traces }) => traces.length),
    [3, 3],
  );
  assert.deepEqual(
    [...byUnit[1].traces[1].y].map((value) => value.toFixed(4)),
    ["0.4500", "0.6750", "0.7875"],
  );
  const byQuantity = lines.rows({ ...state, lines: "quantity" }, scene);
  assert.deepEqual(
    byQuantity.map(({ traces }) => traces.length),
    [2],
    "a unit that the model lacks is left out",
  );
});

const UNITS = [
  ["0", [0]],
  ["0, 3 ,7-9", [0, 3, 7, 8, 9]],
  ["3 3 2–4", [3, 2, 4]],
  ["", null],
  ["16", null],
  ["5-", null],
  ["-1", null],
  ["a", null],
  ["0-24", null],
];
for (const [text, units] of UNITS) {
  test(`units named "${text}" are ${JSON.stringify(units)}`, () =>
    assert.deepEqual(lines.parseUnits(text, text === "0-24" ? 99 : 15), units));
}

test("probabilities are a heatmap with what came next on it, values are lines", () => {
  const run = makeRun();
  assert.deepEqual(output.rows(makeState({ run: run }), scene), []);
  const values = tensor([
    [0.25, 0.75],
    [0.5, 0.5],
    [1, 0],
  ]);
  run.sequence.characters = ["a", "b", "?"];
  run.output = { kind: "probability", names: ["a", "b"], values };
  const [{ traces }] = output.rows(makeState({ run: run }), scene);
  assert.deepEqual(
    traces.map(({ type }) => type),
    ["heatmap", "scatter"],
  );
  assert.deepEqual([traces[1].x, traces[1].y], [[0], [1]]);
  run.model.bidirectional = true;
  assert.equal(output.rows(makeState({ run: run }), scene)[0].traces.length, 1, "backward it has read what came next");
  run.output.kind = "value";
  assert.deepEqual(
    output.rows(makeState({ run: run }), scene)[0].traces.map(({ y }) => [...y]),
    [
      [0.25, 0.5, 1],
      [0.75, 0.5, 0],
    ],
  );
});

test("outputs that are only numbered are no tokens, although a digit stands in the text", () => {
  const run = makeRun();
  run.sequence.characters = ["a", "1", "0"];
  run.output = { kind: "probability", names: ["0", "1"], values: run.layers[0].cell_state };
  assert.equal(output.rows(makeState({ run: run }), scene)[0].traces.length, 1);
  run.sequence.characters = ["0", "1", "0"];
  assert.deepEqual(output.rows(makeState({ run: run }), scene)[0].traces[1].y, [1, 0]);
});

test("each token of a text is coloured by the unit, as strong as its value", () => {
  const run = makeRun();
  run.sequence.characters = ["a", "b", "\n"];
  const [layer] = run.layers;
  layer.cell_state = tensor([
    [1, 0],
    [-2, 0],
    [0.5, 0],
  ]);
  const form = { t, state: makeState({ run, quantity: "cell_state", time: 1 }), set: () => {} };
  const texts = colouredText(form)[2].children;
  assert.deepEqual(
    texts.map(({ props }) => [props.class, props.style]),
    [
      ["token positive", "--share: 50%"],
      ["token negative chosen", "--share: 100%"],
      ["token positive", "--share: 25%"],
    ],
  );
  assert.deepEqual(colouredText({ ...form, state: makeState({ run: makeRun() }) }), []);
});

test("hypotheses are asked for as the server takes them, and not before they are whole", () => {
  const asked = (hypothesis, hypothesisDetail) => hypothesisOf({ hypothesis, hypothesisDetail });
  assert.deepEqual(asked("quotes", ""), { type: "quotes" });
  assert.deepEqual(asked("feature", "2"), { type: "feature", feature: 2 });
  assert.deepEqual(asked("count", " a b "), { type: "count", plus: "a", minus: "b" });
  assert.deepEqual(asked("token", " "), { type: "token", token: " " });
  assert.deepEqual(asked("series", "1, 0\n0.5"), { type: "series", values: [1, 0, 0.5] });
  for (const [name, detail] of [
    ["feature", "x"],
    ["count", "a"],
    ["token", ""],
    ["series", "1 x"],
    ["series", ""],
  ]) {
    assert.equal(asked(name, detail), null);
  }
});

test("ranked units are listed with chance beside them, what lies above it marked", () => {
  const units = [
    { layer: 0, direction: "forward", unit: 1, correlation: 0.9, held_out: 0.8 },
    { layer: 0, direction: "forward", unit: 0, correlation: 0.7, held_out: 0.1 },
  ];
  const state = makeState({
    run: makeRun(),
    rankingOpen: true,
    answers: { ranking: { answer: { units, chance: 0.5 }, faults: [], asking: false } },
  });
  const texts = JSON.stringify(rankingPanel({ t, state, set: () => {} }));
  assert.match(texts, /"class":"good"\},"children":\["0\.800"\]/);
  assert.match(texts, /"class":""\},"children":\["0\.100"\]/);
});

test("a step of the cursor leaves the lines, their choice and the ranking as they are, another unit does not", () => {
  const run = makeRun();
  run.sequence.characters = ["a", "b", "c"];
  const places = (patch) =>
    gatesTab.panel({ t, state: { ...state, ...patch }, set: () => {} }).map((node) => [node.props.id, node]);
  const state = makeState({ run, rankingOpen: true });
  const [first, moved, other] = [{}, { time: 1, hover: { time: 2, unit: 0 } }, { unit: 1 }].map(places);
  const same = (one, another) => one.filter(([, node], index) => node === another[index][1]).map(([id]) => id);
  assert.deepEqual(same(first, moved), ["lines-controls", "lines", "ranking"]);
  assert.deepEqual(same(moved, other), []);
});

test("a correlation is Pearson's, and none where nothing changes", () => {
  near(correlation(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 4, 6, 8)), 1);
  near(correlation(Float32Array.of(1, 2, 3), Float32Array.of(1, 0, 1)), 0);
  assert.ok(Number.isNaN(correlation(Float32Array.of(1, 1), Float32Array.of(1, 2))));
});
