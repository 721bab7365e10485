/** The history of the browser: which changes of the state are an entry of it, and what Back brings back. */

/** @import {State, Store} from "../state/state.js" */
import { isInput } from "../state/properties.js";
import { PROPERTIES } from "./all_properties.js";
import * as url from "./url.js";

const URL_DELAY = 300; // ms: a browser refuses addresses that change too often
const COALESCED = 1000; // ms within which changes of the address are one
const TYPED = PROPERTIES.filter(({ isTyped }) => isTyped).map(({ property }) => property);
/** What Back restores: the inputs, and what is marked with `isEntry` in state/properties.js, the tabs and the tour. */
const ENTRIES = PROPERTIES.filter((each) => isInput(each) || each.isEntry).map(({ property }) => property);

/**
 * Whether the reader has chosen something. A new answer is no choice, and neither is a step of the cursor.
 * @param {State} state @param {State} before
 */
export const isChoice = (state, before) =>
  state.run === before.run && !isPlaced(state, before) && ENTRIES.some((name) => state[name] !== before[name]);

/** Whether nothing has changed but what the reader types. @param {State} state @param {State} before */
function isTyping(state, before) {
  const changed = ENTRIES.filter((name) => state[name] !== before[name]);
  return changed.length > 0 && changed.every((name) => TYPED.includes(name));
}

/** Whether the tour moved the cursor, not the reader. @param {State} state @param {State} before */
const isPlaced = (state, before) => state.isToBePlaced !== before.isToBePlaced && state.tour === before.tour;

/**
 * Inputs and choices make a new entry, so that Back undoes them; the cursor rewrites the present one, and so does what
 * follows within a moment, such as the next digit of a number. What is typed in one go is one entry.
 * @param {Store} store @param {Partial<State>} usual  the reader's preferences
 * @param {(state: State, search: string) => Partial<State>} patchOf  what an address of the history brings back
 */
export function createHistory(store, usual, patchOf) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let chosen = 0; // when the reader last chose something, beside what is typed
  let isInOneGo = false; // while the reader types
  /** How to write the address when the reader pauses. @type {"pushState" | "replaceState" | null} */
  let due = null;

  /** @param {"pushState" | "replaceState"} how @param {State} state */
  function write(how, state) {
    clearTimeout(timer);
    due = null;
    history[how](null, "", location.pathname + url.write(state, usual));
  }

  /** @param {State} state */
  function writeDue(state) {
    if (due === "pushState") chosen = 0; // what is typed keeps an entry of its own
    if (due) write(due, state);
  }

  store.subscribe((state, before) => {
    if (url.write(state, usual) === location.search) return;
    const isTyped = isTyping(state, before);
    const isChosen = isChoice(state, before);
    if (isChosen && !isTyped) {
      writeDue(before); // Back leads to what was there last
      const isSoon = state.tour === before.tour && Date.now() - chosen < COALESCED;
      write(isSoon ? "replaceState" : "pushState", state); // each stop of the tour is an entry
      if (!isSoon) chosen = Date.now();
      isInOneGo = false;
    } else {
      if (isTyped && !isInOneGo) due = "pushState";
      due ??= "replaceState";
      isInOneGo ||= isTyped;
      clearTimeout(timer);
      timer = setTimeout(() => writeDue(store.get()), URL_DELAY);
    }
    if (isChosen && state.refused.length > 0) store.set({ refused: [] });
  });
  addEventListener("popstate", () => {
    clearTimeout(timer);
    due = null;
    chosen = 0;
    isInOneGo = false;
    store.set({ ...usual, ...patchOf(store.get(), location.search), drafts: {} });
  });
}
