/** The six tensors of a layer and the output as heatmaps, lines of chosen units, the text, and the ranking. */

import { h } from "../../base/dom.js";
import * as sequence from "../../charts/sequence.js";
import { chartPlace } from "../../controls/answer.js";
import { sameBut } from "../../state/selectors.js";
import * as colouredText from "./coloured_text.js";
import * as heatmaps from "./heatmaps.js";
import * as lines from "./lines.js";
import * as output from "./output.js";
import * as quantity from "./quantity.js";
/** @import {Node} from "../../base/dom.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { question } from "./ranking.js";
import * as ranking from "./ranking_panel.js";

/** @type {Tab} */
export const gates = {
  name: "gates",
  introducesModel: true,
  panel: (form) => [
    chartPlace("gates", heatmaps.description(form)),
    h("div", { id: "coloured-text", key: "coloured-text" }, colouredText.panel(form)),
    ...below(form),
  ],
  charts: {
    // The row of a task's quantity names its correlation with the unit.
    gates: {
      rows: (state, scene) => [sequence, quantity, heatmaps, output].flatMap(({ rows }) => rows(state, scene)),
      dependsOn: ({ run, unit }) => [run?.sequence.quantity && unit],
    },
    lines: {
      rows: lines.rows,
      dependsOn: ({ lines: mode, quantity: name, units, unit }) => [mode, name, units, mode === "unit" && unit],
    },
  },
  questions: [question],
};

/** The part below the text. */
const below = still((form) => [
  h("div", { id: "lines-controls", key: "lines-controls" }, lines.controls(form)),
  chartPlace("lines", lines.description(form)),
  h("div", { id: "ranking", key: "ranking" }, ranking.panel(form)),
]);

/** The view, made anew only where more than the step has changed. @param {(form: Form) => Node[]} view */
function still(view) {
  /** @type {{state: State, nodes: Node[]} | undefined} */
  let last;
  return (/** @type {Form} */ form) => {
    if (!last || !sameBut(["time", "hover"], form.state, last.state)) last = { state: form.state, nodes: view(form) };
    return last.nodes;
  };
}
