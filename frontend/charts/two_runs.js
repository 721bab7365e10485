/** Two runs beside one another: a quantity of the first, of the second, the difference, one unit of both, the output. */

/** @import {Palette, Row} from "./figure.js" */
/** @import {Quantity} from "../state/choices.js" */
/** @import {Tensor} from "../base/tensor.js" */
/** @import {Translate} from "../base/i18n.js" */
import { plotText } from "../base/characters.js";
import { significant } from "../base/i18n.js";
import { series, steps, summary } from "../base/tensor.js";
import { DIVERGING, LOOK, rangeOf, symmetric } from "./look.js";

const MOST_LINES = 4; // outputs, each with a line for either run
const MOST_NAMES = 16;
const ROW = 13; // CSS pixels for a name beside a heatmap
const DASHES = /** @type {const} */ (["dot", "solid"]);

/** @typedef {{values: Tensor, largest: number, step: number, unit: number, rms_of_steps: Tensor, rms_of_units: Tensor}} Difference  of N common steps */
/** @typedef {{kind: "probability" | "value", names: string[], first: Tensor, second: Tensor, difference: Difference | null}} ComparedOutput */
/** @typedef {{quantity: Quantity, layer: number, direction: string, steps: [number, number], common: number, first: Tensor, second: Tensor, difference: Difference, output: ComparedOutput | null}} Compared */
/** @typedef {{names: [string, string], unit: number}} Asked  how the two runs are called, and whose lines are drawn */
/** @typedef {{palette: Palette, t: Translate}} Scene */

/** @param {Compared} answer @param {Asked} asked @param {Scene} scene @returns {Row[]} */
export function rows(answer, asked, scene) {
  const { output } = answer;
  return [
    ...heatmaps(answer, asked, scene),
    unitLines(answer, asked, scene),
    rms(answer, asked, scene),
    ...(output ? outputRows(output, answer.common, asked, scene) : []),
  ];
}

/** How the difference is called. @param {[string, string]} names */
const less = ([first, second]) => `${second} − ${first}`;

/** What both runs have. @param {Tensor} tensor @param {number} count @returns {Tensor} */
const head = ({ data, shape: [, width = 1] }, count) => ({
  data: data.subarray(0, count * width),
  shape: [count, width],
});

/** @param {Compared} answer @param {Asked} asked @param {Scene} scene @returns {Row[]} */
function heatmaps({ quantity, first, second, difference, common }, { names }, { palette, t }) {
  const { symbol } = LOOK[quantity];
  const bounds = rangeOf(quantity, [head(first, common), head(second, common)]);
  const units = first.shape[1] ?? 1;
  const look = {
    height: Math.min(200, Math.max(60, units)),
    yaxis: { range: [units - 0.5, -0.5], tickvals: units > 1 ? [0, units - 1] : [0] },
  };
  const drawn = (/** @type {Tensor} */ tensor, /** @type {[number, number]} */ range, /** @type {string} */ name) => ({
    ...heatmap(tensor, range, palette),
    hovertemplate: `${t("gates.hover", { symbol: `${symbol} (${name})` })}<extra></extra>`,
  });
  const runs = [first, second].map((tensor, index) => {
    const name = String(names[index]);
    const title = `${t(`quantity.${quantity}`)} · ${name}`;
    return { ...look, id: index === 0 ? "first" : "second", symbol, title, traces: [drawn(tensor, bounds, name)] };
  });
  const apart = drawn(difference.values, symmetric([difference.values]), less(names));
  return [...runs, { ...look, id: "difference", symbol, title: titleOf(difference, names, t), traces: [apart] }];
}

/** @param {Difference} difference @param {[string, string]} names @param {Translate} t */
function titleOf({ largest }, names, t) {
  return t(largest > 0 ? "two_runs.difference" : "two_runs.same", { less: less(names), largest });
}

/** @param {Tensor} tensor @param {[number, number]} bounds @param {Palette} palette */
function heatmap(tensor, [zmin, zmax], palette) {
  return {
    type: "heatmap",
    z: steps(tensor),
    transpose: true,
    zmin,
    zmax,
    colorscale: zmin < 0 ? DIVERGING[palette.scheme] : "Cividis",
    colorbar: { tickvals: [zmin, zmax], ticktext: [significant(zmin), significant(zmax)] },
  };
}

/** With a projection there are fewer hidden states than units. @param {Compared} answer @param {Asked} asked @param {Scene} scene @returns {Row} */
function unitLines({ quantity, first, second }, { names, unit }, { palette, t }) {
  const { range } = LOOK[quantity];
  const traces = [first, second].map((tensor, index) => {
    const name = t("two_runs.line", { name: String(names[index]), unit });
    return unit < (tensor.shape[1] ?? 0)
      ? line(tensor, unit, name, palette.series[index], DASHES[index])
      : { type: "scatter", name, y: [] };
  });
  const padded = range && [range[0] - 0.03, range[1] + 0.03];
  const yaxis = { showgrid: true, zeroline: true, nticks: 3, ...(padded && { range: padded }) };
  return { id: "unit", symbol: "", title: "", legend: true, height: 90, traces, yaxis };
}

/** @param {Tensor} tensor @param {number} place @param {string} name @param {string | undefined} color @param {string} [dash] */
function line(tensor, place, name, color, dash = "solid") {
  return {
    type: "scatter",
    mode: tensor.shape[0] === 1 ? "markers" : "lines",
    name,
    y: series(tensor, place),
    line: { width: 1.7, color, dash },
    hovertemplate: `t %{x}<br>${name} %{y:.4g}<extra></extra>`,
  };
}

/** @param {Compared} answer @param {Asked} asked @param {Scene} scene @returns {Row} */
function rms({ quantity, difference }, { names }, { palette, t }) {
  const { data } = difference.rms_of_steps;
  const trace = {
    type: "scatter",
    mode: data.length === 1 ? "markers" : "lines",
    y: data,
    line: { width: 1.5, color: palette.series[5] },
    hovertemplate: "t %{x}<br>%{y:.4g}<extra></extra>",
  };
  return {
    id: "rms",
    symbol: LOOK[quantity].symbol,
    title: t("two_runs.rms", { less: less(names) }),
    height: 48,
    traces: [trace],
    yaxis: { rangemode: "tozero", showgrid: true, nticks: 3 },
  };
}

/** @param {ComparedOutput} output @param {number} common @param {Asked} asked @param {Scene} scene @returns {Row[]} */
function outputRows(output, common, asked, scene) {
  const isOfLines = output.kind === "value" && output.names.length <= MOST_LINES;
  return isOfLines ? outputLines(output, asked, scene) : outputHeatmaps(output, common, asked, scene);
}

/** @param {ComparedOutput} output @param {Asked} asked @param {Scene} scene @returns {Row[]} */
function outputLines({ names: outputs, first, second, difference }, { names }, { palette, t }) {
  const named = (/** @type {string} */ name, /** @type {string} */ output) =>
    outputs.length > 1 ? `${name} · ${output}` : name;
  const both = outputs.flatMap((output, index) =>
    [first, second].map((tensor, run) => {
      const color = palette.series[outputs.length > 1 ? index : run];
      return line(tensor, index, named(String(names[run]), output), color, DASHES[run]);
    }),
  );
  const apart = outputs.map((output, index) =>
    line(difference?.values ?? first, index, named(less(names), output), palette.series[index]),
  );
  const look = { symbol: "y", height: 80, yaxis: { showgrid: true, zeroline: true, nticks: 3 } };
  return [
    { ...look, id: "output", title: t("output.value"), legend: true, traces: both },
    ...(difference ? [{ ...look, id: "output_difference", title: less(names), traces: apart }] : []),
  ];
}

/** @param {ComparedOutput} output @param {number} common @param {Asked} asked @param {Scene} scene @returns {Row[]} */
function outputHeatmaps({ kind, names: outputs, first, second, difference }, common, { names }, { palette, t }) {
  const isLegible = outputs.length <= MOST_NAMES;
  const look = {
    symbol: "y",
    height: Math.min(200, Math.max(60, outputs.length * (isLegible ? ROW : 1))),
    yaxis: {
      range: [outputs.length - 0.5, -0.5],
      ...(isLegible
        ? { tickvals: outputs.map((_, index) => index), ticktext: outputs.map(plotText) }
        : { tickvals: [0, outputs.length - 1] }),
    },
  };
  const drawn = (/** @type {Tensor} */ tensor, /** @type {[number, number]} */ bounds) => ({
    ...heatmap(tensor, bounds, palette),
    meta: "features",
    customdata: outputs.map((name) => Array(tensor.shape[0]).fill(plotText(name))),
    hovertemplate: `${t("output.hover")}<extra></extra>`,
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
