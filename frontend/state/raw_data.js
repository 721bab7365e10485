/** The reader's own data, typed, pasted or dropped: it never goes into an address, which names it by a fingerprint. */

/** @import {Attachment, State} from "./state.js" */

/** @typedef {{numbers: string, file: Attachment | null} | {text: string}} Raw */
/** @typedef {"numbers" | "text"} RawSource */

/** @type {{numbers: Partial<State>, text: Partial<State>}} */
export const WITHOUT_DATA = { numbers: { numbers: "", file: null }, text: { text: "" } };
const HASH_DIGITS = 7; // of 32 bits, in base 36; the rest of a fingerprint is the length

/** @param {string} source @returns {source is RawSource} */
export const isRaw = (source) => source === "numbers" || source === "text";

/**
 * What the present sequence is made of; null where an address tells it whole.
 * @param {Pick<State, "source" | "numbers" | "text" | "file">} state
 * @returns {Raw | null}
 */
export function rawOf({ source, numbers, text, file }) {
  if (source === "numbers") return file ? { numbers: "", file } : { numbers, file: null };
  return source === "text" ? { text } : null;
}

/** @param {Raw} raw */
const contentOf = (raw) => ("text" in raw ? raw.text : (raw.file?.npy ?? raw.file?.text ?? raw.numbers));

/** @param {Raw} raw @returns {RawSource} */
export const sourceOf = (raw) => ("text" in raw ? "text" : "numbers");

/**
 * The last contents and their names: they may be long, and are asked for often.
 * @type {{content: string, name: string}[]}
 */
let named = [];
const MOST_NAMED = 4;

/** Other data has another one, but for a chance of one in 2³². FNV-1a, with the length. @param {Raw} raw */
export function fingerprint(raw) {
  const content = contentOf(raw);
  const known = named.find((each) => each.content === content);
  if (known) return known.name;
  let hash = 0x811c9dc5;
  for (let index = 0; index < content.length; index += 1)
    hash = Math.imul(hash ^ content.charCodeAt(index), 0x01000193);
  const name = (hash >>> 0).toString(36).padStart(HASH_DIGITS, "0") + content.length.toString(36);
  named = [{ content, name }, ...named].slice(0, MOST_NAMED);
  return name;
}

/** How many characters the data of a fingerprint has. @param {string} name */
export const lengthOf = (name) => Number.parseInt(name.slice(HASH_DIGITS), 36);

/**
 * The fingerprint that an address of this state holds; null where its sequence needs no data.
 * @param {Pick<State, "source" | "numbers" | "text" | "file" | "awaited">} state
 */
export function dataOf(state) {
  const raw = rawOf(state);
  return raw && (state.awaited ?? fingerprint(raw));
}

/** Data put in its place; what was typed below a file stays there. @param {Raw} raw @returns {Partial<State>} */
export const put = (raw) => ("text" in raw || !raw.file ? raw : { file: raw.file });

/**
 * What is edited is no longer what a file held.
 * @param {State} state
 * @param {RawSource} source
 * @param {string} content
 * @returns {Partial<State>}
 */
export const typed = ({ dataNames }, source, content) => ({
  [source]: content,
  dataNames: { ...dataNames, [source]: undefined },
});

/**
 * Whether that is the data that the address names: then all that is chosen around it fits.
 * @param {State} state
 * @param {Partial<State>} given
 */
export function isAwaited(state, given) {
  const raw = rawOf({ ...state, ...given });
  return raw !== null && state.awaited === fingerprint(raw);
}

/**
 * What an address means by its data: those of the candidates with that fingerprint, or nothing but that it is awaited.
 * @param {Partial<State>} values  as the address gives them @param {Raw[]} candidates @returns {Partial<State>}
 */
export function resolved(values, candidates) {
  const { source, awaited } = values;
  if (!awaited) return values;
  const found = candidates.find((raw) => sourceOf(raw) === source && fingerprint(raw) === awaited);
  return found ? { ...values, ...put(found), awaited: null } : values;
}
