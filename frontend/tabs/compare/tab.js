/** Two runs beside one another: the present one (B), and one that was pinned or suggested (A). */

import * as sequence from "../../charts/sequence.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {Run} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { isSame, pin, pinnedRun, pinnedState, swapped } from "../../state/pinned.js";
import { bodyOf, requestOf } from "../../state/requests.js";
import { answerOf, shownSteps } from "../../state/selectors.js";
import { findings } from "../../two_runs/findings.js";
import { rowsOf } from "../../two_runs/rows.js";
import { NAMES, panel } from "./comparison.js";
import { suggestions } from "./suggestions.js";

const twoRuns = rowsOf("comparison", () => NAMES);

/** @type {Tab} */
export const compare = {
  name: "compare",
  panel: (form) => panel(form, comparing(form)),
  charts: {
    comparison: {
      answer: "comparison",
      rows,
      dependsOn: ({ unit }) => [unit],
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

/** The sequences of both runs, then their differences. @param {State} state @param {Scene} scene @returns {Row[]} */
function rows(state, scene) {
  const { answer } = answerOf(state, "comparison");
  if (!answer) return [];
  const sequences = ["first", "second"].flatMap((name, index) => {
    const run = /** @type {Run} */ ({ sequence: answer.sequences[name] });
    const drawn = sequence.rows({ ...state, run, zoom: shownSteps(state) }, scene);
    return drawn.map((row) => ({ ...row, id: `sequence_${index}`, title: `${row.title} · ${NAMES[index]}` }));
  });
  return [...sequences, ...twoRuns(state, scene)];
}
