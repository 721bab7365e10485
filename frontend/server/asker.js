/** Asks the server a question while its panel is open: after a pause, and without late answers. */

import { isOther } from "../state/inputs.js";
import { answerOf } from "../state/selectors.js";
/** @import {Answered, State, Store} from "../state/state.js" */
import { Problem } from "./api.js";

const DEBOUNCE = 250; // ms

/**
 * @typedef {object} Question
 * @property {string} name  of its answer in the state, and of its address below api/v1/analyses
 * @property {(state: State) => boolean} isAsked  whether its panel is open
 * @property {(keyof State)[]} dependsOn  what else than the run changes the answer
 * @property {(state: State) => object | null} requestOf  null where there is nothing to ask yet
 */

/**
 * @param {Store} store @param {Question} question
 * @param {(name: string, request: object, signal: AbortSignal) => Promise<any>} post
 */
export function createAsker(store, { name, isAsked, dependsOn, requestOf }, post) {
  let current = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** The values that the last question depended on. @type {unknown[]} */
  let lastValues = [];

  /** @param {Partial<Answered>} patch */
  function tell(patch) {
    const { answers } = store.get();
    store.set({ answers: { ...answers, [name]: { ...answerOf({ answers }, name), ...patch } } });
  }

  async function ask() {
    const { signal } = current;
    const request = requestOf(store.get());
    if (!request) return tell({ answer: null, faults: [], asking: false });
    try {
      const answer = await post(name, request, signal);
      if (!signal.aborted) tell({ answer, faults: [], asking: false });
    } catch (error) {
      if (signal.aborted) return;
      tell({ answer: null, faults: faultsOf(error), asking: false });
      if (!(error instanceof Problem)) throw error;
    }
  }

  store.subscribe((state) => {
    if (!state.run || !isAsked(state) || isOther(state)) return; // the next run is to come
    const values = [state.run, ...dependsOn.map((property) => state[property])];
    if (values.length === lastValues.length && values.every((value, index) => Object.is(value, lastValues[index])))
      return;
    lastValues = values;
    clearTimeout(timer);
    current.abort();
    current = new AbortController();
    timer = setTimeout(ask, DEBOUNCE);
    tell({ asking: true });
  });
}

/** @param {unknown} error */
function faultsOf(error) {
  if (error instanceof Problem) return error.faults;
  return [{ field: "", code: "unreadable_answer", message: String(error) }];
}
