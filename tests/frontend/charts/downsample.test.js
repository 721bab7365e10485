import assert from "node:assert/strict";
import test from "node:test";
import { blocks, extremes, fit } from "../../../frontend/charts/downsample.js";

const quiet = (steps, units) => Array.from({ length: steps }, () => new Float32Array(units).fill(0.5));
const heatmap = (z) => ({ type: "heatmap", z, hovertemplate: "%{x} %{y} %{z}" });
const row = (trace, height = 100) => ({ id: "row", symbol: "", title: "", height, traces: [trace], yaxis: {} });

for (const [step, unit] of [
  [0, 0],
  [517, 3],
  [999, 6],
]) {
  for (const value of [0, 1]) {
    test(`one event of ${value} at step ${step} of unit ${unit} is drawn in its cell, with its place`, () => {
      const z = quiet(1000, 7);
      z[step][unit] = value;
      const cells = blocks(z, [0, 999], { steps: 3, units: 2 });
      const [column, line] = [Math.floor(step / 3), Math.floor(unit / 2)];
      assert.equal(cells.z[column][line], value);
      assert.deepEqual([cells.times[line][column], cells.units[line][column]], [step, unit]);
      assert.deepEqual([cells.z.length, cells.z[0].length], [334, 4]);
    });
  }
}

test("every cell shows a value that stands where it says", () => {
  const z = Array.from({ length: 50 }, (_, time) => Float32Array.from([0, 1, 2], (unit) => Math.sin(time * unit)));
  const { z: drawn, times, units } = blocks(z, [7, 41], { steps: 4, units: 2 });
  drawn.forEach((column, at) => {
    column.forEach((value, line) => {
      assert.equal(value, z[times[line][at]][units[line][at]]);
    });
  });
});

test("columns lie over the steps that they stand for, and stay there while a zoom moves", () => {
  const z = quiet(100, 1);
  assert.equal(blocks(z, [0, 99], { steps: 4, units: 1 }).x0, 1.5);
  for (const first of [40, 41, 43]) assert.equal(blocks(z, [first, 80], { steps: 4, units: 1 }).x0, 41.5);
});

test("what fits is drawn as it is", () => {
  const trace = heatmap(quiet(100, 100));
  const { rows, block } = fit([row(trace)], [0, 99], 100);
  assert.equal(rows[0].traces[0], trace);
  assert.deepEqual(block, { steps: 1, units: 1 });
});

test("a heatmap has no more cells than pixels and says what a cell stands for", () => {
  const { rows, block } = fit([row(heatmap(quiet(5000, 300)))], [0, 4999], 700);
  const [{ z, dx, dy, hovertemplate }] = rows[0].traces;
  assert.ok(z.length <= 700 && z[0].length <= 100);
  assert.deepEqual([block, dx, dy], [{ steps: 8, units: 3 }, 8, 3]);
  assert.equal(hovertemplate, "%{text} %{customdata} %{z}");
});

test("a zoom into a long run shows every step", () => {
  const { rows, block } = fit([row(heatmap(quiet(5000, 10)))], [1200, 1399], 700);
  const [{ z, x0, dx, text }] = rows[0].traces;
  assert.deepEqual([block.steps, z.length, x0, dx], [1, 200, 1200, 1]);
  assert.deepEqual([text[0][0], text[9][199]], [1200, 1399]);
});

test("the same cells are the same arrays, so that they are not drawn again", () => {
  const rows = [row(heatmap(quiet(1000, 3)))];
  const drawn = () => fit(rows, [0, 999], 300).rows[0].traces[0].z;
  assert.equal(drawn(), drawn());
});

test("a line keeps the smallest and the largest of each stretch, in order and at their own steps", () => {
  assert.deepEqual(extremes([3, 1, 2, 5, 5, 5, 0, 9], [0, 7], 3), [0, 1, 3, 6, 7]);
  const y = Float32Array.from({ length: 5000 }, (_, time) => (time === 3333 ? -9 : Math.cos(time)));
  const line = { type: "scatter", mode: "lines", y };
  const [{ x, y: drawn }] = fit([row(line)], [0, 4999], 700).rows[0].traces;
  assert.ok(x.length <= 1400);
  assert.equal(drawn[x.indexOf(3333)], -9);
  assert.deepEqual(
    [...drawn],
    [...x].map((time) => y[time]),
  );
  assert.deepEqual(
    x,
    x.toSorted((one, other) => one - other),
  );
});
