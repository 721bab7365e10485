import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import { fit } from "../../../frontend/charts/downsample.js";
import { findings } from "../../../frontend/two_runs/findings.js";
import { rowsOf } from "../../../frontend/two_runs/rows.js";
import { makeState, palette, tensor } from "../run.js";
import { makeCompared, makeOutput } from "./compared.js";

const t = translator({
  "two_runs.largest": "{second} − {first}: {value} at",
  "two_runs.place": "step {time}, unit {unit}",
  "two_runs.lengths": "{first_name} {first}, {second_name} {second}: {common}",
  "two_runs.difference": "{less} up to {largest}",
});
const scene = { palette, t, width: 800 };
const rows = (answer, unit = 1) =>
  rowsOf("comparison", () => ["A", "B"])(makeState({ unit, answers: { comparison: { answer } } }), scene);
const byId = (answer, unit) => Object.fromEntries(rows(answer, unit).map((row) => [row.id, row]));

test("both runs are drawn on one scale, and the difference on its own, symmetric about zero", () => {
  const { first, second, difference } = byId(makeCompared());
  assert.deepEqual([first.traces[0].zmin, first.traces[0].zmax], [-2, 2], "the step that one of them lacks counts not");
  assert.deepEqual([second.traces[0].zmin, second.traces[0].zmax], [-2, 2]);
  assert.deepEqual([difference.traces[0].zmin, difference.traces[0].zmax], [-4, 4]);
  assert.equal(difference.title, "B − A up to 4");
  assert.match(first.title, /· A$/);
});

test("a gate has the bounds of gates, but not its difference", () => {
  const { first, difference } = byId(makeCompared({ quantity: "forget_gate" }));
  assert.deepEqual([first.traces[0].zmin, first.traces[0].zmax, first.traces[0].colorscale], [0, 1, "Cividis"]);
  assert.ok(difference.traces[0].zmin < 0);
});

test("the lines of the chosen unit of both runs lie in one row, told apart by more than their colour", () => {
  const [first, second] = byId(makeCompared()).unit.traces;
  assert.deepEqual([...first.y], [1, 2, 9]);
  assert.deepEqual([...second.y], [1, -2]);
  assert.notEqual(first.line.dash, second.line.dash);
  assert.notEqual(first.line.color, second.line.color);
});

test("of a projection a unit has no line of its own", () => {
  const lines = byId(makeCompared(), 2).unit.traces;
  assert.deepEqual(
    lines.map(({ y }) => y.length),
    [0, 0],
  );
});

test("probabilities are three heatmaps, the first two from 0 to 1", () => {
  const drawn = byId(makeCompared({ output: makeOutput(["a", "b"], "probability") }));
  const { output_first, output_second, output_difference } = drawn;
  assert.deepEqual(
    [output_first, output_second].map(({ traces: [{ zmin, zmax }] }) => [zmin, zmax]),
    [
      [0, 1],
      [0, 1],
    ],
  );
  assert.deepEqual(
    [output_difference.traces[0].zmin, output_difference.traces[0].zmax].map((value) => value.toFixed(3)),
    ["-0.500", "0.500"],
  );
  assert.deepEqual(output_first.yaxis.ticktext, ["a", "b"]);
});

test("a few values are lines, many of them heatmaps on the scale of both", () => {
  const few = byId(makeCompared({ output: makeOutput(["level"], "value") }));
  assert.deepEqual(
    few.output.traces.map(({ name }) => name),
    ["A", "B"],
  );
  assert.equal(few.output_difference.traces[0].type, "scatter");
  const names = ["a", "b", "c", "d", "e"];
  const [{ zmin, zmax }] = byId(makeCompared({ output: makeOutput(names, "value") })).output_second.traces;
  assert.deepEqual([zmin.toFixed(3), zmax.toFixed(3)], ["0.020", "0.900"]);
});

test("runs that are equal are said to be so", () => {
  const values = tensor([[0, 0]]);
  const difference = { ...makeCompared().difference, values, largest: 0 };
  const drawn = byId(makeCompared({ difference }));
  assert.equal(drawn.difference.title, "two_runs.same");
  assert.deepEqual([drawn.difference.traces[0].zmin, drawn.difference.traces[0].zmax], [-1, 1]);
});

test("a run that ends before the steps on screen leaves a gap, and is not stretched", () => {
  const long = tensor(Array.from({ length: 900 }, () => [1, 1]));
  const short = tensor(Array.from({ length: 303 }, () => [2, 2]));
  const answer = makeCompared({ first: short, second: long, steps: [303, 900] });
  const { rows: fitted } = fit(rows(answer), [0, 899], 300);
  const cells = fitted[0].traces[0].z;
  assert.equal(cells.length, 300);
  assert.deepEqual([cells[0][0], cells[101][0], cells[299][0]], [2, undefined, undefined]);
});

test("the largest difference and the units that differ most are links to their place", () => {
  const patches = [];
  const form = { t, state: makeState({ unit: 0 }), set: (patch) => patches.push(patch) };
  const content = findings(form, makeCompared(), ["A", "B"]).filter(Boolean);
  const texts = JSON.stringify(content);
  assert.match(texts, /A 3, B 2: 2/);
  assert.match(texts, /B − A: −4 at/);
  assert.match(texts, /step 1, unit 1/);
  const buttons = content.flatMap(({ children }) => children).filter(({ tag }) => tag === "button");
  for (const { props } of buttons) props.onclick();
  assert.deepEqual(patches, [
    { time: 1, unit: 1, hover: null },
    { unit: 1, hover: null },
    { unit: 0, hover: null },
  ]);
});

test("equal lengths are not talked about", () => {
  const texts = JSON.stringify(findings({ t, state: makeState() }, makeCompared({ steps: [2, 2] }), ["A", "B"]));
  assert.doesNotMatch(texts, /A 2, B 2/);
});
