/** An answer about two small runs of two units, the first one step longer. */

import { tensor, vector } from "../run.js";

/** The second run less the first, worked out here. @param {number[][]} first @param {number[][]} second */
export function differenceOf(first, second) {
  const values = second.map((row, step) => row.map((value, unit) => value - first[step][unit]));
  const places = values.flatMap((row, step) => row.map((value, unit) => ({ size: Math.abs(value), step, unit })));
  const { size: largest, step, unit } = places.sort((a, b) => b.size - a.size)[0];
  const rms = (numbers) => Math.sqrt(numbers.reduce((sum, value) => sum + value ** 2, 0) / numbers.length);
  const units = values[0].map((_, place) => rms(values.map((row) => row[place])));
  return {
    values: tensor(values),
    ...{ largest, step, unit },
    rms_of_steps: vector(...values.map(rms)),
    rms_of_units: vector(...units),
  };
}

/** @param {object} [patch] */
export function makeCompared(patch) {
  const first = [
    [0.5, 1],
    [0.5, 2],
    [0.5, 9],
  ];
  const second = [
    [0.5, 1],
    [0.25, -2],
  ];
  return {
    quantity: "cell_state",
    layer: 0,
    direction: "forward",
    steps: [3, 2],
    common: 2,
    first: tensor(first),
    second: tensor(second),
    difference: differenceOf(first, second),
    output: null,
    ...patch,
  };
}

/** @param {string[]} names @param {"probability" | "value"} kind */
export function makeOutput(names, kind) {
  const [first, second] = [
    [0.2, 0.4],
    [0.1, 0.9],
  ].map((values) => values.map((value) => names.map((_, index) => value / (index + 1))));
  return { kind, names, first: tensor(first), second: tensor(second), difference: differenceOf(first, second) };
}
