/** The reader's own data: an address never holds it, but names it by a fingerprint. */

/** @import {Attachment, State} from "./state.js" */

/** @typedef {{numbers: string, file: Attachment | null} | {text: string}} Raw */
/** @typedef {"numbers" | "text"} RawSource */

/** @type {{numbers: Partial<State>, text: Partial<State>}} */
export const WITHOUT_DATA = { numbers: { numbers: "", file: null }, text: { text: "" } };
const HASH_DIGITS = 7; // of 32 bits, in base 36; the rest of a fingerprint is the length

/** @param {string} source @returns {source is RawSource} */
export const isRaw = (source) => source === "numbers" || source === "text";

/**
 * The raw data of the present sequence; null where it needs none.
 * @param {Pick<State, "source" | "numbers" | "text" | "file">} state @returns {Raw | null}
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
 * The last fingerprints, for contents may be long and are asked for often.
 * @type {{content: string, name: string}[]}
 */
let cache = [];
const LARGEST_CACHE = 4;

/** FNV-1a and the length: two data share a fingerprint with a chance of one in 2³². @param {Raw} raw */
export function fingerprint(raw) {
  const content = contentOf(raw);
  const known = cache.find((each) => each.content === content);
  if (known) return known.name;
  let hash = 0x811c9dc5;
  for (let index = 0; index < content.length; index += 1)
    hash = Math.imul(hash ^ content.charCodeAt(index), 0x01000193);
  const name = (hash >>> 0).toString(36).padStart(HASH_DIGITS, "0") + content.length.toString(36);
  cache = [{ content, name }, ...cache].slice(0, LARGEST_CACHE);
  return name;
}

/** How many characters the data of a fingerprint has. @param {string} name */
export const lengthOf = (name) => Number.parseInt(name.slice(HASH_DIGITS), 36);

/**
 * The fingerprint of the raw data of a state; null where its sequence needs none.
 * @param {Pick<State, "source" | "numbers" | "text" | "file" | "awaited">} state
 */
export function dataOf(state) {
  const raw = rawOf(state);
  return raw && (state.awaited ?? fingerprint(raw));
}

/**
 * The data as a change of the state. A file does not replace the numbers that were typed before.
 * @param {Raw} raw @returns {Partial<State>}
 */
export const put = (raw) => ("text" in raw || !raw.file ? raw : { file: raw.file });

/**
 * An edit of the text or the numbers, which are no longer those of a file.
 * @param {State} state @param {RawSource} source @param {string} content @returns {Partial<State>}
 */
export const typed = ({ dataNames }, source, content) => ({
  [source]: content,
  dataNames: { ...dataNames, [source]: undefined },
});

/**
 * Whether this is the data that the address names. Then the other choices in the address fit it.
 * @param {State} state @param {Partial<State>} given
 */
export function isAwaited(state, given) {
  const raw = rawOf({ ...state, ...given });
  return raw !== null && state.awaited === fingerprint(raw);
}

/**
 * The values of an address with the data that it names, if that is among the candidates.
 * @param {Partial<State>} values  as the address gives them @param {Raw[]} candidates @returns {Partial<State>}
 */
export function resolved(values, candidates) {
  const { source, awaited } = values;
  if (!awaited) return values;
  const data = candidates.find((raw) => sourceOf(raw) === source && fingerprint(raw) === awaited);
  return data ? { ...values, ...put(data), awaited: null } : values;
}
