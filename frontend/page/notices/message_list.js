/** The messages above the player, with their buttons for Undo. */

import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Message} from "../../state/state.js" */
import { faultText } from "../../controls/faults.js";

/** @typedef {{undo: (id: string) => void, hide: (id: string) => void}} MessageActions */

/** @param {Form & MessageActions} form */
export const list = (form) => form.state.messages.map((message) => line(form, message));

/** @param {Form & MessageActions} form @param {Message} message */
function line(form, { id, key, context, fault, undo: undone }) {
  const { t, undo, hide } = form;
  const words = `message-${id}`;
  return h(
    "div",
    { class: "message", key: id },
    h("p", { id: words }, t(key, context), fault && ` ${faultText(form, fault)}`),
    undone !== undefined
      ? h(
          "button",
          { type: "button", class: "undo", "aria-describedby": words, onclick: () => undo(undone) },
          t("message.undo"),
        )
      : h("button", { type: "button", class: "quiet", "aria-label": t("message.hide"), onclick: () => hide(id) }, "✕"),
  );
}
