/** The sensitivity of an output: the size of its gradient with respect to each input, as a colour of that input. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
import { visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";
import { decimal, significant } from "../../base/i18n.js";
import * as sequence from "../../charts/sequence.js";
import * as traces from "../../charts/traces.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { colouredTokens } from "../../controls/coloured_tokens.js";
import { answerOf } from "../../state/selectors.js";

/** @typedef {{step: number, output: number, value: number, norms: Tensor}} Connectivity */

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  return h(
    "section",
    { key: "connectivity" },
    h("h2", null, t("gradients.connectivity")),
    h("p", { class: "hint" }, t("gradients.connectivity.explained")),
    h("div", { class: "choices" }, state.run?.output && choice(form)),
    state.run?.output
      ? answered(form, "connectivity", (/** @type {Connectivity} */ answer) => content(form, answer))
      : h("p", { id: "no-read-out" }, t(`gradients.no_read_out.${state.model}`)),
  );
}

/** @param {Form} form */
function choice({ t, state, set }) {
  const names = state.run?.output?.names ?? [];
  const options = [["", t("gradients.largest")], ...names.map((name, index) => [String(index), visible(name)])];
  const onchange = (/** @type {any} */ event) =>
    set({ output: event.target.value === "" ? null : Number(event.target.value) });
  return [
    h("label", { for: "connectivity-output" }, t("gradients.output")),
    h(
      "select",
      { id: "connectivity-output", value: String(state.output ?? ""), onchange },
      options.map(([value, text]) => h("option", { value }, text ?? "")),
    ),
  ];
}

/** @param {Form} form @param {Connectivity} answer @returns {Content} */
function content(form, { step, output, value, norms }) {
  const { t, state } = form;
  const name = visible(state.run?.output?.names[output] ?? "");
  const largest = norms.data.reduce((best, norm, time) => (norm > Number(norms.data[best]) ? time : best), 0);
  const values = { step, name, value: decimal(value), largest, norm: significant(Number(norms.data[largest])) };
  return [
    h("p", { id: "connectivity-told" }, t("gradients.connectivity.told", values)),
    h(
      "div",
      { class: "answer-tokens" },
      state.run?.sequence.characters &&
        colouredTokens(form, norms.data, t("gradients.connectivity.described", { step, name })),
    ),
    chartPlace("connectivity", t("gradients.connectivity.described", { step, name })),
  ];
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, scene) {
  /** @type {Connectivity | null} */
  const answer = answerOf(state, "connectivity").answer;
  if (!answer) return [];
  const z = Array.from(answer.norms.data, (norm) => [norm]);
  const largest = answer.norms.data.reduce((most, norm) => Math.max(most, norm), 0) || 1;
  return [
    ...sequence.rows(state, scene),
    {
      id: "connectivity",
      symbol: "",
      title: scene.t("gradients.connectivity.row", { step: answer.step }),
      height: 40,
      traces: [traces.heatmap(z, [0, largest], { meta: "features", hover: "t %{x}\n%{z:.3g}" })],
      yaxis: { showticklabels: false, ticks: "" },
    },
  ];
}
