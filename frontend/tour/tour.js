/** Actions of the reader on the tour: begin it, go on and back, end it. */

/** @import {State, Store} from "../state/state.js" */
import { exampleOf, isElsewhere, placeOf, viewOf } from "./stops.js";

/** @param {Store} store @param {Partial<State>} firstView  of the page */
export function createTour({ get, set, subscribe }, firstView) {
  const choices = /** @type {(keyof State)[]} */ (Object.keys(firstView));

  /** The view that the end of the tour brings back. Typed text is never touched. @param {State} state */
  const beforeTour = (state) => ({
    ...Object.fromEntries(choices.map((name) => [name, state[name]])),
    hypothesisDetail: state.hypothesisDetail,
    run: state.run,
    runInputs: state.runInputs,
  });

  /**
   * What else changes where an address leads into the tour or out of it.
   * @param {State} state @param {number | null} tour  the stop that it leads to
   * @returns {Partial<State>}
   */
  function crossing(state, tour) {
    if (state.tour === null && tour !== null) return { beforeTour: beforeTour(state) };
    if (state.tour === null || tour !== null) return {};
    const { hypothesisDetail = "", run, runInputs } = state.beforeTour ?? {};
    return { beforeTour: null, hypothesisDetail, ...(run && { run, runInputs }) };
  }

  /** @param {number} number of the stop, from 1 */
  function goTo(number) {
    const state = get();
    const away = { ...state, ...firstView };
    set({
      ...firstView,
      ...viewOf(number),
      ...placeOf(away, number),
      ...crossing(state, number),
      hover: null,
      playing: false,
      tour: number,
      isToBePlaced: exampleOf(away) === null,
    });
  }

  /** Brings back the view from before the tour, unless the reader has chosen other inputs since. */
  function end() {
    const state = get();
    if (state.tour === null) return;
    const before = isElsewhere(state, firstView) ? {} : { ...firstView, ...state.beforeTour, ...crossing(state, null) };
    set({ ...before, beforeTour: null, hover: null, tour: null });
  }

  subscribe((state) => {
    if (state.isToBePlaced && state.tour !== null && exampleOf(state)) {
      set({ ...placeOf(state, state.tour), isToBePlaced: false });
    }
  });
  return { start: () => goTo(1), goTo, again: () => goTo(get().tour ?? 1), end, crossing };
}
