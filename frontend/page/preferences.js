/** The reader's language and theme, which the browser stores for all workspaces. */

/** @import {State, Store} from "../state/state.js" */

const NAMES = /** @type {const} */ (["language", "theme"]);
const keyOf = (/** @type {string} */ name) => `gatescope.${name}`;

/** The stored preferences, else those of the browser. @returns {Partial<State>} */
export function preferences() {
  const theme =
    localStorage.getItem(keyOf("theme")) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const language = localStorage.getItem(keyOf("language")) ?? (navigator.language.startsWith("ko") ? "ko" : "en");
  return /** @type {Partial<State>} */ ({ theme, language });
}

/** @param {Store} store */
export function keepPreferences({ subscribe }) {
  subscribe((state, before) => {
    for (const name of NAMES) if (state[name] !== before[name]) localStorage.setItem(keyOf(name), state[name]);
  });
}
