/** How saturated a gate is: a dot a unit, the share of open steps against that of shut ones (Karpathy et al. 2015). */

/** @import {Scene} from "../../charts/charts.js" */
/** @import {Part} from "../../charts/figure.js" */
/** @import {Palette} from "../../charts/palette.js" */
/** @import {Trace} from "../../charts/traces.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Translate} from "../../base/i18n.js" */
/** @import {Gate, Health, Saturation} from "./saturation.js" */
import * as traces from "../../charts/traces.js";
import { answerOf } from "../../state/selectors.js";

const MARGIN = { l: 54, r: 28, t: 10, b: 42 };
const SMALLEST = 200; // pixels of a plot with its margins, as in the style sheet
const LARGEST = { beside: 260, below: 210 }; // pixels of a plot without, beside the others or below them
const GAP = 8;
const MOST_COLUMNS = 3;
const MOST_NAMED = 8;
const CROWD = 5; // units at one place whose number is written beside it
const ROOM = { x: 0.25, y: 0.12 }; // shares that such a number takes on the smallest plot

/** @param {Gate} gate @returns {(state: State, scene: Scene) => Part | null} */
export const plotOf = (gate) => (state, scene) => {
  /** @type {Health | null} */
  const answer = answerOf(state, "health").answer;
  return answer && plot(answer, gate, state, scene);
};

/** @param {Health} answer @param {Gate} gate @param {State} state @param {Scene} scene @returns {Part} */
function plot({ thresholds, saturation, others }, gate, { unit, width }, { palette, t }) {
  const axis = (/** @type {string} */ text) => ({
    title: { text },
    range: [-0.05, 1.05],
    tickvals: [0, 0.5, 1],
    tickformat: ".0%",
    constrain: "domain",
  });
  const line = {
    type: "line",
    x0: 0,
    y0: 1,
    x1: 1,
    y1: 0,
    layer: "below",
    line: { color: palette.muted, width: 1, dash: "dot" },
  };
  return {
    height: heightOf(width),
    traces: [
      ...pale(others, gate, palette),
      ...dots(saturation[gate], unit, { palette, t, hover: t("health.hover", thresholds) }),
    ],
    xaxis: axis(t("health.axis_open", thresholds)),
    yaxis: { ...axis(t("health.axis_shut", thresholds)), scaleanchor: "x" },
    shapes: [line],
    margin: MARGIN,
  };
}

/** The height: the width of one plot, up to a limit. @param {number} width of all three plots */
function heightOf(width) {
  const columns = Math.max(1, Math.min(MOST_COLUMNS, Math.floor((width + GAP) / (SMALLEST + GAP))));
  const inner = (width - GAP * (columns - 1)) / columns - MARGIN.l - MARGIN.r;
  return Math.round(Math.min(inner, columns > 1 ? LARGEST.beside : LARGEST.below));
}

/**
 * The other layers and directions, pale and behind, each place once.
 * @param {Health["others"]} others @param {Gate} gate @param {Palette} palette @returns {Trace[]}
 */
function pale(others, gate, palette) {
  const rounded = (/** @type {Float32Array} */ data) => [...data].map((share) => Math.round(100 * share));
  const places = others.flatMap(({ saturation }) => {
    const [open, shut] = [rounded(saturation[gate].right.data), rounded(saturation[gate].left.data)];
    return open.map((share, unit) => `${share},${shut[unit]}`);
  });
  const points = [...new Set(places)].map((place) => place.split(",").map((percent) => Number(percent) / 100));
  if (points.length === 0) return [];
  const [open, shut] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const marker = { size: 6, symbol: "circle-open", color: palette.muted, opacity: 0.45 };
  return [traces.dots(open, shut, { marker, cliponaxis: false })];
}

/**
 * The units, the chosen one above them, and their number where many stand at the same place. A click there takes one
 * after the other.
 * @param {Saturation} saturation
 * @param {number} unit
 * @param {{palette: Palette, t: Translate, hover: string}} look
 * @returns {Trace[]}
 */
function dots({ left, right }, unit, { palette, t, hover }) {
  const together = sharing(left.data, right.data);
  const groupOf = (/** @type {number} */ index) => /** @type {number[]} */ (together[index]);
  const placed = (/** @type {number[]} */ units, /** @type {object} */ look) => {
    const [open, shut] = [right, left].map(({ data }) => units.map((index) => data[index]));
    return traces.dots(open ?? [], shut ?? [], {
      meta: "units",
      customdata: units.map((index) => next(groupOf(index), unit)),
      text: units.map((index) => named(groupOf(index), t)),
      hover: `%{text}\n${hover}`,
      cliponaxis: false,
      ...look,
    });
  };
  const units = [...left.data.keys()];
  const crowds = apart(
    units
      .filter((index) => groupOf(index).length >= CROWD && groupOf(index)[0] === index)
      .sort((a, b) => groupOf(b).length - groupOf(a).length),
    (index) => [Number(right.data[index]), Number(left.data[index])],
  );
  const rim = { color: palette.surface, width: 1 };
  return [
    placed(units, { marker: { size: 8, color: palette.muted, opacity: 0.7, line: rim } }),
    placed(
      units.filter((index) => index === unit),
      { marker: { size: 14, color: palette.accent, symbol: "diamond", line: { ...rim, width: 2 } } },
    ),
    placed(crowds, {
      mode: "markers+text", // the marker is not seen: it keeps the text away from the dots
      marker: { size: 14, opacity: 0 },
      text: crowds.map((index) => `${groupOf(index).length}×`),
      textposition: "top right",
      textfont: { size: 11, color: palette.ink },
      hoverinfo: "skip",
    }),
  ];
}

/**
 * The units whose numbers do not overlap; the first ones win.
 * @param {number[]} units @param {(unit: number) => [number, number]} placeOf
 */
function apart(units, placeOf) {
  /** @type {number[]} */
  const shown = [];
  for (const unit of units) {
    const [x, y] = placeOf(unit);
    const isFree = shown
      .map(placeOf)
      .every(([otherX, otherY]) => Math.abs(x - otherX) > ROOM.x || Math.abs(y - otherY) > ROOM.y);
    if (isFree) shown.push(unit);
  }
  return shown;
}

/**
 * For each unit all units at the same place, itself included.
 * @param {Float32Array} left @param {Float32Array} right @returns {number[][]}
 */
function sharing(left, right) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  const keys = [...left].map((shut, unit) => `${shut},${right[unit]}`);
  keys.forEach((key, unit) => {
    places.set(key, [...(places.get(key) ?? []), unit]);
  });
  return keys.map((key) => places.get(key) ?? []);
}

/** @param {number[]} units @param {number} unit */
const next = (units, unit) => units[(units.indexOf(unit) + 1) % units.length];

/** @param {number[]} units @param {Translate} t */
function named(units, t) {
  if (units.length === 1) return t("lines.unit", { unit: Number(units[0]) });
  const more = units.length > MOST_NAMED ? ", …" : "";
  return t("health.units", { units: units.slice(0, MOST_NAMED).join(", ") + more });
}
