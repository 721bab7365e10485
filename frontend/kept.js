/** The raw data of runs that were kept to compare with, for as long as the browser's tab is open. */

/** @import {State} from "./state.js" */

const KEY = "gatescope.kept";

/** @returns {State["kept"]} */
export const loadKept = () => JSON.parse(sessionStorage.getItem(KEY) ?? "{}");

/** What is too much for the browser's storage lasts until the page is left. @param {State["kept"]} kept */
export function saveKept(kept) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    sessionStorage.removeItem(KEY);
  }
}
