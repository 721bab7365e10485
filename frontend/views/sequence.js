/** The sequence as it was fed: a line for each feature, a heatmap where there are many, a ribbon for text. */

/** @import {Palette, Row} from "../figure.js" */
/** @import {Run} from "../state.js" */
/** @import {Translate} from "../i18n.js" */
import { visible } from "../characters.js";
import { significant } from "../i18n.js";
import { series, steps, summary } from "../tensor.js";

const MOST_LINES = 8;
const LEGIBLE = 7; // CSS pixels that a character needs

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
  const fits = width / (last - first + 1) >= LEGIBLE;
  const times = characters.map((_, time) => time).slice(first, last + 1);
  const shown = times.map((time) => visible(characters[time] ?? ""));
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

/** @param {Run} run @param {Palette} palette @param {Translate} t @returns {Row} */
function lines({ sequence: { type, features, values, scaling } }, palette, t) {
  const named = (/** @type {string} */ name) => (type === "task" ? t(`zoo.feature.${name}`) : escaped(name));
  const traces = features.map((name, feature) => ({
    type: "scatter",
    mode: values.shape[0] === 1 ? "markers" : "lines",
    name: named(name),
    y: series(values, feature),
    line: { width: 1.5, color: palette.series[feature] },
    hovertemplate: `${t("gates.hover_feature", { name: named(name) })}<extra></extra>`,
  }));
  const [only = ""] = features;
  const name = type === "signal" ? t(`signal.${only}`) : named(only);
  const title = features.length === 1 ? `${t("quantity.sequence")} · ${name}` : t("quantity.sequence");
  return {
    id: "sequence",
    symbol: "x",
    title: title + scaled(scaling.method, t),
    ...(features.length > 1 && { legendLines: 1 }),
    height: 64,
    traces,
    yaxis: { showgrid: true, nticks: 3 },
  };
}

/** @param {Run} run @param {Translate} t @returns {Row} */
function heatmap({ sequence: { features, values, scaling } }, t) {
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
    hovertemplate: `${t("gates.hover_features")}<extra></extra>`,
  };
  return {
    id: "sequence",
    symbol: "x",
    title: `${t("quantity.sequence")} · ${t("gates.features", { count: features.length })}${scaled(scaling.method, t)}`,
    height: 64,
    traces: [trace],
    yaxis: { range: [features.length - 0.5, -0.5], tickvals: [0, features.length - 1] },
  };
}

/** @param {string} method @param {Translate} t */
const scaled = (method, t) => (method === "none" ? "" : ` · ${t(`scaling.${method}`)}`);

/** A name from a file is text, also where Plotly would read tags in it. @param {string} name */
const escaped = (name) => name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("%{", "% {");
