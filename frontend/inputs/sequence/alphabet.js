/** The tokens that a text may hold. */

/** @import {State} from "../../state/state.js" */
/** @import {Form} from "../../controls/form.js" */
import { isOfWords, visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";
import { storedOf } from "../../state/selectors.js";

const MOST_IN_LIST = 200; // of a vocabulary

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
