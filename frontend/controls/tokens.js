/** The text of a run, token by token. */

/** @import {Node} from "../base/dom.js" */
/** @import {Form} from "./form.js" */
import { isOfWords, visible } from "../base/characters.js";
import { h } from "../base/dom.js";
import { significant } from "../base/i18n.js";
import { shownSteps } from "../state/selectors.js";

const MOST_TOKENS = 2000;

/**
 * The text of a run, each token in the colour of a value at its step: orange above zero, blue below.
 * @param {Form} form @param {ArrayLike<number>} values @param {string} label  what it shows, for who cannot see it
 */
export function colouredTokens({ state, set }, values, label) {
  const [first, last] = shownSteps(state);
  const characters = state.run?.sequence.characters ?? [];
  const full = Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const token = (/** @type {string} */ text, /** @type {number} */ index) => {
    const time = first + index;
    const value = Number(values[time] ?? 0);
    return h(
      "span",
      {
        class: `token ${value < 0 ? "negative" : "positive"}${time === state.time ? " chosen" : ""}`,
        style: `--share: ${Math.round((100 * Math.abs(value)) / full)}%`,
        title: `t ${time}: ${significant(value)}`,
        onclick: () => set({ time, hover: null }),
      },
      visible(text),
    );
  };
  return textOf(characters, characters.slice(first, Math.min(last + 1, first + MOST_TOKENS)).map(token), label);
}

/**
 * Tokens as a text, with spaces between words.
 * @param {string[]} characters
 * @param {Node[]} tokens
 * @param {string} label
 */
export function textOf(characters, tokens, label) {
  const text = isOfWords(characters) ? tokens.flatMap((token) => [token, " "]) : tokens;
  return h("p", { class: "tokens", role: "img", "aria-label": label }, text);
}
