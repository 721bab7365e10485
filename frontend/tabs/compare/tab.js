/** Two runs beside one another: the present one, and one that was kept or suggested. */

import { findings } from "../../charts/differences.js";
import * as sequence from "../../charts/sequence.js";
import * as twoRuns from "../../charts/two_runs.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {Run} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { isSame, pin, pinnedRun, pinnedState, swapped } from "../../state/pinned.js";
import { bodyOf, requestOf } from "../../state/requests.js";
import { answerOf, shownSteps } from "../../state/selectors.js";
import { NAMES, panel } from "./comparison.js";
import { suggestions } from "./suggestions.js";

/** @type {Tab} */
export const compare = {
  name: "compare",
  panel: (form) => panel(form, comparing(form)),
  charts: {
    comparison: {
      rows,
      dependsOn: (state) => [answerOf(state, "comparison").answer, state.unit],
    },
  },
  questions: [
    {
      name: "comparison",
      isAsked: ({ tab, pinned }) => tab === "compare" && pinned !== null,
      dependsOn: ["pinned", "pinnedData", "layer", "direction", "quantity"],
      requestOf: (state) => {
        const other = pinnedState(state);
        const [first, second] = [other && bodyOf(other), requestOf(state)];
        const { layer, direction, quantity } = state;
        return first && second && !isSame(state) ? { first, second, layer, direction, quantity } : null;
      },
    },
  ],
  options: [{ property: "pinned", key: "compared_with", type: pinnedRun, usual: null }],
};

/** @param {Form} form @returns {import("./comparison.js").Comparing} */
function comparing(form) {
  const { t, state, set } = form;
  return {
    other: pinnedState(state),
    isSame: isSame(state),
    canKeep: requestOf(state) !== null && state.problem === null,
    keep: () => set(pin(state)),
    swap: () => set(swapped(state)),
    stop: () => set({ pinned: null }),
    suggestions: suggestions(state, t).map(({ text, patch }) => {
      const pinning = pin({ ...state, ...patch });
      return { text, isTaken: pinning.pinned === state.pinned, take: () => set(pinning) };
    }),
    findings: (answer) => findings(form, answer, NAMES),
  };
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function rows(state, scene) {
  const { answer } = answerOf(state, "comparison");
  if (!answer) return [];
  const fed = ["first", "second"].flatMap((name, index) => sequenceRows(answer.sequences[name], index, state, scene));
  return [...fed, ...twoRuns.rows(answer, { names: NAMES, unit: state.unit }, scene)];
}

/** @param {Run["sequence"]} fed @param {number} index @param {State} state @param {Scene} scene @returns {Row[]} */
function sequenceRows(fed, index, state, { width, palette, t }) {
  const run = /** @type {Run} */ ({ sequence: fed });
  const [first, last] = shownSteps(state);
  return sequence
    .rows(run, [first, last], width, palette, t)
    .map((row) => ({ ...row, id: `sequence_${index}`, title: `${row.title} · ${NAMES[index]}` }));
}
