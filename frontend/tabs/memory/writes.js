/** The parts of C_t that each past step wrote: signed bars over time that sum to it, and the largest in a table. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";
import { decimal, significant } from "../../base/i18n.js";
import * as sequence from "../../charts/sequence.js";
import * as traces from "../../charts/traces.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { placeLink } from "../../controls/place_link.js";
import { table } from "../../controls/table.js";
import { answerOf, shownSteps } from "../../state/selectors.js";

const MOST_BARS = 400; // of more steps the extremes are drawn, as a line
const MOST_NAMED = 5;
const HEAD = /** @type {const} */ (["memory.writes.step", "memory.writes.part", "memory.writes.share"]);

/**
 * @typedef {object} Writes  the parts of the cell state at a step
 * @property {number} step
 * @property {number[]} steps  at which the parts were written
 * @property {Tensor} parts
 * @property {number} initial  what is left of the initial state
 * @property {number} sum
 * @property {number} cell_state
 * @property {number} residual
 */

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  const { unit, time } = state;
  return h(
    "section",
    { key: "writes" },
    h("h2", null, t("memory.writes", { unit, time })),
    h("p", { class: "hint" }, t("memory.writes.explained")),
    answered(form, "writes", (answer) => [
      h("p", { id: "writes-sum" }, sum(answer, t)),
      chartPlace("writes", t("memory.writes.described", { unit, time: answer.step })),
      largest(form, answer),
    ]),
  );
}

/** @param {Writes} answer @param {Translate} t */
function sum({ step, initial, sum: all, cell_state, residual }, t) {
  const signed = (/** @type {number} */ value) => (value < 0 ? `(${decimal(value)})` : decimal(value));
  const values = {
    time: step,
    cell: decimal(cell_state),
    initial: signed(initial),
    written: signed(all - initial),
    residual: significant(Math.abs(residual)),
  };
  return t("memory.writes.sum", values);
}

/** @param {Form} form @param {Writes} answer */
function largest(form, { steps, parts, initial }) {
  const { t, state } = form;
  const total = parts.data.reduce((all, part) => all + Math.abs(part), Math.abs(initial)) || 1;
  const order = [...parts.data.keys()].sort(
    (a, b) => Math.abs(Number(parts.data[b])) - Math.abs(Number(parts.data[a])),
  );
  const head = HEAD.map((key) => t(key));
  const row = (/** @type {number} */ index) => {
    const time = Number(steps[index]);
    const part = Number(parts.data[index]);
    const token = state.run?.sequence.characters?.[time];
    const name = token === undefined ? `t ${time}` : `t ${time} “${visible(token)}”`;
    return h(
      "tr",
      null,
      h("td", null, placeLink(form, { time }, name)),
      h("td", null, decimal(part)),
      h("td", null, `${decimal((100 * Math.abs(part)) / total, 1)} %`),
    );
  };
  const props = { class: "ranking", "aria-label": t("memory.writes.largest") };
  return table(props, head, order.slice(0, MOST_NAMED).map(row));
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, scene) {
  /** @type {Writes | null} */
  const answer = answerOf(state, "writes").answer;
  if (!answer || !state.run) return [];
  const y = new Float32Array(state.run.sequence.steps);
  answer.steps.forEach((time, index) => {
    y[time] = Number(answer.parts.data[index]);
  });
  const { t } = scene;
  return [
    ...sequence.rows(state, scene),
    {
      id: "writes",
      symbol: "",
      title: t("memory.writes.row", { time: answer.step }),
      height: 150,
      traces: [trace(y, shownSteps(state), t("memory.writes.hover", { time: answer.step }), scene)],
      yaxis: { zeroline: true, showgrid: true },
    },
  ];
}

/** @param {Float32Array} y @param {[number, number]} shown @param {string} hover @param {Scene} scene */
function trace(y, [first, last], hover, { palette: { series } }) {
  if (last - first >= MOST_BARS) return traces.line(y, { color: series[1], width: 1, fill: "tozeroy", hover });
  const x = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return traces.bars(x, y.subarray(first, last + 1), { series, hover });
}
