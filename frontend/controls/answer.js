/** Where the server's answer to a question stands, and the charts of it. */

/** @import {Content} from "../base/dom.js" */
/** @import {Fault} from "../state/answers.js" */
/** @import {Form} from "./form.js" */
import { h } from "../base/dom.js";
import { answerOf } from "../state/selectors.js";
import { faultText } from "./faults.js";

/** Where a chart of a tab is drawn. @param {string} id @param {string} label  what it shows, for who cannot see it */
export const chartPlace = (id, label) =>
  h("div", { id, key: id, class: "chart", role: "img", "aria-label": label, foreign: true });

/**
 * What the server answered to a question, dimmed while it is asked anew, with its faults above.
 * @param {Form} form @param {string} name of the question @param {(answer: any) => Content} content
 * @param {(fault: Fault) => string} [say]  a fault in words
 */
export function answered(form, name, content, say = (fault) => faultText(form, fault)) {
  const { answer, faults, asking } = answerOf(form.state, name);
  const said = faults.map((fault) => h("p", { class: "error", role: "alert" }, say(fault)));
  return h(
    "div",
    { class: "answer", key: name, "aria-busy": String(asking) },
    h("div", null, said),
    h("p", { class: "asking", role: "status" }, asking && h("span", { class: "busy" }, form.t("answer.asking"))),
    h("div", { class: "answer-content" }, answer && content(answer)),
  );
}
