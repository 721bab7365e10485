/** What each input added to an output or a state, and by how much the parts miss the whole. Asked while it is open. */

/** @import {Form} from "../../controls/controls.js" */
/** @import {Palette, Row} from "../../charts/figure.js" */
/** @import {Run, State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { plotText, visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";
import { decimal, significant } from "../../base/i18n.js";
import { steps } from "../../base/tensor.js";
import { featureNames } from "../../charts/features.js";
import { answered, chartPlace, colouredTokens } from "../../controls/controls.js";
import { answerOf, BASELINES, hasHiddenState, INTEGRAL_TARGETS } from "../../state/state.js";

const MORE_POINTS = 1024;

/** @typedef {{step: number, output: number | null, attributions: Tensor, value: number, baseline_value: number, sum: number, completeness_gap: number, points: number, converged: boolean}} Integrated */

/** Without a read-out there is no output to split, and with a projection a unit may have no hidden state. @param {State} state */
function targetsOf(state) {
  const there = { output: Boolean(state.run?.output), cell_state: true, hidden_state: hasHiddenState(state) };
  return INTEGRAL_TARGETS.filter((name) => there[name]);
}

/** What is split: what was chosen, where it is there. @param {State} state */
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

/** What each step added. @param {Tensor} attributions */
const sums = (attributions) =>
  Float32Array.from(steps(attributions), (row) => row.reduce((sum, value) => sum + value, 0));

/** @param {State} state @param {{palette: Palette, t: Translate}} scene @returns {Row[]} */
export function rows(state, { palette, t }) {
  /** @type {Integrated | null} */
  const answer = answerOf(state, "integrated_gradients").answer;
  if (!answer || !state.integralOpen || !state.run) return [];
  const y = sums(answer.attributions);
  const trace = {
    type: "bar",
    x: Array.from(y, (_, time) => time),
    y,
    marker: { color: Array.from(y, (value) => palette.series[value < 0 ? 0 : 1]), line: { width: 0 } },
    hovertemplate: "t %{x}<br>%{y:.4g}<extra></extra>",
  };
  const title = t("gradients.integrated.row");
  const yaxis = { zeroline: true, zerolinewidth: 1, showgrid: true };
  return [
    { id: "integrated", symbol: "", title, height: 140, traces: [trace], yaxis },
    ...byFeature(answer, state.run, palette, t),
  ];
}

/** Where a step has several features: each for itself. @param {Integrated} answer @param {Run} run @param {Palette} palette @param {Translate} t @returns {Row[]} */
function byFeature({ attributions }, run, palette, t) {
  const features = attributions.shape[1] ?? 1;
  if (features === 1) return [];
  const largest = attributions.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const ground = palette.scheme === "dark" ? "#1b1f27" : "#f7f7f5";
  const trace = {
    type: "heatmap",
    meta: "features",
    z: steps(attributions),
    transpose: true,
    zmin: -largest,
    zmax: largest,
    colorscale: [
      [0, palette.series[0]],
      [0.5, ground],
      [1, palette.series[1]],
    ],
    colorbar: { tickvals: [-largest, largest], ticktext: [significant(-largest), significant(largest)] },
    customdata: featureNames(run, t, plotText),
    hovertemplate: `${t("gradients.integrated.hover_feature")}<extra></extra>`,
  };
  const title = t("gradients.integrated.by_feature");
  const yaxis = { range: [features - 0.5, -0.5], tickvals: [0, features - 1] };
  return [
    { id: "by_feature", symbol: "", title, height: Math.min(160, Math.max(40, 13 * features)), traces: [trace], yaxis },
  ];
}
