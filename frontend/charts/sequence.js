/** The sequence as it was fed: a line for each feature, a heatmap where there are many, a ribbon for text. */

/** @import {Palette, Row} from "./figure.js" */
/** @import {Run} from "../state/state.js" */
/** @import {Translate} from "../base/i18n.js" */
import { isOfWords, plotText, textWidth } from "../base/characters.js";
import { significant } from "../base/i18n.js";
import { series, steps, summary } from "../base/tensor.js";
import { featureName, featureNames } from "./features.js";

const MOST_LINES = 8;
const LEGIBLE = 7; // CSS pixels that a character needs
const SIGN = { wide: 14, narrow: 8.5 }; // CSS pixels of a letter of a word

/**
 * @param {Run} run @param {[number, number]} shown first and last step on screen @param {number} width of the plot in CSS pixels
 * @param {Palette} palette @param {Translate} t
 * @returns {Row[]}
 */
export function rows(run, shown, width, palette, t) {
  const { characters, features } = run.sequence;
  if (characters) return [ribbon(characters, shown, width, palette, t)];
  return [features.length <= MOST_LINES ? lines(run, palette, t) : heatmap(run, t)];
}

/** @param {string[]} characters @param {[number, number]} shown @param {number} width @param {Palette} palette @param {Translate} t @returns {Row} */
function ribbon(characters, [first, last], width, palette, t) {
  const times = characters.map((_, time) => time).slice(first, last + 1);
  const tokens = characters.slice(first, last + 1);
  const fits = width / (last - first + 1) >= roomOf(tokens);
  const shown = tokens.map(plotText);
  const trace = {
    type: "scatter",
    x: times,
    y: times.map(() => 0),
    customdata: shown,
    hovertemplate: t("gates.hover_character"),
    ...(fits
      ? { mode: "text", text: shown, textfont: { size: 14, family: "ui-monospace, monospace", color: palette.ink } }
      : { mode: "markers", marker: { symbol: "line-ns-open", size: 8, color: palette.muted } }),
  };
  return {
    id: "sequence",
    symbol: "x",
    title: fits ? t("quantity.sequence") : `${t("quantity.sequence")} · ${t("gates.zoom_to_read")}`,
    height: 26,
    traces: [trace],
    yaxis: { range: [-1, 1], showticklabels: false },
  };
}

/** What the widest token needs; characters may stand close, words may not. @param {string[]} tokens */
function roomOf(tokens) {
  const widths = tokens.map((token) => textWidth(token, SIGN));
  return isOfWords(tokens) ? Math.max(...widths) + SIGN.narrow / 2 : LEGIBLE;
}

/** @param {Run} run @param {Palette} palette @param {Translate} t @returns {Row} */
function lines(run, palette, t) {
  const { type, features, values, scaling } = run.sequence;
  const names = features.map((_, feature) => plotText(featureName(run, feature, t)));
  const traces = names.map((name, feature) => ({
    type: "scatter",
    mode: values.shape[0] === 1 ? "markers" : "lines",
    name,
    y: series(values, feature),
    line: { width: 1.5, color: palette.series[feature] },
    hovertemplate: `${t("gates.hover_feature", { name })}<extra></extra>`,
  }));
  const isSignal = type === "signal" && !run.model?.front;
  const name = (isSignal && t.known(`signal.${features[0]}`)) || (names[0] ?? "");
  const title = features.length === 1 ? `${t("quantity.sequence")} · ${name}` : t("quantity.sequence");
  return {
    id: "sequence",
    symbol: "x",
    title: title + scaled(scaling.method, t),
    ...(features.length > 1 && { legend: true }),
    height: 64,
    traces,
    yaxis: { showgrid: true, nticks: 3 },
  };
}

/** @param {Run} run @param {Translate} t @returns {Row} */
function heatmap(run, t) {
  const { features, values, scaling } = run.sequence;
  const { minimum, maximum } = summary(values);
  const trace = {
    type: "heatmap",
    meta: "features",
    z: steps(values),
    transpose: true,
    zmin: minimum,
    zmax: maximum,
    colorscale: "Cividis",
    colorbar: { tickvals: [minimum, maximum], ticktext: [significant(minimum), significant(maximum)] },
    customdata: featureNames(run, t, plotText),
    hovertemplate: `${t("gates.hover_features")}<extra></extra>`,
  };
  const fed = t(run.model?.front ? "gates.embedded" : "gates.features", { count: features.length });
  return {
    id: "sequence",
    symbol: "x",
    title: `${t("quantity.sequence")} · ${fed}${scaled(scaling.method, t)}`,
    height: 64,
    traces: [trace],
    yaxis: { range: [features.length - 0.5, -0.5], tickvals: [0, features.length - 1] },
  };
}

/** @param {string} method @param {Translate} t */
const scaled = (method, t) => (method === "none" ? "" : ` · ${t.known(`scaling.${method}`) ?? method}`);
