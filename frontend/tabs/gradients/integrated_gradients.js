/** Integrated gradients: the share of each input in an output or a state, and the completeness gap. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {Scale} from "../../charts/palette.js" */
/** @import {Run} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";
import { decimal, significant } from "../../base/i18n.js";
import { steps } from "../../base/tensor.js";
import { unitsAxis } from "../../charts/axes.js";
import * as sequence from "../../charts/sequence.js";
import * as traces from "../../charts/traces.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { colouredTokens } from "../../controls/coloured_tokens.js";
import { BASELINES, INTEGRAL_TARGETS } from "../../state/choices.js";
import { answerOf, hasHiddenState } from "../../state/selectors.js";

const MORE_POINTS = 1024;

/**
 * @typedef {object} Integrated  the gradients on the way from a baseline to the input, added up
 * @property {number} step
 * @property {number | null} output
 * @property {Tensor} attributions  (T, I)
 * @property {number} value
 * @property {number} baseline_value
 * @property {number} sum  of the attributions
 * @property {number} completeness_gap
 * @property {number} points  on the way
 * @property {boolean} converged
 */

/** The possible targets. A projection may leave a unit without a hidden state. @param {State} state */
function targetsOf(state) {
  const there = { output: Boolean(state.run?.output), cell_state: true, hidden_state: hasHiddenState(state) };
  return INTEGRAL_TARGETS.filter((name) => there[name]);
}

/** The chosen target, else the cell state. @param {State} state */
export const targetOf = (state) =>
  targetsOf(state).includes(state.integralTarget) ? state.integralTarget : "cell_state";

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state, set } = form;
  const ontoggle = (/** @type {any} */ event) => set({ integralOpen: event.target.open });
  return h(
    "section",
    { key: "integrated" },
    h("h2", null, t("gradients.integrated")),
    h("p", { class: "hint" }, t("gradients.integrated.explained")),
    h(
      "details",
      { id: "integrated-details", ontoggle, ...(state.integralOpen && { open: true }) },
      h("summary", null, t("gradients.integrated.open")),
      state.integralOpen && [
        h("div", { class: "choices" }, choices(form)),
        answered(form, "integrated_gradients", (/** @type {Integrated} */ answer) => content(form, answer)),
      ],
    ),
  );
}

/** @param {Form} form @returns {Content[]} */
function choices({ t, state, set }) {
  const select = (
    /** @type {"integralTarget" | "baseline"} */ property,
    /** @type {string} */ value,
    /** @type {[string, string][]} */ options,
  ) => [
    h("label", { for: `integrated-${property}` }, t(`gradients.${property}`)),
    h(
      "select",
      {
        id: `integrated-${property}`,
        value,
        onchange: (/** @type {any} */ event) => set({ [property]: event.target.value }),
      },
      options.map(([option, text]) => h("option", { value: option }, text)),
    ),
  ];
  return [
    ...select(
      "integralTarget",
      targetOf(state),
      targetsOf(state).map((name) => [name, t(`gradients.integralTarget.${name}`)]),
    ),
    ...select(
      "baseline",
      state.baseline,
      BASELINES.map((name) => [name, t(`gradients.baseline.${name}`)]),
    ),
  ];
}

/** @param {Form} form @param {Integrated} answer @returns {Content} */
function content(form, answer) {
  const { t, state, set } = form;
  const label = t("gradients.integrated.described", { name: nameOf(answer, state, t), step: answer.step });
  return [
    h("p", { id: "integrated-told" }, told(answer, state, t)),
    h(
      "div",
      { class: "answer-more" },
      !answer.converged && [
        h("p", { class: "error" }, t("gradients.integrated.missed", { points: answer.points })),
        state.integralPoints < MORE_POINTS &&
          h(
            "button",
            { type: "button", id: "integrated-more", onclick: () => set({ integralPoints: MORE_POINTS }) },
            t("gradients.integrated.more"),
          ),
      ],
    ),
    h(
      "div",
      { class: "answer-tokens" },
      state.run?.sequence.characters && colouredTokens(form, sums(answer.attributions), label),
    ),
    chartPlace("integrated", label),
  ];
}

/** @param {Integrated} answer @param {State} state @param {Translate} t */
function told(answer, state, t) {
  const { value, baseline_value, sum, completeness_gap, points } = answer;
  return t("gradients.integrated.told", {
    name: nameOf(answer, state, t),
    step: answer.step,
    value: decimal(value),
    baseline: decimal(baseline_value),
    sum: decimal(sum),
    difference: decimal(value - baseline_value),
    gap: significant(Math.abs(completeness_gap)),
    points,
  });
}

/** @param {Integrated} answer @param {State} state @param {Translate} t */
function nameOf({ output }, state, t) {
  if (output !== null)
    return t("gradients.integrated.of_output", { name: visible(state.run?.output?.names[output] ?? "") });
  return t(`gradients.integrated.of_${targetOf(state)}`, { unit: state.unit });
}

/** The attributions of each step, added up. @param {Tensor} attributions */
const sums = (attributions) =>
  Float32Array.from(steps(attributions), (row) => row.reduce((sum, value) => sum + value, 0));

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, scene) {
  /** @type {Integrated | null} */
  const answer = answerOf(state, "integrated_gradients").answer;
  if (!answer || !state.integralOpen || !state.run) return [];
  return [...sequence.rows(state, scene), byStep(answer, scene), ...byFeature(answer, state.run, scene)];
}

/** @param {Integrated} answer @param {Scene} scene @returns {Row} */
function byStep({ attributions }, { palette: { series }, t }) {
  const y = sums(attributions);
  const trace = traces.bars([...y.keys()], y, { series, hover: "t %{x}\n%{y:.4g}" });
  const yaxis = { zeroline: true, showgrid: true };
  return { id: "integrated", symbol: "", title: t("gradients.integrated.row"), height: 140, traces: [trace], yaxis };
}

/**
 * A row for each feature, where there are several.
 * @param {Integrated} answer @param {Run} run @param {Scene} scene @returns {Row[]}
 */
function byFeature({ attributions }, run, { palette: { series, diverging }, t }) {
  const features = attributions.shape[1] ?? 1;
  if (features === 1) return [];
  const largest = attributions.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const ground = diverging[2]?.[1];
  const trace = traces.heatmap(steps(attributions), [-largest, largest], {
    meta: "features",
    // The colours of the bars above.
    scale: /** @type {Scale} */ ([series[0], ground, series[1]].map((colour, index) => [index / 2, colour])),
    customdata: sequence.featureNames(run, t),
    hover: t("gradients.integrated.hover_feature"),
  });
  const height = Math.min(160, Math.max(40, 13 * features));
  const title = t("gradients.integrated.by_feature");
  return [{ id: "by_feature", symbol: "", title, height, traces: [trace], yaxis: unitsAxis(features) }];
}
