/** Which units follow the chosen hypothesis: a question for the server, while its panel is open. */

/** @import {Question} from "../../server/asker.js" */
/** @import {State} from "../../state/state.js" */
import { requestOf } from "../../state/requests.js";

/** The detail that each hypothesis needs: none, a number, one or two tokens, or a number for each step. */
export const DETAILS = /** @type {const} */ ({
  position: "none",
  feature: "number",
  quotes: "none",
  count: "two",
  token: "one",
  series: "numbers",
});
/** @typedef {keyof typeof DETAILS} HypothesisName */

/**
 * @param {Pick<State, "hypothesis" | "hypothesisDetail">} state
 * @returns {object | null} null where the detail is not yet whole
 */
export function hypothesisOf({ hypothesis, hypothesisDetail: detail }) {
  const parts = detail.trim().split(/\s+/);
  switch (DETAILS[hypothesis]) {
    case "none":
      return { type: hypothesis };
    case "number":
      return /^\d*$/.test(detail.trim()) ? { type: hypothesis, feature: Number(detail) } : null;
    case "one":
      return detail === "" ? null : { type: hypothesis, token: detail };
    case "two":
      return parts.length === 2 ? { type: hypothesis, plus: parts[0], minus: parts[1] } : null;
    default: {
      const values = detail
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(Number);
      return values.length > 0 && values.every(Number.isFinite) ? { type: hypothesis, values } : null;
    }
  }
}

/** @type {Question} */
export const question = {
  name: "ranking",
  isAsked: ({ tab, rankingOpen }) => tab === "gates" && rankingOpen,
  dependsOn: ["hypothesis", "hypothesisDetail", "quantity"],
  requestOf: (state) => {
    const request = requestOf(state);
    const hypothesis = hypothesisOf(state);
    return request && hypothesis && { ...request, hypothesis, quantity: state.quantity };
  },
};
