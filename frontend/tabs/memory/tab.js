/** Memory: how long the units remember, and which past step wrote the content of a cell. */

/** @import {State} from "../../state/state.js" */
/** @import {Tab} from "../tabs.js" */
import { requestOf } from "../../state/requests.js";
import { shownSteps } from "../../state/selectors.js";
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
    writes: { answer: "writes", rows: writes.rows },
    retention: { answer: "retention", rows: retention.rows },
    "half-lives": { answer: "retention", plot: halfLives.plot, dependsOn: ({ unit }) => [unit] },
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
