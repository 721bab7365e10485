/** Runs the model on the sequence: after a pause of the reader, and without late answers. */

import { inputsOf } from "../state/inputs.js";
import { INPUTS } from "../state/properties.js";
import { requestOf } from "../state/requests.js";
import { storedOf } from "../state/selectors.js";
/** @import {Run} from "../state/answers.js" */
/** @import {State, Store} from "../state/state.js" */
import { Problem } from "./api.js";

const DEBOUNCE = 250; // ms of silence after which a change of an input is run

/**
 * @param {Store} store @param {(request: object, signal: AbortSignal) => Promise<Run>} post
 * @returns {{run: () => Promise<void>}} `run` starts at once
 */
export function createRunner(store, post) {
  let current = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function run() {
    clearTimeout(timer);
    current.abort();
    current = new AbortController();
    const { signal } = current;
    const request = requestOf(store.get());
    const runInputs = inputsOf(store.get());
    if (!request) return store.set({ running: false, problem: null });
    store.set({ running: true });
    try {
      const answer = await post(request, signal);
      if (!signal.aborted)
        store.set({ running: false, problem: null, ...within(answer, store.get()), run: answer, runInputs });
    } catch (error) {
      if (signal.aborted) return;
      store.set({ running: false, problem: problemOf(error) });
      if (!(error instanceof Problem)) throw error;
    }
  }

  store.subscribe((state, before) => {
    const [stored, storedBefore] = [storedOf(state), storedOf(before)];
    const isSameModel = stored?.id === storedBefore?.id && stored?.vocabulary === storedBefore?.vocabulary;
    if (isSameModel && INPUTS.every((name) => state[name] === before[name])) return;
    clearTimeout(timer);
    current.abort();
    timer = setTimeout(run, DEBOUNCE);
  });
  return { run };
}

/** @param {unknown} error */
function problemOf(error) {
  if (error instanceof Problem) return { status: error.status, faults: error.faults };
  return { status: 0, faults: [{ field: "", code: "unreadable_answer", message: String(error) }] };
}

/**
 * The cursor and the zoom, moved to where they fit.
 * @param {Run} answer @param {State} state @returns {Partial<State>}
 */
function within({ model, sequence, layers }, { time, unit, unitToCome, zoom, layer, direction }) {
  const last = sequence.steps - 1;
  const fits = zoom && zoom[0] < last;
  const isThere = layers.some((candidate) => candidate.layer === layer && candidate.direction === direction);
  return {
    ...(!isThere && { layer: 0, direction: "forward" }),
    time: Math.min(time, last),
    unit: Math.min(unitToCome ?? unit, model.hidden_size - 1),
    unitToCome: null,
    zoom: fits ? [zoom[0], Math.min(zoom[1], last)] : null,
    hover: null,
  };
}
