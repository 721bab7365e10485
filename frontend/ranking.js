/** Asks which units follow the chosen hypothesis, while its panel is open: debounced, and deaf to late answers. */

/** @import {Ranking, State} from "./state.js" */
import { Problem } from "./api.js";
import { requestOf } from "./state.js";

const DEBOUNCE = 250; // ms
const ASKED_BY = /** @type {const} */ (["run", "rankingOpen", "hypothesis", "hypothesisDetail", "quantity"]);

/** What the panel needs for a hypothesis: nothing, a number, tokens, or one number for each step. */
export const DETAILS = /** @type {const} */ ({
  position: "none",
  feature: "number",
  quotes: "none",
  count: "two",
  token: "one",
  series: "numbers",
});
/** @typedef {keyof typeof DETAILS} HypothesisName */

/** @param {Pick<State, "hypothesis" | "hypothesisDetail">} state @returns {object | null} null where the detail is not yet whole */
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

/**
 * @param {{get: () => State, set: (patch: Partial<State>) => void, subscribe: (listener: (state: State, before: State) => void) => void}} store
 * @param {(request: object, signal: AbortSignal) => Promise<Ranking>} post
 */
export function createRanker(store, post) {
  let current = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function rank() {
    const { signal } = current;
    const state = store.get();
    const hypothesis = hypothesisOf(state);
    const request = requestOf(state);
    if (!hypothesis || !request) return store.set({ ranking: null, rankingFaults: [] });
    try {
      const ranking = await post({ ...request, hypothesis, quantity: state.quantity }, signal);
      if (!signal.aborted) store.set({ ranking, rankingFaults: [] });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      store.set({ ranking: null, rankingFaults: error.faults });
    }
  }

  store.subscribe((state, before) => {
    if (!state.rankingOpen || !state.run || ASKED_BY.every((name) => state[name] === before[name])) return;
    clearTimeout(timer);
    current.abort();
    current = new AbortController();
    timer = setTimeout(rank, DEBOUNCE);
  });
}
