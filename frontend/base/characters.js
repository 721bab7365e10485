/** How characters and tokens are shown: those without ink of their own, whole words, and how wide a text is. */

const SIGNS = /** @type {Record<string, string>} */ ({ " ": "␣", "\n": "↵", "\r\n": "↵", "\r": "↵", "\t": "⇥" });
const SPECIAL = /^(<.+>|\[.+\])$/; // <unk>, [PAD]: in a vocabulary of characters too
const WIDE = /[\u1100-\u{10ffff}]/u; // Hangul, ideographs, emoji

/** @param {string} character */
export const visible = (character) => SIGNS[character] ?? character;

/**
 * A token or a name as Plotly shows it letter by letter, also where it would read tags or values in it.
 * @param {string} text
 */
export const plotText = (text) =>
  visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("%{", "% {");

/**
 * About how many CSS pixels a text takes.
 * @param {string} text
 * @param {{wide: number, narrow: number}} sizes of a sign
 */
export const textWidth = (text, { wide, narrow }) =>
  [...text].reduce((sum, sign) => sum + (WIDE.test(sign) ? wide : narrow), 0);

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** @type {WeakMap<readonly string[], boolean>} */
const known = new WeakMap();

/** Whether tokens are words, and not the characters of a text. @param {readonly string[]} tokens */
export function isOfWords(tokens) {
  const found = known.get(tokens) ?? tokens.some(isWord);
  known.set(tokens, found);
  return found;
}

/** @param {string} token */
const isWord = (token) => token.length > 1 && !SPECIAL.test(token) && [...segmenter.segment(token)].length > 1;

/** A text of these tokens. @param {readonly string[]} tokens */
export const joined = (tokens) => tokens.join(isOfWords(tokens) ? " " : "");
