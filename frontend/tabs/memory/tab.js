/** How long the units remember, and which past step wrote what is in a cell. */

import * as sequence from "../../charts/sequence.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { requestOf } from "../../state/requests.js";
import { answerOf, layerOf, shownSteps } from "../../state/selectors.js";
import * as halfLives from "./half_lives.js";
import * as retention from "./retention.js";
import * as writes from "./writes.js";

const MOST = 300; // steps of the triangle; zooming in asks for others

/** @param {State} state */
const isAsked = ({ tab }) => tab === "memory";

/** @type {Tab} */
export const memory = {
  name: "memory",
  panel: (form) => [writes.panel(form), retention.panel(form), halfLives.panel(form)],
  charts: {
    writes: { rows: writesRows, dependsOn: (state) => [answerOf(state, "writes").answer] },
    retention: { rows: retentionRows, dependsOn: (state) => [answerOf(state, "retention").answer] },
    "half-lives": { plot: halfLives.plot, dependsOn: (state) => [answerOf(state, "retention").answer, state.unit] },
  },
  questions: [
    {
      name: "writes",
      isAsked,
      dependsOn: ["layer", "direction", "unit", "time"],
      requestOf: (state) => asked(state, { step: state.time }),
    },
    {
      name: "retention",
      isAsked,
      dependsOn: ["layer", "direction", "unit", "zoom"],
      requestOf: (state) => {
        const [start, last] = shownSteps(state);
        return asked(state, { start, stop: last + 1, most: MOST });
      },
    },
  ],
};

/** @param {State} state @param {object} of */
function asked(state, of) {
  const request = requestOf(state);
  const { layer, direction, unit } = state;
  return request && { ...request, layer, direction, unit, ...of };
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function writesRows(state, scene) {
  const rows = writes.rows(state, scene);
  return rows.length > 0 && state.run
    ? [...sequence.rows(state.run, shownSteps(state), scene.width, scene.palette, scene.t), ...rows]
    : [];
}

/** @param {State} state @param {Scene} scene @returns {Row[]} */
function retentionRows(state, scene) {
  const layer = layerOf(state);
  return layer ? retention.rows(state, layer, scene) : [];
}
