/** The six tensors of a layer and the output as heatmaps, lines of chosen units, the text, and the ranking. */

import * as sequence from "../../charts/sequence.js";
import { layerOf, shownSteps } from "../../state/selectors.js";
import * as heatmaps from "./heatmaps.js";
import * as lines from "./lines.js";
import * as output from "./output.js";
import * as quantity from "./quantity.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { question } from "./ranking.js";

/** @type {Tab} */
export const gates = {
  name: "gates",
  charts: {
    // What a task keeps is drawn with its correlation with the unit.
    gates: { rows: heatmapRows, dependsOn: ({ run, unit }) => [run?.sequence.quantity && unit] },
    lines: {
      rows: lineRows,
      dependsOn: ({ lines: mode, quantity: name, units, unit }) => [mode, name, units, mode === "unit" && unit],
    },
  },
  questions: [question],
};

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function heatmapRows(state, { palette, t, width }) {
  const layer = layerOf(state);
  if (!state.run || !layer) return [];
  return [
    ...sequence.rows(state.run, shownSteps(state), width, palette, t),
    ...quantity.rows(state.run, layer, state, palette, t),
    ...heatmaps.rows(layer, palette, t),
    ...output.rows(state.run, shownSteps(state), palette, t),
  ];
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function lineRows(state, scene) {
  const layer = layerOf(state);
  return layer ? lines.rows({ layer, ...scene }, state) : [];
}
