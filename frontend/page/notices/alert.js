/** Faults that belong to no field on the page, above the charts, and a way on if there is one. */

import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Fault} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
import { faultText } from "../../controls/faults.js";

/**
 * @param {Form & {chooseRandom: () => void}} form
 * @param {string[]} fields  on the page, which show their own
 * @returns {Content}
 */
export function lines(form, fields) {
  const { t, state, chooseRandom } = form;
  const faults = (state.problem?.faults ?? []).filter(
    ({ field }) => !fields.some((name) => field === name || field.startsWith(`${name}.`)),
  );
  const { refused } = state;
  const wayOn = h("button", { type: "button", id: "untrained", onclick: chooseRandom }, t("alert.untrained"));
  return [
    refused.length > 0 && h("p", { class: "error" }, t("error.address", { parts: refused.join(", ") })),
    ...faults.map((fault) => h("p", { class: "error" }, faultText(form, fault), isMisfit(state, fault) && wayOn)),
  ];
}

/** Whether the fault is that the chosen model does not take these numbers. @param {State} state @param {Fault} fault */
const isMisfit = ({ source, model }, { field }) => source === "numbers" && model !== "random" && field === "sequence";
