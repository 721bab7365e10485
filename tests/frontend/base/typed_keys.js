/** For `tsc` alone, which fails here as soon as it takes a key that has no text. */

/** @import {Translate} from "../../../frontend/base/i18n.js" */
import { QUANTITIES } from "../../../frontend/state/choices.js";

/** @param {Translate} t @param {string} code of the server */
export function taken(t, code) {
  t("tab.gates");
  for (const quantity of QUANTITIES) t(`quantity.${quantity}`);
  t.known(`error.${code}`);
  // @ts-expect-error: misspelt
  t("tab.gatse");
  // @ts-expect-error: no quantity has such a text
  for (const quantity of QUANTITIES) t(`quantity.${quantity}.explained`);
  // @ts-expect-error: what the server names may have no text
  t(`error.${code}`);
}
