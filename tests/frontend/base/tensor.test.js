import assert from "node:assert/strict";
import test from "node:test";
import { at, decode, isWireTensor, series, step, steps, summary, toLists } from "../../../frontend/base/tensor.js";

const wire = (numbers, shape) => ({
  dtype: "f4",
  shape,
  bdata: Buffer.from(Float32Array.from(numbers).buffer).toString("base64"),
});

test("a tensor of the wire is decoded exactly", () => {
  const { data, shape } = decode(wire([0.1, -2, 3e38, 4, 5, 6], "3, 2"));
  assert.deepEqual(shape, [3, 2]);
  assert.deepEqual([...data], [0.1, -2, 3e38, 4, 5, 6].map(Math.fround));
});

test("only a tensor of the wire is taken for one", () => {
  assert.ok(isWireTensor(wire([1], "1")));
  for (const other of [null, 1, "f4", [1], {}, { dtype: "f4" }]) assert.ok(!isWireTensor(other));
});

test("rows are steps and columns are units", () => {
  const tensor = decode(wire([1, 2, 3, 4, 5, 6], "3, 2"));
  assert.equal(at(tensor, 2, 0), 5);
  assert.deepEqual([...step(tensor, 1)], [3, 4]);
  assert.deepEqual([...series(tensor, 1)], [2, 4, 6]);
  assert.deepEqual(toLists(tensor), [
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  assert.deepEqual(toLists(decode(wire([1, 2], "2"))), [1, 2]);
  assert.deepEqual(summary(tensor), { minimum: 1, maximum: 6, mean: 3.5 });
});

test("steps are views of one memory, and the same array each time", () => {
  const tensor = decode(wire([1, 2, 3, 4], "2, 2"));
  assert.equal(steps(tensor), steps(tensor));
  assert.equal(steps(tensor)[1].buffer, tensor.data.buffer);
});
