/** The units in the order in which the output depends on them, found by silencing each in turn. */

import { h } from "../../base/dom.js";
import { decimal, significant } from "../../base/i18n.js";
import { answered } from "../../controls/answer.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Progress} from "../../state/state.js" */
import { bar } from "../../controls/bars.js";
import { placeLink } from "../../controls/place_link.js";
import { table } from "../../controls/table.js";
import { MOST_CHANGES } from "../../state/choices.js";
import { added, holding } from "./interventions.js";

const MOST_SHOWN = 12;

/** @typedef {{loss: number | null, accuracy: number | null}} Score  of the output, where the task has targets */
/** @typedef {{unit: number, change: number, score: Score | null}} Silenced */
/**
 * @typedef {object} Silencing
 * @property {"output" | "hidden_state"} measured
 * @property {Score | null} score  of the plain run
 * @property {Silenced[]} units  the one whose silence changes the most first
 */

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  return h(
    "section",
    { key: "silencing" },
    h("h2", null, t("whatif.silencing")),
    h("p", { class: "hint" }, t("whatif.silencing.explained")),
    h("div", { class: "silencing" }, button(form), state.silencing && progress(form, state.silencing)),
    answered(form, "silencing", (answer) => ranked(form, answer)),
  );
}

/** One button, so that the focus stays where it was. @param {Form} form */
function button({ t, state, set }) {
  const onclick = () => set({ silencing: state.silencing ? null : { done: 0, of: 0 } });
  const key = state.silencing ? "whatif.silencing.cancel" : "whatif.silencing.start";
  return h("button", { type: "button", id: "silence", disabled: !state.run, onclick }, t(key));
}

/** @param {Form} form @param {Progress} progress @returns {Content[]} */
function progress({ t }, { done, of }) {
  return [
    h("progress", { "aria-label": t("whatif.silencing"), max: of || 1, value: done }),
    h("span", { role: "status" }, of > 0 && t("whatif.silencing.progress", { done, of })),
  ];
}

/** @param {Form} form @param {Silencing} answer @returns {Content[]} */
function ranked(form, { units, measured, score }) {
  const { t } = form;
  const most = Number(units[0]?.change) || 1;
  const scored = score === null ? [] : [t(`whatif.silencing.${scoreOf(score)}`)];
  const head = [t("ranking.unit"), t(`whatif.silencing.change.${measured}`), "", ...scored, ""];
  const rows = units.slice(0, MOST_SHOWN).map((silenced) => row(form, silenced, most));
  const left = units.length - MOST_SHOWN;
  return [
    score && h("p", { id: "silenced-score" }, t(`whatif.silencing.plain.${scoreOf(score)}`, { score: told(score) })),
    table({ class: "ranking", id: "silenced", "aria-label": t("whatif.silencing") }, head, rows),
    left > 0 && h("p", { class: "hint" }, t("whatif.silencing.more", { count: left })),
  ];
}

/** Accuracy for tokens, loss for values. @param {Score} score */
const scoreOf = ({ accuracy }) => (accuracy === null ? "loss" : "accuracy");

/** @param {Score} score */
const told = ({ accuracy, loss }) =>
  accuracy === null ? significant(loss ?? Number.NaN) : `${decimal(100 * accuracy, 1)} %`;

/** @param {Form} form @param {Silenced} silenced @param {number} most */
function row(form, { unit, change, score }, most) {
  const { t, state, set } = form;
  const hold = () => set(added(state, "interventions", { ...holding(state, "hidden_state", 0), units: [unit] }));
  const isFull = state.interventions.length >= MOST_CHANGES;
  return h(
    "tr",
    { "aria-selected": String(unit === state.unit) },
    h("td", null, placeLink(form, { unit }, t("lines.unit", { unit }))),
    h("td", null, significant(change)),
    h("td", { class: "share" }, bar(change / most, false)),
    score && h("td", null, told(score)),
    h(
      "td",
      null,
      h(
        "button",
        {
          ...{ type: "button", class: "quiet", disabled: isFull, onclick: hold },
          "aria-label": t("whatif.preset.silence", { unit }),
        },
        t("whatif.silencing.hold"),
      ),
    ),
  );
}
