/** The server's answer to a question, and the places of its charts. */

/** @import {Content} from "../base/dom.js" */
/** @import {Fault} from "../state/answers.js" */
/** @import {Form} from "./form.js" */
import { h } from "../base/dom.js";
import { answerOf } from "../state/selectors.js";
import { faultText } from "./faults.js";

/** The place of a chart in a tab. @param {string} id @param {string} label  what it shows, for who cannot see it */
export const chartPlace = (id, label) =>
  h("div", { id, key: id, class: "chart", role: "img", "aria-label": label, foreign: true });

/**
 * The answer to a question, dimmed while it is asked again, with its faults above.
 * @param {Form} form @param {string} name of the question @param {(answer: any) => Content} content
 * @param {(fault: Fault) => string} [say]  a fault in words
 */
export function answered(form, name, content, say = (fault) => faultText(form, fault)) {
  const { answer, faults, asking } = answerOf(form.state, name);
  const lines = faults.map((fault) => h("p", { class: "error", role: "alert" }, say(fault)));
  return h(
    "div",
    { class: "answer", key: name, "aria-busy": String(asking) },
    h("div", null, lines),
    h("p", { class: "asking", role: "status" }, asking && h("span", { class: "busy" }, form.t("answer.asking"))),
    h("div", { class: "answer-content" }, answer && content(answer)),
  );
}
