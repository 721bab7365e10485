/** Words and numbers in the reader's language; the texts themselves are in i18n/<language>.json. */

export const LANGUAGES = /** @type {const} */ (["en", "ko"]);
/** @typedef {typeof LANGUAGES[number]} Language */
/** @typedef {Record<string, string>} Texts */
/** @typedef {(key: string, values?: Record<string, string | number>) => string} Translate */

const HOLE = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

/**
 * `{count}` stands for a value, `{count|step|steps}` for the first of the two words where that is 1, else for the
 * second.
 * @param {Texts} texts
 * @returns {Translate & {has: (key: string) => boolean}} `t("player.position", {time: 4})`; an unknown key is returned
 *   as it is
 */
export function translator(texts) {
  /** @type {Translate} */
  const translate = (key, values = {}) =>
    (texts[key] ?? key).replace(HOLE, (hole, name, one, many) => {
      if (!(name in values)) return hole;
      return many === undefined ? display(values[name]) : values[name] === 1 ? one : many;
    });
  return Object.assign(translate, { has: (/** @type {string} */ key) => key in texts });
}

/** @param {unknown} value */
function display(value) {
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? value.toLocaleString("en").replace("-", "−") : significant(value);
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
