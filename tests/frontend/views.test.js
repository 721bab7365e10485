import assert from "node:assert/strict";
import test from "node:test";
import { h } from "../../frontend/base/dom.js";
import { translator } from "../../frontend/base/i18n.js";
import { cursorShapes, single, stack } from "../../frontend/charts/figure.js";
import * as sequence from "../../frontend/charts/sequence.js";
import * as layers from "../../frontend/page/canvas/layers.js";
import { bar as tabBar } from "../../frontend/page/canvas/tab_bar.js";
import { panel as colouredText } from "../../frontend/tabs/gates/coloured_text.js";
import * as gates from "../../frontend/tabs/gates/heatmaps.js";
import * as lines from "../../frontend/tabs/gates/lines.js";
import * as output from "../../frontend/tabs/gates/output.js";
import { correlation } from "../../frontend/tabs/gates/quantity.js";
import { hypothesisOf } from "../../frontend/tabs/gates/ranking.js";
import { panel as rankingPanel } from "../../frontend/tabs/gates/ranking_panel.js";
import { gates as gatesTab } from "../../frontend/tabs/gates/tab.js";
import { makeRun, makeState, near, palette, tensor } from "./run.js";

const t = translator({});
const scene = { palette, t, width: 800 };
const frame = { palette, width: 800, steps: 3, zoom: null, timeTitle: "time" };

test("a description leaves out what is not there and writes numbers as text", () => {
  assert.deepEqual(h("p", null, "a", 1, null, false, [["b"], undefined]), {
    tag: "p",
    props: {},
    children: ["a", "1", "b"],
  });
});

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

test("steps are whole on the time axis, however few there are", () => {
  const rows = sequence.rows(makeState({ run: makeRun() }), scene);
  const step = (steps, zoom = null) => stack(rows, { ...frame, steps, zoom }).layout.xaxis.dtick;
  assert.deepEqual([step(1), step(6), step(7), step(100, [10, 14])], [1, 1, undefined, 1]);
});

test("stacked rows share the time axis and do not overlap", () => {
  const state = makeState({ run: makeRun() });
  const { data, layout } = stack([...sequence.rows(state, scene), ...gates.rows(state, scene)], frame);
  const axes = Object.keys(layout).filter((name) => name.startsWith("yaxis"));
  assert.equal(axes.length, 7);
  let above = 1;
  for (const axis of axes) {
    const [bottom, top] = layout[axis].domain;
    assert.ok(bottom >= 0 && bottom < top && top <= above);
    above = bottom;
  }
  for (const number of [2, 3, 4, 5, 6, 7]) assert.equal(layout[`xaxis${number}`].matches, "x");
  assert.deepEqual(
    data.filter(({ type }) => type === "heatmap").map(({ yaxis }) => yaxis),
    ["y2", "y3", "y4", "y5", "y6", "y7"],
  );
  assert.deepEqual(layout.xaxis.range, [-0.5, 2.5]);
});

test("the cursor marks the step in all rows and the unit in each heatmap", () => {
  const figure = stack(gates.rows(makeState({ run: makeRun() }), scene), frame);
  const shapes = cursorShapes(figure, { time: 2, unit: 1 }, palette);
  assert.deepEqual(
    shapes.filter(({ type }) => type === "rect").map(({ y0, y1 }) => [y0, y1]),
    Array(6).fill([0.5, 1.5]),
  );
  assert.deepEqual(
    shapes.filter(({ type }) => type === "line").map(({ x0, yref }) => [x0, yref]),
    Array(2).fill([2, "paper"]),
  );
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

test("a legend that does not fit on one line gets room for more, and never lies over a title", () => {
  const traces = ["forget gate", "input gate", "output gate"].map((name) => ({ type: "scatter", name, y: [1, 2, 3] }));
  const row = (title) => ({ id: "lines", symbol: "", title, legend: true, height: 100, traces, yaxis: {} });
  const look = (width, title) => {
    const { layout } = stack([row(title)], { ...frame, width });
    const inner = layout.height - layout.margin.t - layout.margin.b;
    const { y, xanchor } = layout.legend;
    return [inner - 100, Math.round((y - layout.yaxis.domain[1]) * inner), xanchor];
  };
  assert.deepEqual(
    [1000, 300, 100].map((width) => look(width, "")),
    [
      [22, 0, "left"],
      [44, 0, "left"],
      [66, 0, "left"],
    ],
  );
  assert.deepEqual(
    [1000, 300].map((width) => look(width, "output")),
    [
      [22, 0, "right"],
      [66, 22, "left"],
    ],
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

test("layers and directions are chosen where there are several", () => {
  const run = makeRun();
  const form = { t, state: { run, layer: 0, direction: "forward" }, set: () => {} };
  assert.deepEqual(layers.choice(form), []);
  run.layers = [run.layers[0], { ...run.layers[0], direction: "backward" }];
  run.model.bidirectional = true;
  const texts = JSON.stringify(layers.choice(form));
  assert.match(texts, /layers\.backward/);
  assert.doesNotMatch(texts, /layers\.layer"/);
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

test("the arrow keys go round the tabs, and only the chosen one is in the order of the tabulator", () => {
  const patches = [];
  const names = ["gates", "memory", "health"];
  const [list] = tabBar({ t, state: makeState({ tab: "gates" }), set: (patch) => patches.push(patch) }, names);
  assert.deepEqual(
    list.children.map(({ props }) => [props.tabindex, props["aria-selected"]]),
    [
      [0, "true"],
      [-1, "false"],
      [-1, "false"],
    ],
  );
  const focused = [];
  const children = names.map((name) => ({ focus: () => focused.push(name) }));
  for (const key of ["ArrowLeft", "ArrowRight", "End", "Home", "x"])
    list.props.onkeydown({ key, preventDefault() {}, currentTarget: { children } });
  assert.deepEqual(focused, ["health", "memory", "health", "gates"]);
  assert.deepEqual(patches[0], { tab: "health" });
});

test("a single tab needs no bar", () => {
  assert.deepEqual(tabBar({ t, state: makeState(), set: () => {} }, ["gates"]), []);
});

test("a plot with axes of its own has no cursor and leaves the zoom alone", () => {
  const shapes = [{ type: "line" }];
  const part = {
    height: 100,
    traces: [{ type: "bar", x: [1], y: [2] }],
    xaxis: { title: { text: "x" } },
    yaxis: {},
    shapes,
  };
  const figure = single(part, palette);
  assert.equal(cursorShapes(figure, { time: 1, unit: 0 }, palette), shapes);
  assert.deepEqual([figure.layout.xaxis.fixedrange, figure.layout.xaxis.title.text], [true, "x"]);
});
