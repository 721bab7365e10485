/** Silences each unit in turn while the state says so: progress, cancel, and no late answers. */

/** @import {ServerEvent} from "../../server/events.js" */
/** @import {State, Store} from "../../state/state.js" */
import { Problem } from "../../server/api.js";
import { isOther } from "../../state/inputs.js";
import { requestOf } from "../../state/requests.js";
import { answerOf } from "../../state/selectors.js";

const NAME = "silencing"; // of its answer in the state, and of its address below api/v1/analyses
const DEPENDS_ON = /** @type {const} */ (["run", "layer", "direction"]);

/**
 * It begins where `silencing` is set in the state and is broken off where that is taken away.
 * @param {Store} store
 * @param {(name: string, request: object, signal: AbortSignal) => AsyncGenerator<ServerEvent>} stream
 */
export function createSilencing(store, stream) {
  let current = new AbortController();

  /** @param {Partial<State["answers"][string]>} patch @param {Partial<State>} [others] */
  function tell(patch, others = {}) {
    const { answers } = store.get();
    store.set({ ...others, answers: { ...answers, [NAME]: { ...answerOf({ answers }, NAME), ...patch } } });
  }

  async function start() {
    const { signal } = current;
    const { layer, direction } = store.get();
    const request = isOther(store.get()) ? null : requestOf(store.get());
    try {
      for await (const { name, data } of request ? stream(NAME, { ...request, layer, direction }, signal) : []) {
        if (signal.aborted) return;
        if (name === "progress") store.set({ silencing: data });
        if (name === "result") tell({ answer: data, faults: [], asking: false });
        if (name === "problem") tell({ answer: null, faults: data.errors, asking: false });
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      tell({ answer: null, faults: error.faults, asking: false });
    } finally {
      if (!signal.aborted) store.set({ silencing: null });
    }
  }

  store.subscribe((state, before) => {
    const isOutdated = DEPENDS_ON.some((name) => state[name] !== before[name]);
    if (isOutdated || (before.silencing && !state.silencing)) {
      current.abort();
      current = new AbortController();
    }
    if (isOutdated && (state.silencing || answerOf(state, NAME).answer)) {
      return tell({ answer: null, faults: [], asking: false }, { silencing: null });
    }
    if (state.silencing && !before.silencing) start();
  });
}
