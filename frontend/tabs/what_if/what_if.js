/** What if: the interventions and changes that can be made, those that are, and their consequences in words. */

/** @import {KeyBehind} from "../../base/i18n.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Outputs} from "../../charts/predictions.js" */
/** @import {Compared, Names} from "../../two_runs/rows.js" */
/** @import {Fault, Run} from "../../state/answers.js" */
/** @import {Translate} from "../../base/i18n.js" */
/** @import {Tensor} from "../../base/tensor.js" */
import { visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";
import { decimal, significant } from "../../base/i18n.js";
import { step } from "../../base/tensor.js";
import { consequences } from "../../charts/predictions.js";
import { answered, chartPlace } from "../../controls/answer.js";
import { placeLink } from "../../controls/place_link.js";
import { quantitySelect } from "../../controls/quantity_select.js";
import { table } from "../../controls/table.js";
import { MOST_CHANGES } from "../../state/choices.js";
import { answerOf, hasHiddenState } from "../../state/selectors.js";
import { findings } from "../../two_runs/findings.js";
import * as entries from "./entries.js";
import { added, biased, cut, faultsOf, holding, isChanged, started } from "./interventions.js";

const HEAD = /** @type {const} */ (["whatif.step", "whatif.before", "whatif.after", "whatif.to_come"]);
const MOST_NAMED = 5;

/** How the two runs are called. @param {Translate} t @returns {Names} */
export const names = (t) => [t("whatif.before"), t("whatif.after")];

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  const faults = faultsOf(state);
  const inEntries = { ...form, state: { ...state, problem: { status: 422, faults } } };
  return h(
    "section",
    { key: "what-if" },
    h("h2", null, t("whatif.title")),
    h("p", { class: "hint" }, t("whatif.explained")),
    h("div", { class: "presets", role: "group", "aria-label": t("whatif.presets") }, presets(form)),
    h("div", { class: "what-if-rows" }, entries.panel(inEntries)),
    h(
      "div",
      { key: "result" },
      isChanged(state)
        ? result(form, faults.filter(isApart))
        : h("p", { class: "empty" }, t("whatif.empty", { unit: state.unit })),
    ),
  );
}

/** Those that stand beside no row. @param {Fault} fault */
const isApart = ({ field, code }) => code === "bias_column" || !/^(interventions|changes)\.\d+\.(?!type)\w/.test(field);

/** @param {Form} form @returns {Content[]} */
function presets({ t, state, set }) {
  const { unit } = state;
  const hold = (
    /** @type {"forget_gate" | "cell_state" | "hidden_state"} */ quantity,
    /** @type {number} */ value,
  ) => ({
    list: /** @type {const} */ ("interventions"),
    entry: holding(state, quantity, value),
  });
  const offered = {
    hold: hold("forget_gate", 0.9),
    open: hold("forget_gate", 1),
    close: hold("forget_gate", 0),
    silence: hold("hidden_state", 0),
    empty_cell: hold("cell_state", 0),
    bias: { list: /** @type {const} */ ("changes"), entry: biased(state) },
    weight: { list: /** @type {const} */ ("changes"), entry: cut(state) },
    start: { list: /** @type {const} */ ("initial"), entry: started(state) },
  };
  const names = /** @type {KeyBehind<"whatif.preset">[]} */ (Object.keys(offered));
  return names.map((name) => {
    const { list, entry } = offered[name];
    const disabled = !state.run || state[list].length >= MOST_CHANGES || (name === "silence" && !hasHiddenState(state));
    const onclick = () => set(added(state, list, entry));
    const text = t(`whatif.preset.${name}`, { unit });
    return h("button", { type: "button", "data-preset": name, disabled, onclick }, text);
  });
}

/** @param {Form} form @param {Fault[]} faults  those that stand beside no row @returns {Content} */
function result(form, faults) {
  const { t, state } = form;
  const { answers } = state;
  const own = {
    ...form,
    state: { ...state, answers: { ...answers, what_if: { ...answerOf(state, "what_if"), faults } } },
  };
  return answered(own, "what_if", (/** @type {Compared} */ answer) => [
    h("div", { id: "what-if-result", role: "status" }, told(form, answer)),
    h("div", { key: "predictions" }, predictions(form, answer)),
    // The output has its own sentences above.
    h("div", { key: "inside", class: "differences" }, findings(form, { ...answer, output: null }, names(t))),
    quantityChoice(form),
    chartPlace("what-if", t("whatif.described", { quantity: t(`quantity.${answer.quantity}`), unit: state.unit })),
  ]);
}

/** @param {Form} form @param {Compared} answer @returns {Content} */
function told({ t, state }, { output }) {
  if (!output?.difference) return h("p", { class: "hint" }, t("whatif.no_output"));
  const { largest, step: time, unit } = output.difference;
  const values = { name: visible(output.names[unit] ?? ""), largest: decimal(largest), time };
  const key = output.kind === "probability" ? "whatif.probability_changes" : "whatif.output_changes";
  const change = largest === 0 ? t("whatif.output_stays") : t(key, values);
  return h("p", { class: "finding" }, change, " ", loss(state.run, output, t));
}

/** @param {Run | null} run @param {Outputs} output @param {Form["t"]} t */
function loss(run, output, t) {
  const { before = null, after = null } = run ? consequences(run, output) : {};
  if (before === null || after === null) return "";
  return t(`whatif.loss.${output.kind}`, { before: significant(before), after: significant(after) });
}

/**
 * The most probable tokens before and after, where they differ.
 * @param {Form} form @param {Compared} answer @returns {Content}
 */
function predictions(form, { output }) {
  const { t, state } = form;
  if (output?.kind !== "probability" || !state.run) return null;
  const { changed, toCome } = consequences(state.run, output);
  const count = h(
    "p",
    { id: "what-if-predictions" },
    t("whatif.predictions", { changed: changed.length, of: output.first.shape[0] ?? 0 }),
  );
  if (changed.length === 0) return count;
  const named = (/** @type {number} */ place) => `“${visible(output.names[place] ?? "")}”`;
  const cell = (/** @type {Tensor} */ values, /** @type {number} */ time, /** @type {number} */ place) =>
    h("td", null, `${named(place)} ${decimal(Number(step(values, time)[place]))}`);
  const head = HEAD.map((key) => t(key));
  const row = (/** @type {(typeof changed)[number]} */ { time, before, after }) =>
    h(
      "tr",
      null,
      h("td", null, placeLink(form, { time }, `t ${time}`)),
      cell(output.first, time, before),
      cell(output.second, time, after),
      h("td", null, (toCome?.[time] ?? -1) < 0 ? "–" : named(Number(toCome?.[time]))),
    );
  return [
    count,
    table(
      { class: "ranking", "aria-label": t("whatif.changed_predictions") },
      head,
      changed.slice(0, MOST_NAMED).map(row),
    ),
    changed.length > MOST_NAMED &&
      h("p", { class: "hint" }, t("whatif.more_predictions", { count: changed.length - MOST_NAMED })),
  ];
}

/** @param {Form} form */
function quantityChoice(form) {
  return h(
    "p",
    { class: "choices", key: "quantity" },
    h("label", { for: "what-if-quantity" }, form.t("whatif.shown")),
    quantitySelect(form, "what-if-quantity"),
  );
}
