/** The gradients of an untrained RNN, GRU and LSTM on the same sequence: why an LSTM and no plain RNN. */

import { h } from "../../base/dom.js";
import { significant } from "../../base/i18n.js";
import { logAxis, sizes } from "../../charts/axes.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
/** @import {Translate} from "../../base/i18n.js" */
import * as traces from "../../charts/traces.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { answerOf } from "../../state/selectors.js";

/**
 * @typedef {object} Reach  the size of the gradient at each step, for each network
 * @property {number} seed
 * @property {number} forget_bias
 * @property {number} end  the step whose state is felt
 * @property {Tensor} rnn
 * @property {Tensor} gru
 * @property {Tensor} lstm
 */

const NETWORKS = /** @type {const} */ (["rnn", "gru", "lstm"]);
const DASHES = { rnn: "dot", gru: "dash", lstm: "solid" };
const FAR = 100; // steps back

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  return h(
    "section",
    { key: "gradient-reach" },
    h("h2", null, t("gradients.reach")),
    h("p", { class: "hint" }, t("gradients.reach.explained")),
    answered(form, "gradient_reach", (/** @type {Reach} */ answer) => [
      h("p", { id: "reach-told" }, told(answer, state, t)),
      chartPlace("gradient-reach", t("gradients.reach.described", { step: answer.end })),
    ]),
  );
}

/** @param {Reach} answer @param {State} state @param {Translate} t */
function told(answer, { run }, t) {
  const steps = Math.min(answer.end, FAR);
  const values = Object.fromEntries(NETWORKS.map((name) => [name, size(answer[name].data[answer.end - steps])]));
  const { seed, forget_bias: bias } = answer;
  return t("gradients.reach.told", { ...values, steps, seed, bias, units: run?.model.hidden_size ?? 0 });
}

/** @param {number | undefined} value */
const size = (value = 0) => (value === 0 ? "< 1e−45" : significant(value));

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, { palette, t }) {
  /** @type {Reach | null} */
  const answer = answerOf(state, "gradient_reach").answer;
  if (!answer) return [];
  const lines = NETWORKS.map((name) => sizes(answer[name].data));
  const drawn = NETWORKS.map((name, index) => {
    const look = { color: palette.series[index], dash: DASHES[name], width: 1.8 };
    const named = t(`gradients.reach.${name}`);
    return traces.line(lines[index] ?? [], { ...look, name: named, hover: "t %{x}\n%{fullData.name} %{y:.3g}" });
  });
  return [
    { id: "gradient_reach", symbol: "", title: "", legend: true, height: 200, traces: drawn, yaxis: logAxis(lines) },
  ];
}
