/**
 * Words and numbers in the reader's language. Another language costs a file of texts, i18n/<language>.json, and its
 * name in `LANGUAGES`; a test holds that it has every text with every hole and every form of a plural. Its examples in
 * inputs/examples.json may be missing: the English ones stand in.
 */

import { visible } from "./characters.js";

export const LANGUAGES = /** @type {const} */ (["en", "ko"]);
/** @typedef {typeof LANGUAGES[number]} Language */

/** The one to offer beside a language that is shown. @param {Language} language @returns {Language} */
export const nextTo = (language) => LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length] ?? language;

/** As its speakers call it. @param {Language} language */
export const nameOf = (language) => new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;

/** @typedef {keyof typeof import("../i18n/en.json")} Key */
/**
 * What stands behind a prefix of keys, such as the names of the tabs behind `tab.`.
 * @template {string} Prefix
 * @typedef {{[K in Key]: K extends `${Prefix}.${infer Name}` ? Name : never}[Key]} KeyBehind
 */
/** @typedef {Record<string, string | number>} Values */
/**
 * @typedef {object} Known  the door for keys that are made of what the server names
 * @property {(key: string, values?: Values) => string | null} known  null where there is no such text
 */
/** @typedef {((key: Key, values?: Values) => string) & Known} Translate */

const HOLE = /\{(\w+)(?:, plural,((?: \w+ \{[^{}]*\})+))?\}/g;
const WHOLE = new Intl.NumberFormat("en"); // 12,000 in every language, beside the points of the decimals
const FORM = /(\w+) \{([^{}]*)\}/g;

/**
 * `{count}` stands for a value, `{count, plural, one {# step} other {# steps}}` for the form of its number, in which
 * `#` stands for it: the plurals of ICU's MessageFormat. `Intl.PluralRules` knows the form of a number in a language.
 * @param {Record<string, string>} texts @param {string} [language] of the texts
 * @returns {Translate} `t("player.position", {time: 4, last: 9})`
 */
export function translator(texts, language = "en") {
  const rules = new Intl.PluralRules(language);
  const translate = (/** @type {string} */ key, /** @type {Values} */ values = {}) =>
    (texts[key] ?? key).replace(HOLE, (hole, name, plural) => {
      const value = values[name];
      if (value === undefined) return hole;
      if (plural === undefined) return display(value);
      const forms = new Map([...plural.matchAll(FORM)].map(([, form, words]) => [form, words]));
      return (forms.get(rules.select(Number(value))) ?? forms.get("other")).replaceAll("#", display(value));
    });
  /** @type {Translate["known"]} */
  const known = (key, values) => (key in texts ? translate(key, values) : null);
  return Object.assign(translate, { known });
}

/** A name in a sentence turns none of its words around. @param {string | number} value */
function display(value) {
  if (typeof value !== "number") return visible(value);
  return Number.isInteger(value) ? WHOLE.format(value).replace("-", "−") : significant(value);
}

/** Three decimals and a true minus sign. @param {number} value @param {number} [digits] */
export function decimal(value, digits = 3) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** Three significant digits, for magnitudes that span decades: 0.12, 1.2e−7. @param {number} value */
export function significant(value) {
  const rounded = Number(value.toPrecision(3));
  const isTiny = rounded !== 0 && Math.abs(rounded) < 1e-4;
  return (isTiny ? rounded.toExponential() : String(rounded)).replaceAll("-", "−");
}
