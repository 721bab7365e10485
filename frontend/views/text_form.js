/** The inputs of a text: the text, and the tokens that may stand in it. */

/** @import {Form} from "../controls.js" */
/** @import {Content} from "../dom.js" */
/** @import {State} from "../state.js" */
import { isOfWords, visible } from "../characters.js";
import { errorsOf, labelled } from "../controls.js";
import { h } from "../dom.js";
import { typed } from "../raw_data.js";
import { storedOf } from "../state.js";

const MOST_TOKENS = 200; // of a vocabulary that are listed

/** @param {Form} form @returns {Content[]} */
export function fields(form) {
  const { t, state, set } = form;
  const textarea = h("textarea", {
    id: "sequence-text",
    key: "text",
    rows: 5,
    value: state.text,
    "aria-describedby": "sequence-text-error",
    oninput: (/** @type {any} */ event) => set(typed(state, "text", event.target.value)),
  });
  const empty = state.text === "" ? [t("sequence.empty_text")] : [];
  const label = t(isOfWords(vocabularyOf(state) ?? []) ? "sequence.words" : "sequence.text");
  return [labelled("sequence.text", label, textarea, errorsOf(form, "sequence.text", empty)), alphabet(form)];
}

/** @param {State} state */
const vocabularyOf = (state) => (state.model === "stored" ? storedOf(state)?.vocabulary : null);

/** The tokens that may stand in the text: those of the model's vocabulary, else each that stands in it. @param {Form} form */
function alphabet({ t, state }) {
  const vocabulary = vocabularyOf(state);
  const { characters, features } = state.run?.sequence ?? {};
  const tokens = vocabulary ?? (characters && !state.run?.model.front ? (features ?? []) : []);
  if (tokens.length === 0) return null;
  const listed = tokens.slice(0, MOST_TOKENS).map(visible).join(" ");
  return h(
    "p",
    { class: "hint", key: "alphabet" },
    t(vocabulary ? "sequence.vocabulary" : "sequence.alphabet", { count: tokens.length }),
    " ",
    h("bdi", { class: "alphabet" }, tokens.length > MOST_TOKENS ? `${listed} …` : listed),
  );
}
