/** The text of a run, each token coloured by a value of its step: orange above zero, blue below. */

/** @import {Form} from "./form.js" */
import { isOfWords, visible } from "../base/characters.js";
import { h } from "../base/dom.js";
import { significant } from "../base/i18n.js";
import { shownSteps } from "../state/selectors.js";

export const MOST_TOKENS = 2000;

/**
 * @typedef {object} Look
 * @property {number} [time]  the step that is outlined
 * @property {number} [full]  the value that gets the full colour
 * @property {(value: number) => string} [write]
 */

/**
 * The tokens on screen.
 * @param {Form} form @param {ArrayLike<number>} values @param {string} label  for a screen reader @param {Look} [look]
 */
export function colouredTokens({ state, set }, values, label, look = {}) {
  const { time: chosen = state.time, full = largestOf(values), write = significant } = look;
  const [first, last] = shownSteps(state);
  const characters = state.run?.sequence.characters ?? [];
  const tokens = characters.slice(first, Math.min(last + 1, first + MOST_TOKENS)).map((text, index) => {
    const time = first + index;
    const value = Number(values[time] ?? 0);
    return h(
      "span",
      {
        class: `token ${value < 0 ? "negative" : "positive"}${time === chosen ? " chosen" : ""}`,
        style: `--share: ${Math.round(100 * Math.min(1, Math.abs(value) / full))}%`,
        title: `t ${time}: ${write(value)}`,
        onclick: () => set({ time, hover: null }),
      },
      visible(text),
    );
  });
  const content = isOfWords(characters) ? tokens.flatMap((token) => [token, " "]) : tokens;
  return h("p", { class: "tokens", role: "img", "aria-label": label }, content);
}

/** @param {ArrayLike<number>} values */
const largestOf = (values) => Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
