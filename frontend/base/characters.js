/** How characters and tokens are shown: those without ink of their own, whole words, and how wide a text is. */

const SIGNS = /** @type {Record<string, string>} */ ({ " ": "␣", "\n": "↵", "\r\n": "↵", "\r": "↵", "\t": "⇥" });
const SPECIAL = /^(<.+>|\[.+\])$/; // <unk>, [PAD]: in a vocabulary of characters too
const WIDE = /[\u1100-\u{10ffff}]/u; // Hangul, ideographs, emoji
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** What turns other text around where it isn't closed: a pair of isolates around text without such signs may stay. */
const TURNING = /\u2068[^\u202a-\u202e\u2066-\u2069]*\u2069|[\u202a-\u202e\u2066-\u2069]/gu;
/** What has no ink and no meaning between letters: control characters, half of a pair, fillers, marks of width zero. */
const UNSEEN = ["\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}", "\u00ad\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"];
const FILLERS = "\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0";
const WITHOUT_INK = new RegExp(`[${UNSEEN.join("")}${FILLERS}]`, "gu");
const ONLY_BLANK = /^[\p{Z}\p{Cf}\p{Variation_Selector}]+$/u;
const MOST_MARKS = /(\p{M}{4})\p{M}+/gu; // on one letter; a tower of them covers other lines

/** @param {string} character */
const codePoint = (character) => `[U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0")}]`;

/** @param {string} character */
const signOf = (character) => SIGNS[character] ?? codePoint(character);

/**
 * A text that stays in its own place: what would turn other text around is named by its code point, as is what has no
 * ink, and marks above a letter have an end.
 * @param {string} text
 */
export const legible = (text) =>
  text
    .replace(TURNING, (found) => (found.length > 1 ? found : codePoint(found)))
    .replace(WITHOUT_INK, signOf)
    .replace(MOST_MARKS, "$1…");

/**
 * A token or a name: never empty where there is something, a mark on a letter's place of its own, and what is written
 * from right to left isolated from its neighbours.
 * @param {string} name
 */
export function visible(name) {
  if (Object.hasOwn(SIGNS, name)) return signOf(name);
  if (ONLY_BLANK.test(name)) return [...name].map(signOf).join("");
  const text = legible(/^\p{M}/u.test(name) ? `◌${name}` : name);
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text.replaceAll(/[\u2068\u2069]/g, "")}\u2069` : text;
}

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
