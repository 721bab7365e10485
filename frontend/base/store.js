/** The one place where state lives; everything on the page is a function of it. */

/**
 * @template {object} State
 * @param {State} initial
 */
export function createStore(initial) {
  let state = initial;
  /** @type {((state: State, before: State) => void)[]} */
  const listeners = [];
  return {
    get: () => state,
    /** Merges a patch and tells the listeners, unless nothing changed. @param {Partial<State>} patch */
    set(patch) {
      const changed = Object.entries(patch).some(
        ([key, value]) => !Object.is(state[/** @type {keyof State} */ (key)], value),
      );
      if (!changed) return;
      const before = state;
      state = { ...state, ...patch };
      for (const listener of listeners) listener(state, before);
    },
    /** @param {(state: State, before: State) => void} listener */
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}
