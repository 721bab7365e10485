/** What the reader can do with the tour: begin it, go on and back, end it; each a change of the state. */

import { URL_DEFAULTS } from "../address/url.js";
/** @import {State} from "../state/state.js" */
import { exampleOf, isElsewhere, placeOf, viewOf } from "../tour/stops.js";

const { language: _language, theme: _theme, ...FIRST_VIEW } = { language: null, theme: null, ...URL_DEFAULTS };

/** What the reader had, to be brought back; what they typed is never touched. @param {State} state */
const kept = (state) => ({
  ...Object.fromEntries(Object.keys(FIRST_VIEW).map((name) => [name, state[/** @type {keyof State} */ (name)]])),
  hypothesisDetail: state.hypothesisDetail,
  run: state.run,
  ran: state.ran,
});

/**
 * What else changes where an address leads into the tour or out of it.
 * @param {State} state @param {number | null} tour  the stop that it leads to
 * @returns {Partial<State>}
 */
export function crossing(state, tour) {
  if (state.tour === null && tour !== null) return { beforeTour: kept(state) };
  if (state.tour === null || tour !== null) return {};
  const { hypothesisDetail = "", run, ran } = state.beforeTour ?? {};
  return { beforeTour: null, hypothesisDetail, ...(run && { run, ran }) };
}

/** @param {{get: () => State, set: (patch: Partial<State>) => void, subscribe: (listener: (state: State) => void) => void}} store */
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
