/** The head of the page: the status of the run, its agreement with PyTorch, and the menus. */

/** @import {Form} from "../../controls/form.js" */
/** @import {MenuForm} from "./workspace_menu.js" */
import { h } from "../../base/dom.js";
import { nameOf, nextTo } from "../../base/i18n.js";
import { missingOf } from "../../state/requests.js";
import { menu } from "./workspace_menu.js";

const DOWNLOADS = /** @type {const} */ (["png", "svg", "csv", "json"]);

/**
 * @typedef {object} ToolbarActions
 * @property {() => void} run
 * @property {() => void} share
 * @property {() => void} copyCurl
 * @property {() => void} help
 * @property {(format: typeof DOWNLOADS[number]) => void} download
 * @property {(withModel: boolean) => void} saveSession
 */

/** @param {MenuForm & ToolbarActions} form */
export function bar(form) {
  const { t, state, set } = form;
  const other = nextTo(state.language);
  const opposite = state.theme === "light" ? "dark" : "light";
  return [
    h("h1", null, mark(), "Gatescope"),
    h("div", { class: "status", role: "status" }, status(form)),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "primary", onclick: form.run, disabled: state.running }, t("toolbar.run")),
      menu(form),
      h("button", { type: "button", onclick: form.share }, t("toolbar.share")),
      saving(form),
      h(
        "button",
        { type: "button", lang: other, onclick: () => set({ language: other }), id: "language" },
        nameOf(other),
      ),
      icon("theme", t(`toolbar.${opposite}`), "◐", () => set({ theme: opposite })),
      icon("help", t("toolbar.help"), "?", form.help),
    ),
  ];
}

/** @param {string} id @param {string} label @param {string} sign @param {() => void} onclick */
const icon = (id, label, sign, onclick) =>
  h("button", { type: "button", id, class: "icon", title: label, "aria-label": label, onclick }, sign);

/** The sign of Gatescope: a cell between its gates. */
function mark() {
  const cell = [4, 10, 16].map((x, index) =>
    h("rect", { x, y: [8, 4, 11][index], width: 4, height: [10, 14, 7][index], rx: 1.5 }),
  );
  return h("svg", { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true" }, cell);
}

/** @param {Form} form */
function status({ t, state }) {
  const { notice, problem, run, running } = state;
  if (notice) return h("span", { class: "notice" }, t(notice));
  if (running) return h("span", { class: "busy" }, t("status.running"));
  if (problem) return h("span", { class: "bad" }, t(`status.${causeOf(problem)}${run ? "_stale" : ""}`));
  if (missingOf(state).length > 0) return h("span", { class: "bad" }, t("status.missing"));
  if (!run?.agreement) return null;
  const { largest, tolerance, reference } = run.agreement;
  const agrees = largest <= tolerance;
  const text = t(agrees ? "status.agrees" : "status.disagrees", { reference, largest });
  return h(
    "span",
    { class: agrees ? "good" : "bad", title: t("status.agreement_explained", { tolerance }), id: "agreement" },
    `${agrees ? "✓" : "✗"} ${text}`,
  );
}

/**
 * The cause of a problem: the server does not answer, asks for a token, or failed; or the inputs are wrong.
 * @param {NonNullable<Form["state"]["problem"]>} problem
 */
function causeOf({ status, faults }) {
  if (faults.some(({ code }) => code === "no_answer")) return "no_answer";
  if (status === 401) return "no_token";
  return status === 0 || status >= 500 ? "failed" : "problem";
}

/**
 * The menu for saving: the view as a session file, or the run as a file for other programs.
 * @param {Form & ToolbarActions} form
 */
function saving({ t, state, download, copyCurl, saveSession }) {
  const session = (/** @type {boolean} */ withModel) =>
    h(
      "button",
      { type: "button", id: withModel ? "save-with-model" : "save-session", onclick: () => saveSession(withModel) },
      t(withModel ? "save.with_model" : "save.session"),
    );
  const items = DOWNLOADS.map((format) =>
    h(
      "button",
      { type: "button", onclick: () => download(format), "data-format": format, disabled: !state.run },
      t(`download.${format}`),
    ),
  );
  return h(
    "div",
    { class: "menu", key: "saving" },
    h("button", { type: "button", popovertarget: "downloads" }, t("toolbar.save"), " ▾"),
    h(
      "div",
      { id: "downloads", popover: "auto" },
      session(false),
      state.model === "stored" && session(true),
      h("hr", null),
      items,
      h("button", { type: "button", id: "curl", onclick: copyCurl }, t("toolbar.curl")),
    ),
  );
}
