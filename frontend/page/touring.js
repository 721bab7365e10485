/** What the reader can do with the tour: begin it, go on and back, end it; each a change of the state. */

import { FIRST_VIEW } from "../address/properties.js";
/** @import {State, Store} from "../state/state.js" */
import { exampleOf, isElsewhere, placeOf, viewOf } from "../tour/stops.js";

/** The reader's own view, to be brought back; what they typed is never touched. @param {State} state */
const viewBefore = (state) => ({
  ...Object.fromEntries(Object.keys(FIRST_VIEW).map((name) => [name, state[/** @type {keyof State} */ (name)]])),
  hypothesisDetail: state.hypothesisDetail,
  run: state.run,
  runInputs: state.runInputs,
});

/**
 * What else changes where an address leads into the tour or out of it.
 * @param {State} state @param {number | null} tour  the stop that it leads to
 * @returns {Partial<State>}
 */
export function crossing(state, tour) {
  if (state.tour === null && tour !== null) return { beforeTour: viewBefore(state) };
  if (state.tour === null || tour !== null) return {};
  const { hypothesisDetail = "", run, runInputs } = state.beforeTour ?? {};
  return { beforeTour: null, hypothesisDetail, ...(run && { run, runInputs }) };
}

/** @param {Store} store */
export function createTour({ get, set, subscribe }) {
  /** @param {number} number of the stop, from 1 */
  function goTo(number) {
    const state = get();
    const away = { ...state, ...FIRST_VIEW };
    set({
      ...{ ...FIRST_VIEW, ...viewOf(number), ...placeOf(away, number) },
      ...{ ...crossing(state, number), hover: null, playing: false },
      ...{ tour: number, isToBePlaced: exampleOf(away) === null },
    });
  }

  /** What the reader has chosen meanwhile is theirs to keep. */
  function end() {
    const state = get();
    if (state.tour === null) return;
    const before = isElsewhere(state, FIRST_VIEW)
      ? {}
      : { ...FIRST_VIEW, ...state.beforeTour, ...crossing(state, null) };
    set({ ...before, beforeTour: null, hover: null, tour: null });
  }

  subscribe((state) => {
    if (state.isToBePlaced && state.tour !== null && exampleOf(state)) {
      set({ ...placeOf(state, state.tour), isToBePlaced: false });
    }
  });
  return { start: () => goTo(1), goTo, again: () => goTo(get().tour ?? 1), end };
}
