/** What the reader prefers: language and theme, kept in the browser, for all workspaces. */

/** @import {State} from "../state/state.js" */
import { LANGUAGES } from "../base/i18n.js";

const NAMES = /** @type {const} */ (["language", "theme"]);
const keyOf = (/** @type {string} */ name) => `gatescope.${name}`;

/** Before an address says otherwise. @returns {Partial<State>} */
export function preferences() {
  const theme =
    localStorage.getItem(keyOf("theme")) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const wished = [localStorage.getItem(keyOf("language")), navigator.language];
  const language = wished.map((tag) => LANGUAGES.find((name) => tag?.split("-")[0] === name)).find(Boolean) ?? "en";
  return /** @type {Partial<State>} */ ({ theme, language });
}

/** @param {{subscribe: (listener: (state: State, before: State) => void) => void}} store */
export function keepPreferences({ subscribe }) {
  subscribe((state, before) => {
    for (const name of NAMES) if (state[name] !== before[name]) localStorage.setItem(keyOf(name), state[name]);
  });
}
