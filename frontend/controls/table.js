/** A table with its head. */

/** @import {Content, Node} from "../base/dom.js" */
import { h } from "../base/dom.js";

/**
 * @param {Record<string, any>} props
 * @param {string[]} head  an empty text has no column header
 * @param {Content} rows
 * @returns {Node}
 */
export function table(props, head, rows) {
  const cells = head.map((text) => (text === "" ? h("td", null) : h("th", { scope: "col" }, text)));
  return h("table", props, h("thead", null, h("tr", null, cells)), h("tbody", null, rows));
}
