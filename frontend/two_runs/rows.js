/** Two runs as rows: a quantity of the first, of the second, their difference, one unit of both, the output. */

/** @import {Scene} from "../charts/charts.js" */
/** @import {Row} from "../charts/figure.js" */
/** @import {Trace} from "../charts/traces.js" */
/** @import {Quantity} from "../state/choices.js" */
/** @import {State} from "../state/state.js" */
/** @import {Tensor} from "../base/tensor.js" */
/** @import {Translate} from "../base/i18n.js" */
import { visible } from "../base/characters.js";
import { series, steps, summary } from "../base/tensor.js";
import { namesAxis, namesHeight, SIGNED_AXIS, unitsAxis } from "../charts/axes.js";
import { LOOK, rangeOf, symmetric } from "../charts/look.js";
import { scaleOf } from "../charts/palette.js";
import * as traces from "../charts/traces.js";
import { answerOf } from "../state/selectors.js";

const MOST_LINES = 4; // outputs, each with a line for either run
const DASHES = /** @type {const} */ (["dot", "solid"]);

/**
 * @typedef {object} Difference  the second run less the first, at the steps that both have
 * @property {Tensor} values
 * @property {number} largest
 * @property {number} step  where it is the largest
 * @property {number} unit
 * @property {Tensor} rms_of_steps
 * @property {Tensor} rms_of_units
 */
/**
 * @typedef {object} ComparedOutput
 * @property {"probability" | "value"} kind
 * @property {string[]} names
 * @property {Tensor} first
 * @property {Tensor} second
 * @property {Difference | null} difference
 */
/**
 * @typedef {object} Compared  the server's answer about two runs
 * @property {Quantity} quantity
 * @property {[number, number]} steps  of each run
 * @property {number} common
 * @property {Tensor} first
 * @property {Tensor} second
 * @property {Difference} difference
 * @property {ComparedOutput | null} output
 */
/** @typedef {[first: string, second: string]} Names  how the two runs are called */
/** @typedef {Scene & {names: Names}} NamedScene */

/**
 * Draws the answer to a question about two runs.
 * @param {string} question @param {(t: Translate) => Names} namesOf @returns {(state: State, scene: Scene) => Row[]}
 */
export const rowsOf = (question, namesOf) => (state, scene) => {
  /** @type {Compared | null} */
  const answer = answerOf(state, question).answer;
  if (!answer) return [];
  const named = { ...scene, names: namesOf(scene.t) };
  return [
    ...heatmaps(answer, named),
    unitLines(answer, state.unit, named),
    rms(answer, named),
    ...(answer.output ? outputRows(answer.output, answer.common, named) : []),
  ];
};

/** The name of the difference. @param {Names} names */
const less = ([first, second]) => `${second} − ${first}`;

/** The steps that both runs have. @param {Tensor} tensor @param {number} count @returns {Tensor} */
const head = ({ data, shape: [, width = 1] }, count) => ({
  data: data.subarray(0, count * width),
  shape: [count, width],
});

/** @param {Compared} answer @param {NamedScene} scene @returns {Row[]} */
function heatmaps({ quantity, first, second, difference, common }, { names, palette, t }) {
  const { symbol } = LOOK[quantity];
  const bounds = rangeOf(quantity, [head(first, common), head(second, common)]);
  const units = first.shape[1] ?? 1;
  const look = { symbol, height: Math.min(200, Math.max(60, units)), yaxis: unitsAxis(units) };
  const drawn = (/** @type {Tensor} */ tensor, /** @type {[number, number]} */ range, /** @type {string} */ name) =>
    traces.heatmap(steps(tensor), range, {
      scale: scaleOf(palette, range),
      hover: t("gates.hover", { symbol: `${symbol} (${name})` }),
    });
  const runs = [first, second].map((tensor, index) => {
    const name = String(names[index]);
    const title = `${t(`quantity.${quantity}`)} · ${name}`;
    return { ...look, id: index === 0 ? "first" : "second", title, traces: [drawn(tensor, bounds, name)] };
  });
  const apart = drawn(difference.values, symmetric([difference.values]), less(names));
  return [...runs, { ...look, id: "difference", title: titleOf(difference, names, t), traces: [apart] }];
}

/** @param {Difference} difference @param {Names} names @param {Translate} t */
function titleOf({ largest }, names, t) {
  return t(largest > 0 ? "two_runs.difference" : "two_runs.same", { less: less(names), largest });
}

/** @param {Compared} answer @param {number} unit @param {NamedScene} scene @returns {Row} */
function unitLines({ quantity, first, second }, unit, { names, palette, t }) {
  const { range } = LOOK[quantity];
  const lines = [first, second].map((tensor, index) => {
    const name = t("two_runs.line", { name: String(names[index]), unit });
    return line(tensor, unit, { name, color: palette.series[index], dash: DASHES[index] });
  });
  const yaxis = { ...SIGNED_AXIS, ...(range && { range: [range[0] - 0.03, range[1] + 0.03] }) };
  return { id: "unit", symbol: "", title: "", legend: true, height: 90, traces: lines, yaxis };
}

/**
 * With a projection there are fewer hidden states than units.
 * @param {Tensor} tensor
 * @param {number} place
 * @param {{name: string, color: string | undefined, dash?: string}} look
 * @returns {Trace}
 */
function line(tensor, place, look) {
  const values = place < (tensor.shape[1] ?? 0) ? series(tensor, place) : [];
  return traces.line(values, { ...look, hover: "t %{x}\n%{fullData.name} %{y:.4g}" });
}

/** @param {Compared} answer @param {NamedScene} scene @returns {Row} */
function rms({ quantity, difference }, { names, palette, t }) {
  const look = { color: palette.series[5], width: 1.5, hover: "t %{x}\n%{y:.4g}" };
  return {
    id: "rms",
    symbol: LOOK[quantity].symbol,
    title: t("two_runs.rms", { less: less(names) }),
    height: 48,
    traces: [traces.line(difference.rms_of_steps.data, look)],
    yaxis: { rangemode: "tozero", showgrid: true, nticks: 3 },
  };
}

/** @param {ComparedOutput} output @param {number} common @param {NamedScene} scene @returns {Row[]} */
function outputRows(output, common, scene) {
  const isOfLines = output.kind === "value" && output.names.length <= MOST_LINES;
  return isOfLines ? outputLines(output, scene) : outputHeatmaps(output, common, scene);
}

/** @param {ComparedOutput} output @param {NamedScene} scene @returns {Row[]} */
function outputLines({ names: outputs, first, second, difference }, { names, palette, t }) {
  const isOne = outputs.length === 1;
  const named = (/** @type {string} */ name, /** @type {string} */ output) =>
    isOne ? name : `${name} · ${visible(output)}`;
  const both = outputs.flatMap((output, index) =>
    [first, second].map((tensor, run) => {
      const color = palette.series[isOne ? run : index];
      return line(tensor, index, { name: named(String(names[run]), output), color, dash: DASHES[run] });
    }),
  );
  const look = { symbol: "y", height: 80, yaxis: SIGNED_AXIS };
  const runs = { ...look, id: "output", title: t("output.value"), legend: true, traces: both };
  if (!difference) return [runs];
  const apart = outputs.map((output, index) =>
    line(difference.values, index, { name: named(less(names), output), color: palette.series[index] }),
  );
  return [runs, { ...look, id: "output_difference", title: less(names), traces: apart }];
}

/** @param {ComparedOutput} output @param {number} common @param {NamedScene} scene @returns {Row[]} */
function outputHeatmaps({ kind, names: outputs, first, second, difference }, common, { names, palette, t }) {
  const height = Math.min(200, Math.max(60, namesHeight(outputs)));
  const look = { symbol: "y", height, yaxis: namesAxis(outputs) };
  const drawn = (/** @type {Tensor} */ tensor, /** @type {[number, number]} */ bounds) =>
    traces.heatmap(steps(tensor), bounds, {
      scale: scaleOf(palette, bounds),
      meta: "features",
      customdata: outputs.map((name) => Array(tensor.shape[0]).fill(visible(name))),
      hover: t("output.hover"),
    });
  const bounds = kind === "probability" ? /** @type {[number, number]} */ ([0, 1]) : boundsOf(first, second, common);
  const runs = [first, second].map((tensor, index) => ({
    ...look,
    id: index === 0 ? "output_first" : "output_second",
    title: `${t(`output.${kind}`)} · ${names[index]}`,
    traces: [drawn(tensor, bounds)],
  }));
  if (!difference) return runs;
  const apart = drawn(difference.values, symmetric([difference.values]));
  return [...runs, { ...look, id: "output_difference", title: titleOf(difference, names, t), traces: [apart] }];
}

/** @param {Tensor} first @param {Tensor} second @param {number} common @returns {[number, number]} */
function boundsOf(first, second, common) {
  const [one, other] = [summary(head(first, common)), summary(head(second, common))];
  return [Math.min(one.minimum, other.minimum), Math.max(one.maximum, other.maximum)];
}
