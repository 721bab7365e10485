/** The half-life of each unit of the layer: dots on a logarithmic axis, and the longest by name. */

import { h } from "../../base/dom.js";
import { significant } from "../../base/i18n.js";
import { wholeTicks } from "../../charts/axes.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Part} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
import * as traces from "../../charts/traces.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { placeLink } from "../../controls/place_link.js";
import { answerOf } from "../../state/selectors.js";

const MOST_NAMED = 6;

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t } = form;
  return h(
    "section",
    { key: "half-lives" },
    h("h2", null, t("memory.half_lives")),
    h("p", { class: "hint" }, t("memory.half_lives.explained")),
    answered(form, "retention", ({ half_lives }) => [
      h("p", { class: "links" }, t("memory.half_lives.longest"), " ", longest(form, half_lives.data)),
      chartPlace("half-lives", t("memory.half_lives.described")),
    ]),
  );
}

/** @param {Form} form @param {Float32Array} halfLives */
function longest(form, halfLives) {
  const { t, state } = form;
  const units = [...halfLives.keys()].sort((a, b) => Number(halfLives[b]) - Number(halfLives[a]) || a - b);
  return units.slice(0, MOST_NAMED).map((unit) => {
    const text = `${t("lines.unit", { unit })} · ${told(Number(halfLives[unit]))}`;
    return placeLink(form, { unit }, text, unit === state.unit);
  });
}

/** @param {number} steps */
const told = (steps) => (steps === Number.POSITIVE_INFINITY ? "∞" : significant(steps));

/** @param {State} state @param {Scene} scene @returns {Part | null} */
export function plot(state, { palette, t }) {
  /** @type {Float32Array | undefined} */
  const halfLives = answerOf(state, "retention").answer?.half_lives.data;
  if (!halfLives) return null;
  const units = [...halfLives.keys()];
  const values = [...halfLives];
  const [least, most] = bounds(values);
  const shown = values.map((value) => Math.min(Math.max(value, least), most));
  const trace = traces.dots(units, shown, {
    meta: "units",
    customdata: units,
    text: values.map(told),
    marker: {
      size: units.map((unit) => (unit === state.unit ? 11 : 7)),
      color: units.map((unit) => (unit === state.unit ? palette.accent : palette.muted)),
      symbol: values.map((value) => (value > most ? "triangle-up" : value < least ? "triangle-down" : "circle")),
    },
    hover: t("memory.half_lives.hover"),
  });
  const whole = { range: [-0.5, units.length - 0.5], ...wholeTicks(units.length - 1) };
  const xaxis = { ...whole, title: { text: t("ranking.unit") }, showgrid: false };
  const yaxis = { type: "log", range: [Math.log10(least) - 0.1, Math.log10(most) + 0.1], ...ticks(least, most) };
  return { height: 150, traces: [trace], xaxis, yaxis };
}

/** Ticks at powers of ten, and at 2 and 5 times them where there are few. @param {number} least @param {number} most */
function ticks(least, most) {
  const decades = Math.round(Math.log10(most / least));
  const digits = decades > 2 ? [1] : [1, 2, 5];
  const values = Array.from({ length: decades + 1 }, (_, index) => digits.map((digit) => digit * least * 10 ** index));
  const tickvals = values.flat().filter((value) => value <= most);
  return { tickvals, ticktext: tickvals.map(significant) };
}

/**
 * The decades that hold all finite half-lives. Others are arrows at the edge.
 * @param {number[]} values @returns {[number, number]}
 */
function bounds(values) {
  const finite = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const least = Math.floor(Math.min(0, ...finite));
  return [10 ** least, 10 ** Math.max(least + 1, Math.ceil(Math.max(0, ...finite)))];
}
