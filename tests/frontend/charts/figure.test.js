import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import { cursorShapes, single, stack } from "../../../frontend/charts/figure.js";
import * as sequence from "../../../frontend/charts/sequence.js";
import * as gates from "../../../frontend/tabs/gates/heatmaps.js";
import { makeRun, makeState, palette } from "../run.js";

const t = translator({});
const scene = { palette, t, width: 800 };
const frame = { palette, width: 800, steps: 3, zoom: null, timeTitle: "time" };

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
