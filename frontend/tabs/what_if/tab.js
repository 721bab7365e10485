/** What if: a gate held, a unit silenced, a weight changed, another start; the run after that beside the one before. */

import * as sequence from "../../charts/sequence.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Form} from "../../controls/controls.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
/** @import {Compared, Names} from "../../two_runs/rows.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { changes, interventions, starts } from "../../state/address_types.js";
import { findings } from "../../two_runs/findings.js";
import { rowsOf } from "../../two_runs/rows.js";
import * as entries from "./entries.js";
import * as held from "./held.js";
import { whatIfRequest } from "./interventions.js";
import * as silencing from "./silencing_panel.js";
import * as whatIfView from "./what_if.js";

/** How the two runs are called. @param {Translate} t @returns {Names} */
const names = (t) => [t("whatif.before"), t("whatif.after")];
const twoRuns = rowsOf("what_if", names);

/** @type {Tab} */
export const whatIf = {
  name: "whatif",
  panel: (form) => [whatIfView.panel(form, { entries: entries.panel, inside }), silencing.panel(form)],
  charts: {
    "what-if": {
      answer: "what_if",
      rows,
      marks: held.marks,
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

/**
 * What changes in the layer, in words; of the output there is more to say.
 * @param {Form} form
 * @param {Compared} answer
 */
const inside = (form, answer) => findings(form, { ...answer, output: null }, names(form.t));

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function rows(state, scene) {
  const compared = twoRuns(state, scene);
  return compared.length > 0 ? [...sequence.rows(state, scene), ...held.rows(state, scene), ...compared] : [];
}
