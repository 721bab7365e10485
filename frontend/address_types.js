/** How values are written in an address, and read from it. */

/** @typedef {{read: (text: string) => any, write: (value: any) => string}} Type  `read` gives undefined for what it refuses */

/** @param {number} minimum @param {number} [maximum] @returns {Type} */
export const integer = (minimum, maximum = Number.MAX_SAFE_INTEGER) => ({
  read: (text) => (/^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum ? Number(text) : undefined),
  write: String,
});
/** @type {Type} */
export const number = {
  read: (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined),
  write: String,
};
/** @param {readonly string[]} values @returns {Type} */
export const oneOf = (values) => ({ read: (text) => (values.includes(text) ? text : undefined), write: String });
const NONE = "none"; // an empty part of an address would mean the default
/** Some of a few. @param {readonly string[]} values @returns {Type} */
export const someOf = (values) => ({
  read: (text) => {
    const names = text === NONE ? [] : text.split("-");
    return names.every((name) => values.includes(name)) ? names : undefined;
  },
  write: (/** @type {string[]} */ names) => names.join("-") || NONE,
});
/** @type {Type} */
export const word = { read: (text) => (/^\w{1,40}$/.test(text) ? text : undefined), write: String };
/** The dotted name of a part of a checkpoint. @type {Type} */
export const path = { read: (text) => (/^[^\p{C}]{0,300}$/u.test(text) ? text : undefined), write: String };
/** @type {Type} */
export const flag = { read: (text) => ({ yes: true, no: false })[text], write: (value) => (value ? "yes" : "no") };
/** @type {Type} */
export const integers = {
  read: (text) => (/^\d+(-\d+)*$/.test(text) ? text.split("-").map(Number) : undefined),
  write: (/** @type {number[]} */ values) => values.join("-"),
};
/** @type {Type} */
export const range = {
  read: (text) => {
    const [, first = "", last = ""] = /^(\d+)-(\d+)$/.exec(text) ?? [];
    return first !== "" && Number(first) < Number(last) ? [Number(first), Number(last)] : undefined;
  },
  write: (/** @type {number[]} */ values) => values.join("-"),
};
/** @type {Type} */
export const numbersByName = {
  read: (text) => {
    const entries = text.split("_").map((entry) => /^(\w+?)~(-?[\d.e+-]+)$/.exec(entry.replaceAll("*", "_")));
    if (!entries.every((entry) => entry && Number.isFinite(Number(entry[2])))) return undefined;
    return Object.fromEntries(entries.map((entry) => [entry?.[1], Number(entry?.[2])]));
  },
  write: (/** @type {Record<string, number>} */ values) =>
    Object.entries(values)
      .map(([name, value]) => `${name.replaceAll("_", "*")}~${value}`)
      .join("_"),
};
