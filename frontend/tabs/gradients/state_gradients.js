/** The gradient of a unit's state with respect to earlier states, beside its direct path, on a logarithmic axis. */

import { h } from "../../base/dom.js";
import { significant } from "../../base/i18n.js";
import { logAxis, sizes } from "../../charts/axes.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
import * as sequence from "../../charts/sequence.js";
import * as traces from "../../charts/traces.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { answerOf } from "../../state/selectors.js";

/** @typedef {{step: number, cell_state: Tensor, direct: Tensor, input_norms: Tensor}} Gradients */

const LINES = /** @type {const} */ (["cell_state", "direct", "input_norms"]);
const DASHES = { cell_state: "solid", direct: "dash", input_norms: "dot" };

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  const { unit } = state;
  return h(
    "section",
    { key: "gradients" },
    h("h2", null, t("gradients.title", { unit })),
    h("p", { class: "hint" }, t("gradients.explained")),
    target(form),
    answered(form, "gradients", (/** @type {Gradients} */ answer) => [
      h("p", { id: "gradients-told" }, told(answer, form)),
      chartPlace("gradients", t("gradients.described", { unit, step: answer.step })),
    ]),
  );
}

/** The choice of the step whose state is meant, here and beside the RNN. @param {Form} form */
function target({ t, state, set }) {
  const { time, gradientStep, direction } = state;
  const last = direction === "backward" ? 0 : (state.run?.sequence.steps ?? 1) - 1;
  const button = (/** @type {string} */ id, /** @type {number | null} */ step, /** @type {string} */ text) =>
    h(
      "button",
      { type: "button", id, "aria-pressed": String(gradientStep === step), onclick: () => set({ gradientStep: step }) },
      text,
    );
  return h(
    "div",
    { class: "choices" },
    h("span", null, t("gradients.target")),
    h(
      "div",
      { class: "segmented", role: "group", "aria-label": t("gradients.target") },
      button("gradients-last", null, t("gradients.last", { step: last })),
      gradientStep !== null &&
        gradientStep !== time &&
        button("gradients-kept", gradientStep, t("gradients.kept", { step: gradientStep })),
      button("gradients-cursor", time, t("gradients.cursor", { step: time })),
    ),
  );
}

/**
 * The gradient in words, at a step that ran before the target: in a backward layer, a step after it.
 * @param {Gradients} answer @param {Form} form
 */
function told({ step, cell_state, direct }, { t, state }) {
  const isBackward = state.direction === "backward";
  const steps = Math.min(isBackward ? cell_state.data.length - 1 - step : step, 10);
  const at = (/** @type {Tensor} */ { data }) => significant(Number(data[isBackward ? step + steps : step - steps]));
  const values = { step, steps, gradient: at(cell_state), direct: at(direct) };
  const ran = isBackward ? cell_state.data.slice(step) : cell_state.data.slice(0, step + 1);
  const vanished = ran.some((value) => value === 0) ? ` ${t("gradients.vanished")}` : "";
  return t(isBackward ? "gradients.told_backward" : "gradients.told", values) + vanished;
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, scene) {
  const { palette, t } = scene;
  /** @type {Gradients | null} */
  const answer = answerOf(state, "gradients").answer;
  if (!answer) return [];
  const lines = LINES.map((name) => sizes(answer[name].data));
  const drawn = LINES.map((name, index) => {
    const look = { color: palette.series[index], dash: DASHES[name], width: 1.8 };
    const named = t(`gradients.line.${name}`);
    return traces.line(lines[index] ?? [], { ...look, name: named, hover: "t %{x}\n%{fullData.name} %{y:.3g}" });
  });
  const row = {
    id: "gradients",
    symbol: "",
    title: "",
    legend: true,
    height: 200,
    traces: drawn,
    yaxis: logAxis(lines),
  };
  return [...sequence.rows(state, scene), row];
}
