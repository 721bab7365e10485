/** What if: a gate held, a unit silenced, a weight changed, another start; the run after that beside the one before. */

/** @import {Scene} from "../charts.js" */
/** @import {Form} from "../controls.js" */
/** @import {Row} from "../figure.js" */
/** @import {State} from "../state.js" */
/** @import {Tab} from "../tabs.js" */
/** @import {Compared} from "../views/differences.js" */
/** @import {Translate} from "../i18n.js" */
import { changes, interventions, starts } from "../address_types.js";
import { whatIfRequest } from "../interventions.js";
import { answerOf, shownSteps } from "../state.js";
import * as differences from "../views/differences.js";
import * as held from "../views/held.js";
import * as sequence from "../views/sequence.js";
import * as silencing from "../views/silencing.js";
import * as twoRuns from "../views/two_runs.js";
import * as whatIfView from "../views/what_if.js";
import * as whatIfRows from "../views/what_if_rows.js";

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
