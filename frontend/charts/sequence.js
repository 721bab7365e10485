/** The input of the run and the names of its features: a line for each, a heatmap for many, a ribbon for text. */

/** @import {Scene} from "./charts.js" */
/** @import {Row} from "./figure.js" */
/** @import {Run} from "../state/answers.js" */
/** @import {State} from "../state/state.js" */
/** @import {Translate} from "../base/i18n.js" */
import { isOfWords, textWidth, visible } from "../base/characters.js";
import { series, steps, summary } from "../base/tensor.js";
import { shownSteps } from "../state/selectors.js";
import { unitsAxis } from "./axes.js";
import * as traces from "./traces.js";

const MOST_LINES = 8;
const LEGIBLE = 7; // CSS pixels that a character needs
const SIGN = { wide: 14, narrow: 8.5 }; // CSS pixels of a letter of a word

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, scene) {
  const { run } = state;
  if (!run) return [];
  const { characters, features } = run.sequence;
  if (characters) return [ribbon(characters, shownSteps(state), scene)];
  return [features.length <= MOST_LINES ? lines(run, scene) : heatmap(run, scene)];
}

/** @param {string[]} characters @param {[number, number]} shown @param {Scene} scene @returns {Row} */
function ribbon(characters, [first, last], { palette, t, width }) {
  const times = characters.map((_, time) => time).slice(first, last + 1);
  const tokens = characters.slice(first, last + 1);
  const fits = width / (last - first + 1) >= roomOf(tokens);
  const shown = tokens.map(visible);
  const look = fits
    ? { mode: "text", text: shown, textfont: { size: 14, family: "ui-monospace, monospace", color: palette.ink } }
    : { marker: { symbol: "line-ns-open", size: 8, color: palette.muted } };
  const heights = times.map(() => 0);
  return {
    id: "sequence",
    symbol: "x",
    title: fits ? t("quantity.sequence") : `${t("quantity.sequence")} · ${t("gates.zoom_to_read")}`,
    height: 26,
    traces: [traces.dots(times, heights, { customdata: shown, hover: t("gates.hover_character"), ...look })],
    yaxis: { range: [-1, 1], showticklabels: false },
  };
}

/** The width of the widest token. Characters may stand close together, words may not. @param {string[]} tokens */
function roomOf(tokens) {
  const widths = tokens.map((token) => textWidth(token, SIGN));
  return isOfWords(tokens) ? Math.max(...widths) + SIGN.narrow / 2 : LEGIBLE;
}

/** @param {Run} run @param {Scene} scene @returns {Row} */
function lines(run, { palette, t }) {
  const { type, features, values, scaling } = run.sequence;
  const names = features.map((_, feature) => featureName(run, feature, t));
  const isSignal = type === "signal" && !run.model?.front;
  const name = (isSignal && t.known(`signal.${features[0]}`)) || (names[0] ?? "");
  const title = features.length === 1 ? `${t("quantity.sequence")} · ${name}` : t("quantity.sequence");
  return {
    id: "sequence",
    symbol: "x",
    title: title + scaled(scaling.method, t),
    ...(features.length > 1 && { legend: true }),
    height: 64,
    traces: names.map((each, feature) => {
      const look = { name: each, color: palette.series[feature], width: 1.5 };
      return traces.line(series(values, feature), { ...look, hover: t("gates.hover_feature") });
    }),
    yaxis: { showgrid: true, nticks: 3 },
  };
}

/** @param {Run} run @param {Scene} scene @returns {Row} */
function heatmap(run, { t }) {
  const { features, values, scaling } = run.sequence;
  const { minimum, maximum } = summary(values);
  const input = t(run.model?.front ? "gates.embedded" : "gates.features", { count: features.length });
  const trace = traces.heatmap(steps(values), [minimum, maximum], {
    meta: "features",
    customdata: featureNames(run, t),
    hover: t("gates.hover_features"),
  });
  return {
    id: "sequence",
    symbol: "x",
    title: `${t("quantity.sequence")} · ${input}${scaled(scaling.method, t)}`,
    height: 64,
    traces: [trace],
    yaxis: unitsAxis(features.length),
  };
}

/** @param {string} method @param {Translate} t */
const scaled = (method, t) => (method === "none" ? "" : ` · ${t.known(`scaling.${method}`) ?? method}`);

/** @typedef {Pick<Run, "sequence"> & Partial<Pick<Run, "model">>} Fed */

/**
 * A token where the input is a one-hot text; a number where it is an embedding.
 * @param {Fed} run @param {number} feature @param {Translate} t
 */
export function featureName({ model, sequence: { features, characters, type } }, feature, t) {
  if (model?.front) return t("feature.embedded", { index: feature });
  const name = features[feature] ?? "";
  if (characters) return `“${visible(name)}”`;
  return (type === "task" && t.known(`zoo.feature.${name}`)) || visible(name);
}

/**
 * The name of each feature at each step, for the hover text of a heatmap.
 * @param {Fed} run @param {Translate} t
 */
export const featureNames = (run, t) =>
  run.sequence.features.map((_, feature) => Array(run.sequence.steps).fill(featureName(run, feature, t)));
