/** The reader's language and theme, which the browser stores for all workspaces. */

import { LANGUAGES } from "../base/i18n.js";

/** @import {State, Store} from "../state/state.js" */

const NAMES = /** @type {const} */ (["language", "theme"]);
const keyOf = (/** @type {string} */ name) => `gatescope.${name}`;

/** The stored preferences, else those of the browser. @returns {Partial<State>} */
export function preferences() {
  const theme =
    localStorage.getItem(keyOf("theme")) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const wished = [localStorage.getItem(keyOf("language")), navigator.language];
  const language = wished.map((tag) => LANGUAGES.find((name) => tag?.split("-")[0] === name)).find(Boolean) ?? "en";
  return /** @type {Partial<State>} */ ({ theme, language });
}

/** @param {Store} store */
export function keepPreferences({ subscribe }) {
  subscribe((state, before) => {
    for (const name of NAMES) if (state[name] !== before[name]) localStorage.setItem(keyOf(name), state[name]);
  });
}
