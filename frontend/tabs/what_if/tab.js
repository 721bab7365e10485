/** What if: a gate held, a unit silenced, a weight changed, another start; the run after that beside the one before. */

import * as differences from "../../charts/differences.js";
import * as sequence from "../../charts/sequence.js";
import * as twoRuns from "../../charts/two_runs.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
/** @import {Compared} from "../../charts/differences.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { changes, interventions, starts } from "../../state/address_types.js";
import { answerOf, shownSteps } from "../../state/selectors.js";
import * as held from "./held.js";
import { whatIfRequest } from "./interventions.js";
import * as silencing from "./silencing_panel.js";
import * as whatIfView from "./what_if.js";
import * as whatIfRows from "./what_if_rows.js";

/** @type {Tab} */
export const whatIf = {
  name: "whatif",
  panel: (form) => [whatIfView.panel(form, { rows: whatIfRows.rows, inside }), silencing.panel(form)],
  charts: {
    "what-if": {
      rows,
      marks: held.marks,
      dependsOn: (state) => [answerOf(state, "what_if").answer, state.unit, state.interventions],
    },
  },
  questions: [
    {
      name: "what_if",
      isAsked: ({ tab }) => tab === "whatif",
      dependsOn: ["interventions", "changes", "initial", "layer", "direction", "quantity"],
      requestOf: whatIfRequest,
    },
  ],
  options: [
    { property: "interventions", key: "hold", type: interventions, usual: [] },
    { property: "changes", key: "change", type: changes, usual: [] },
    { property: "initial", key: "start", type: starts, usual: [] },
  ],
};

/** How the two runs are called. @param {Translate} t @returns {[string, string]} */
const names = (t) => [t("whatif.before"), t("whatif.after")];

/** What changes in the layer, in words; of the output there is more to say. @param {Form} form @param {Compared} answer */
const inside = (form, answer) => differences.findings(form, { ...answer, output: null }, names(form.t));

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function rows(state, scene) {
  const answer = answerOf(state, "what_if").answer;
  if (!answer || !state.run) return [];
  return [
    ...sequence.rows(state.run, shownSteps(state), scene.width, scene.palette, scene.t),
    ...held.rows(state, scene),
    ...twoRuns.rows(answer, { names: names(scene.t), unit: state.unit }, scene),
  ];
}
