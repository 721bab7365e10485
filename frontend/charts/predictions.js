/** The predictions of two runs: where they differ, and how far each is from the target. */

/** @import {Run} from "../state/answers.js" */
/** @import {Tensor} from "../base/tensor.js" */
import { step } from "../base/tensor.js";

/** @typedef {{kind: "probability" | "value", names: string[], first: Tensor, second: Tensor}} Outputs */
/** @typedef {{time: number, before: number, after: number}} ChangedPrediction  the most probable of the names */

const LEAST = 1e-12; // a probability that float32 rounds to zero is no infinite surprise

/** @param {Tensor} values @param {number} time */
function mostProbable(values, time) {
  const row = step(values, time);
  return row.reduce((best, value, place) => (value > Number(row[best]) ? place : best), 0);
}

/** The steps at which another name is the most probable one. @param {Outputs} outputs @returns {ChangedPrediction[]} */
export function changedPredictions({ first, second }) {
  const times = Array.from({ length: Math.min(first.shape[0] ?? 0, second.shape[0] ?? 0) }, (_, time) => time);
  return times
    .map((time) => ({ time, before: mostProbable(first, time), after: mostProbable(second, time) }))
    .filter(({ before, after }) => before !== after);
}

/**
 * The target of each step: the task's token, else the next one of the text; −1 where there is none. A model that also
 * reads backward has already seen it, and outputs that are not named by tokens predict something else.
 * @param {Run} run @returns {number[] | null}
 */
export function tokensToCome({ model, output, sequence: { characters } }) {
  if (output?.targets) return output.kind === "probability" ? [...output.targets.data] : null;
  if (!output || !characters || model.bidirectional) return null;
  const places = new Map(output.names.map((name, place) => [name, place]));
  const isNumbered = output.names.every((name, place) => name === String(place));
  if (isNumbered && !characters.every((token) => places.has(token))) return null;
  return characters.map((_, time) => places.get(characters[time + 1] ?? "") ?? -1);
}

/**
 * How far an output is from its target: of probabilities the mean of −ln p, of values the root of the mean square.
 * @param {Run} run @param {Tensor} values (T, O) @returns {number | null} null where nothing was to be said
 */
export function lossOf(run, values) {
  const tokens = run.output?.kind === "probability" ? tokensToCome(run) : null;
  if (tokens) return surprise(tokens, values);
  const targets = run.output?.targets;
  if (!targets || targets.data.length !== values.data.length) return null;
  const squares = values.data.reduce((sum, value, place) => sum + (value - Number(targets.data[place])) ** 2, 0);
  return Math.sqrt(squares / values.data.length);
}

/** @param {number[]} tokens @param {Tensor} values */
function surprise(tokens, values) {
  const known = tokens.flatMap((token, time) =>
    token < 0 ? [] : [-Math.log(Math.max(LEAST, Number(step(values, time)[token])))],
  );
  return known.length > 0 ? known.reduce((sum, each) => sum + each, 0) / known.length : null;
}

/**
 * @typedef {object} Consequences
 * @property {ChangedPrediction[]} changed
 * @property {number | null} before  the loss
 * @property {number | null} after
 * @property {number[] | null} toCome
 */
/** @type {WeakMap<Outputs, Consequences>} */
const consequencesOf = new WeakMap();

/**
 * All of this, computed once: the page is rendered at each step of the cursor.
 * @param {Run} run @param {Outputs} outputs
 */
export function consequences(run, outputs) {
  const all = consequencesOf.get(outputs) ?? {
    changed: changedPredictions(outputs),
    before: lossOf(run, outputs.first),
    after: lossOf(run, outputs.second),
    toCome: tokensToCome(run),
  };
  consequencesOf.set(outputs, all);
  return all;
}
