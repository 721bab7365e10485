/** The tokens of a text, and those that it may hold. */

/** @import {Node} from "../base/dom.js" */
/** @import {State} from "../state/state.js" */
/** @import {Form} from "./form.js" */
import { isOfWords, visible } from "../base/characters.js";
import { h } from "../base/dom.js";
import { significant } from "../base/i18n.js";
import { shownSteps, storedOf } from "../state/selectors.js";

const MOST_TOKENS = 2000; // of a text
const MOST_IN_LIST = 200; // of a vocabulary

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
 * @param {string[]} characters @param {Node[]} tokens @param {string} label
 */
export function textOf(characters, tokens, label) {
  const text = isOfWords(characters) ? tokens.flatMap((token) => [token, " "]) : tokens;
  return h("p", { class: "tokens", role: "img", "aria-label": label }, text);
}

/** @param {State} state */
const vocabularyOf = (state) => (state.model === "stored" ? storedOf(state)?.vocabulary : null);

/**
 * The model's vocabulary, else the tokens of the text.
 * @param {Form} form
 */
export function alphabet({ t, state }) {
  const vocabulary = vocabularyOf(state);
  const { characters, features } = state.run?.sequence ?? {};
  const tokens = vocabulary ?? (characters && !state.run?.model.front ? (features ?? []) : []);
  if (tokens.length === 0) return null;
  const text = tokens.slice(0, MOST_IN_LIST).map(visible).join(" ");
  return h(
    "p",
    { class: "hint", key: "alphabet" },
    t(vocabulary ? "sequence.vocabulary" : "sequence.alphabet", { count: tokens.length }),
    " ",
    h("bdi", { class: "alphabet" }, tokens.length > MOST_IN_LIST ? `${text} …` : text),
  );
}

/** The label of a text: of words or of characters. @param {Form} form */
export const textLabel = ({ t, state }) => t(isOfWords(vocabularyOf(state) ?? []) ? "sequence.words" : "sequence.text");
