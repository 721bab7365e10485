/** Retention: the share of a unit's cell state that is left from each step to each later one, as a triangle. */

import { h } from "../../base/dom.js";
import { series, steps } from "../../base/tensor.js";
import { wholeTicks } from "../../charts/axes.js";
import { LOOK } from "../../charts/look.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
/** @import {Translate} from "../../base/i18n.js" */
import * as traces from "../../charts/traces.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { answerOf, layerOf, shownSteps } from "../../state/selectors.js";

const HEIGHT = 280;
const VISIBLE = 1.5; // pixels from the diagonal

/** @typedef {{steps: number[], retained: Tensor, half_lives: Tensor}} Retention */

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  const { unit } = state;
  return h(
    "section",
    { key: "retention" },
    h("h2", null, t("memory.retention", { unit })),
    h("p", { class: "hint" }, t("memory.retention.explained")),
    answered(form, "retention", (answer) => [
      chartPlace("retention", t("memory.retention.described", { unit })),
      hint(form, answer),
    ]),
  );
}

/** A hint to zoom in, where the memory is too short to be seen. @param {Form} form @param {Retention} answer */
function hint({ t, state }, { half_lives }) {
  const [first, last] = shownSteps(state);
  const steps = Number(half_lives.data[state.unit]);
  const isSeen = steps > (VISIBLE * (last - first + 1)) / HEIGHT;
  return !isSeen && h("p", { class: "hint" }, t("memory.retention.zoom", { steps }));
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, { palette, t }) {
  /** @type {Retention | null} */
  const answer = answerOf(state, "retention").answer;
  const layer = layerOf(state);
  if (!answer || !layer) return [];
  const { symbol } = LOOK.forget_gate;
  const forget = series(layer.forget_gate, state.unit);
  return [
    {
      id: "forget_gate",
      symbol,
      title: t("quantity.forget_gate"),
      height: 56,
      traces: [traces.line(forget, { color: palette.quantities.forget_gate, hover: "t %{x}\nf %{y:.3f}" })],
      yaxis: { range: [-0.05, 1.05], showgrid: true, tickvals: [0, 1] },
    },
    triangle(answer, shownSteps(state), t),
  ];
}

/** @param {Retention} answer @param {[number, number]} shown @param {Translate} t @returns {Row} */
function triangle({ steps: places, retained }, [first, last], t) {
  const look = { meta: "steps", x: places, y: places, transpose: false, hoverongaps: false };
  const trace = traces.heatmap(steps(retained), [0, 1], { ...look, hover: t("memory.retention.hover") });
  const yaxis = { range: [last + 0.5, first - 0.5], nticks: 6, ...wholeTicks(last - first) };
  return { id: "retention", symbol: "", title: t("memory.retention.row"), height: HEIGHT, traces: [trace], yaxis };
}
