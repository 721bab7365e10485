/** The words of the page, as its files hold them. */

import { readFileSync } from "node:fs";
import { translator } from "../../frontend/base/i18n.js";

/** @param {string} language @returns {Record<string, string>} */
export const textsOf = (language) =>
  JSON.parse(readFileSync(new URL(`../../frontend/i18n/${language}.json`, import.meta.url), "utf8"));

/** @param {string} language */
export const translatorOf = (language) => translator(textsOf(language), language);
