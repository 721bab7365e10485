/** What a run of aⁿbⁿ shows of counting: its first whole word, and in figures what the counting unit does there. */

/** @import {Outputs} from "../charts/predictions.js" */
/** @import {Layer, Run} from "../state/answers.js" */
/** @import {Tensor} from "../base/tensor.js" */
import { decimal } from "../base/i18n.js";
import { at } from "../base/tensor.js";
import { changedPredictions } from "../charts/predictions.js";

/**
 * @typedef {object} Word
 * @property {number} n  how many a it has
 * @property {number} start  the step of its first a
 * @property {number} peak  the step of its last a
 * @property {number} end  the step of its last b
 */

/**
 * The first word between two full stops that has as many b as a.
 * @param {string[] | null} characters @returns {Word | null}
 */
export function firstWord(characters) {
  for (const { 1: word = "", index } of (characters ?? []).join("").matchAll(/\.(a+b+)(?=\.)/g)) {
    const n = word.lastIndexOf("a") + 1;
    if (word.length === 2 * n) return { n, start: index + 1, peak: index + n, end: index + 2 * n };
  }
  return null;
}

/** An a and a b in the middle of their stretch. @param {Word} word */
export const middles = ({ n, start, peak }) => ({ a: start + Math.floor(n / 2), b: peak + Math.ceil(n / 2) });

/**
 * What the texts of the tour say of a run; every figure is one of the run, written as the page writes it.
 * @param {Run} run @param {Word} word @param {number} unit @returns {Record<string, string | number>}
 */
export function figuresOf(run, word, unit) {
  const layer = /** @type {Layer} */ (run.layers[0]);
  const { n, start, peak, end } = word;
  const { a, b } = middles(word);
  return {
    n,
    start,
    peak,
    end,
    unit,
    a,
    b,
    before_end: end - 1,
    stop: end + 1,
    units: run.model.hidden_size,
    ...cellFigures(layer.cell_state, word, unit),
    ...writtenFigures(layer, unit, { a, b }),
    ...keptFigures(layer.forget_gate, word, unit),
    probability_b: decimal(probability(run, end - 1, "b")),
    probability_stop: decimal(probability(run, end, ".")),
  };
}

/** @param {Run} run @param {number} time @param {string} name */
function probability({ output }, time, name) {
  return output ? at(output.values, time, output.names.indexOf(name)) : Number.NaN;
}

/** @param {Tensor} cell @param {Word} word @param {number} unit */
const cellFigures = (cell, { start, peak, end }, unit) => ({
  cell_before: decimal(at(cell, start - 1, unit)),
  cell_peak: decimal(at(cell, peak, unit)),
  cell_end: decimal(at(cell, end, unit)),
});

/**
 * What an a and a b write into the cell.
 * @param {Layer} layer @param {number} unit @param {{a: number, b: number}} times
 */
function writtenFigures({ input_gate, candidate }, unit, { a, b }) {
  const [i_a, i_b] = [at(input_gate, a, unit), at(input_gate, b, unit)];
  const [c_a, c_b] = [at(candidate, a, unit), at(candidate, b, unit)];
  const figures = { i_a, i_b, c_a, c_b, written_a: i_a * c_a, written_b: i_b * c_b };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, decimal(value)]));
}

/**
 * What the forget gate keeps from the word's second a on.
 * @param {Tensor} gate @param {Word} word @param {number} unit
 */
function keptFigures(gate, { start, peak, end }, unit) {
  const inside = between(gate, start + 1, end, unit);
  return {
    f_least: decimal(Math.min(...inside)),
    f_most: decimal(Math.max(...inside)),
    f_stop: decimal(at(gate, end + 1, unit)),
    kept: percent(between(gate, peak + 1, end, unit).reduce((product, value) => product * value, 1)),
  };
}

/** @param {number} share */
export const percent = (share) => `${decimal(100 * share, 0)}%`;

/** @param {Tensor} tensor @param {number} first @param {number} last both included @param {number} unit */
const between = (tensor, first, last, unit) =>
  Array.from({ length: last - first + 1 }, (_, index) => at(tensor, first + index, unit));

/**
 * @typedef {object} TwoRuns
 * @property {Tensor} first  the cell state of the first run
 * @property {Tensor} second
 * @property {Outputs | null} output  of the read-out
 */

/**
 * The differences of two runs of the same text, before and after the intervention; null where the word still ends in
 * time.
 * @param {TwoRuns} answer @param {Word} word @param {number} unit
 */
export function heldFigures({ first, second, output }, { peak, end }, unit) {
  if (!output) return null;
  const changes = changedPredictions(output);
  const early = changes.find(({ time, after }) => time > peak && time < end && output.names[after] === ".");
  return (
    early && {
      early: early.time,
      too_early: end - early.time,
      changed: changes.length,
      steps: output.first.shape[0] ?? 0,
      cell_peak: decimal(at(first, peak, unit)),
      held_peak: decimal(at(second, peak, unit)),
    }
  );
}
