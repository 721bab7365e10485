/** The choice of the two runs that are compared, and the differences between them. */

/** @import {Quantity} from "../../state/choices.js" */
import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Fault} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
import { answered, chartPlace } from "../../controls/answer.js";
import { faultText, idOf } from "../../controls/faults.js";
import { quantitySelect } from "../../controls/quantity_select.js";
import { table } from "../../controls/table.js";
import { answerOf, storedOf } from "../../state/selectors.js";

export const NAMES = /** @type {[string, string]} */ (["A", "B"]);
const BEGINNING = 24; // characters of a text that are shown of it

/**
 * @typedef {object} Comparing
 * @property {State | null} other  with the inputs of run A; null where there is none, or its data is not there
 * @property {boolean} isSame  whether run A is the present one
 * @property {boolean} canKeep  whether there is a present run
 * @property {() => void} keep  the present run as A
 * @property {() => void} swap
 * @property {() => void} stop
 * @property {{text: string, isTaken: boolean, take: () => void}[]} suggestions
 * @property {(answer: any) => Content} findings
 */

/** @param {Form} form @param {Comparing} comparing @returns {Content} */
export function panel(form, comparing) {
  const { t, state } = form;
  return h(
    "section",
    { key: "comparison" },
    h("h2", null, t("compare.title")),
    h("p", { class: "hint" }, t("compare.explained")),
    h("div", { class: "card" }, which(form, comparing), actions(form, comparing), suggested(form, comparing)),
    comparing.other && holdsData(comparing.other) && h("p", { class: "hint", key: "data" }, t("compare.data_stays")),
    state.pinned !== null && compared(form, comparing),
  );
}

/** @param {Form} form @param {Comparing} comparing */
function which(form, { other, isSame }) {
  const { t, state } = form;
  const said =
    state.pinned === null ? h("p", null, t("compare.empty")) : h("p", { class: "error" }, t("compare.lacks_data"));
  return h("div", null, other ? runs(form, other, isSame) : said);
}

/** @param {Form} form @param {Comparing} comparing */
function compared(form, { other, isSame, findings }) {
  if (isSame) return h("p", { key: "same", role: "status" }, form.t("compare.same"));
  const say = (/** @type {Fault} */ fault) => placed(faultText(form, fault), fault.field);
  const content = (/** @type {any} */ answer) => [
    h("div", { class: "differences" }, findings(answer)),
    chartPlace("comparison", described(form, answer)),
  ];
  return h(
    "div",
    { key: "compared", class: "compared" },
    other && quantityChoice(form),
    answered(form, "comparison", content, say),
  );
}

/** A fault, with the name of the run that it is in. @param {string} text @param {string} field */
function placed(text, field) {
  const index = ["first.", "second."].findIndex((start) => field.startsWith(start));
  return index === -1 ? text : `${NAMES[index]}: ${text}`;
}

/** @param {State} state */
const holdsData = ({ source }) => ["numbers", "text"].includes(source);

/** @param {Form} form @param {State} other @param {boolean} isSame */
function runs({ t, state }, other, isSame) {
  const present = state.run?.sequence.steps ?? 0;
  const first = isSame ? present : answerOf(state, "comparison").answer?.steps[0];
  const told = [
    { name: t("model.title"), cells: [modelText(other, t), modelText(state, t)] },
    { name: t("sequence.title"), cells: [sequenceText(other, t), sequenceText(state, t)] },
    { name: t("sequence.steps"), cells: [first ?? "–", present] },
  ];
  const [one, another] = NAMES;
  const head = ["", one, t("compare.present", { name: another })];
  const rows = told.map(({ name, cells: [left, right] }) => {
    const look = { class: left === right || left === "–" ? "" : "differs" };
    return h("tr", null, h("th", { scope: "row" }, name), h("td", look, left), h("td", look, right));
  });
  return table({ class: "runs", "aria-label": t("compare.runs") }, head, rows);
}

/** @param {State} state @param {Form["t"]} t */
function modelText(state, t) {
  const { model, task, hiddenSize: units, initialisation: name, forgetBias: bias, seed, lstm } = state;
  if (model === "zoo") return t("compare.shipped", { name: t(`zoo.${task}.title`) });
  if (model === "stored") return [storedOf(state)?.name ?? t("error.no_such_model"), lstm].filter(Boolean).join(" · ");
  const initialisation = t(`initialisation.${name}`);
  return t(name === "xavier" ? "compare.random_biased" : "compare.random", { units, initialisation, bias, seed });
}

/** @param {State} state @param {Form["t"]} t */
function sequenceText({ source, task, taskSeed, signal, signalSeed, signals, text, file }, t) {
  if (source === "text") {
    const [...signs] = text;
    return `“${signs.slice(0, BEGINNING).join("")}${signs.length > BEGINNING ? "…" : ""}”`;
  }
  if (source === "numbers") return file?.name ?? t("source.numbers");
  if (source === "task") {
    const name = t(`zoo.${task}.title`);
    return task === "sunspots" ? name : t("compare.drawn", { name, seed: taskSeed });
  }
  const name = t.known(`signal.${signal}`) ?? signal;
  const isDrawn = signals.find((known) => known.name === signal)?.uses_seed;
  return isDrawn ? t("compare.drawn", { name, seed: signalSeed }) : name;
}

/** @param {Form} form @param {Comparing} comparing */
function actions({ t, state }, { other, canKeep, isSame, keep, swap, stop }) {
  const isEmpty = state.pinned === null;
  const keeping = t(isEmpty ? "compare.keep" : "compare.keep_instead");
  return h(
    "div",
    { class: "choices", key: "actions" },
    button("keep-run", keeping, keep, isEmpty ? "primary" : "", !canKeep || isSame),
    !isEmpty && button("swap-runs", t("compare.swap"), swap, "", !other || isSame),
    !isEmpty && button("stop-comparing", t("compare.stop"), stop, ""),
  );
}

/** @param {Form} form @param {Comparing} comparing */
function suggested({ t, state }, { suggestions }) {
  if (suggestions.length === 0) return null;
  const title = t(state.pinned === null ? "compare.or_with" : "compare.instead");
  const buttons = suggestions.map(({ text, isTaken, take }) =>
    h("button", { type: "button", "aria-pressed": String(isTaken), onclick: take }, text),
  );
  const group = { class: "choices", key: "suggested", role: "group", "aria-label": title };
  return h("div", group, h("span", null, title), buttons);
}

/**
 * @param {string} id @param {string} text @param {() => void} onclick @param {string} look @param {boolean} [disabled]
 */
const button = (id, text, onclick, look, disabled = false) =>
  h("button", { type: "button", id, class: look, onclick, disabled }, text);

/** @param {Form} form */
function quantityChoice(form) {
  const id = idOf("comparison.quantity");
  return h(
    "div",
    { class: "choices", key: "quantity" },
    h("label", { for: id }, form.t("compare.quantity")),
    quantitySelect(form, id),
  );
}

/** @param {Form} form @param {{quantity: Quantity, common: number}} answer */
const described = ({ t, state }, { quantity, common }) =>
  t("compare.described", { quantity: t(`quantity.${quantity}`), common, unit: state.unit });
