/** What the page shows while files are dragged over it: where each kind of file goes. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Kind} from "./drops.js" */
import { h } from "../../base/dom.js";

/** @param {Form} form @param {Kind[]} kinds @returns {Content} */
export function overlay({ t, state }, kinds) {
  if (!state.isDropping) return null;
  const row = (/** @type {Kind} */ { name, endings }) =>
    h(
      "div",
      { class: "drop", key: name },
      h("dt", null, h("span", null, t(`drop.${name}`)), h("span", { class: "endings" }, endings)),
      h("dd", null, t(`drop.${name}.goes`)),
    );
  return h(
    "div",
    { class: "drops" },
    h("h2", null, t("drop.title")),
    h("dl", null, kinds.map(row)),
    h("p", { class: "hint" }, t("drop.together")),
  );
}
