/** What if: interventions, changed weights and starting states; the run with them beside the plain one. */

import * as sequence from "../../charts/sequence.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { changes, interventions, starts } from "../../state/address_types.js";
import { rowsOf } from "../../two_runs/rows.js";
import * as bars from "./intervention_bars.js";
import { whatIfRequest } from "./interventions.js";
import * as silencing from "./silencing_panel.js";
import { names, panel } from "./what_if.js";

const twoRuns = rowsOf("what_if", names);

/** @type {Tab} */
export const whatIf = {
  name: "whatif",
  panel: (form) => [panel(form), silencing.panel(form)],
  charts: {
    "what-if": {
      answer: "what_if",
      rows,
      marks: bars.marks,
      dependsOn: ({ unit, interventions }) => [unit, interventions],
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

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function rows(state, scene) {
  const compared = twoRuns(state, scene);
  return compared.length > 0 ? [...sequence.rows(state, scene), ...bars.rows(state, scene), ...compared] : [];
}
