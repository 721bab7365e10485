/** The menu of the workspaces: pick one, remove one, begin another, open a session's file. */

import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Listed} from "../../workspace/actions.js" */
import { fileButton } from "../../controls/fields.js";
import { modelName, sequenceName } from "../../inputs/names.js";
import { SUFFIX } from "../../workspace/session.js";

/**
 * @typedef {object} WorkspaceActions
 * @property {() => void} list @property {() => void} close
 * @property {(id: string, search: string) => void} pick
 * @property {(id: string) => void} remove @property {(id: string) => void} restore
 * @property {() => void} begin
 * @property {(file: File) => void} openSession
 */
/** @typedef {Form & {workspaces: WorkspaceActions}} MenuForm */

/** @param {MenuForm} form @returns {Content} */
export function menu(form) {
  const { t, state, workspaces: actions } = form;
  const ontoggle = (/** @type {any} */ event) => (event.newState === "open" ? actions.list() : actions.close());
  const rows = state.workspaces.map((each) => row(form, each));
  return h(
    "div",
    { class: "menu", key: "workspaces" },
    h("button", { type: "button", popovertarget: "workspaces" }, t("workspaces.title"), " ▾"),
    h(
      "div",
      { id: "workspaces", popover: "auto", ontoggle },
      h("p", { class: "hint" }, t(rows.length > 0 ? "workspaces.explained" : "workspaces.none")),
      h("ul", null, rows),
      h(
        "div",
        { class: "ways" },
        h("button", { type: "button", id: "new-workspace", onclick: actions.begin }, t("workspaces.begin")),
        ...fileButton({
          id: "session-file",
          accept: SUFFIX,
          label: t("workspaces.open"),
          choose: actions.openSession,
        }),
      ),
    ),
  );
}

/** @param {MenuForm} form @param {Listed} listed @returns {Content} */
function row({ t, state, workspaces: actions }, { id, workspace, isOwn, isOpen, isRemoved }) {
  const { ran, excerpt, changed, search } = workspace;
  const title = h(
    "span",
    { class: "workspace-title" },
    h("strong", null, modelName(ran, t)),
    h("span", null, sequenceName(ran, t, excerpt)),
  );
  if (isRemoved) {
    const restore = h("button", { type: "button", onclick: () => actions.restore(id) }, t("workspaces.restore"));
    return h("li", { key: id, class: "removed" }, title, restore);
  }
  const where = isOwn ? t("workspaces.own") : isOpen ? t("workspaces.elsewhere") : moment(changed, state.language);
  const remove = t("workspaces.remove");
  return h(
    "li",
    { key: id, "aria-current": isOwn ? "true" : null },
    h(
      "button",
      { type: "button", class: "quiet pick", disabled: isOwn, onclick: () => actions.pick(id, search) },
      title,
      h("span", { class: "hint" }, where),
    ),
    !isOwn &&
      !isOpen &&
      h(
        "button",
        { type: "button", class: "quiet", title: remove, "aria-label": remove, onclick: () => actions.remove(id) },
        "✕",
      ),
  );
}

/** @param {number} time in ms since 1970 @param {string} language */
const moment = (time, language) => new Date(time).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
