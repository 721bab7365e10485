/** The head of the page: what runs, whether it agrees with PyTorch, and what can be done with it. */

/** @import {Form} from "../controls.js" */
import { h } from "../dom.js";

const DOWNLOADS = /** @type {const} */ (["png", "svg", "csv", "json"]);

/**
 * @typedef {object} ToolbarActions
 * @property {() => void} run
 * @property {() => void} share
 * @property {() => void} copyCurl
 * @property {() => void} help
 * @property {(format: typeof DOWNLOADS[number]) => void} download
 */

/** @param {Form & ToolbarActions} form */
export function bar(form) {
  const { t, state, set } = form;
  const other = state.language === "en" ? "ko" : "en";
  const opposite = state.theme === "light" ? "dark" : "light";
  return [
    h("h1", null, mark(), "Gatescope"),
    h("div", { class: "status", role: "status" }, status(form)),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "primary", onclick: form.run, disabled: state.running }, t("toolbar.run")),
      downloads(form),
      h("button", { type: "button", onclick: form.share }, t("toolbar.share")),
      h(
        "button",
        { type: "button", lang: other, onclick: () => set({ language: other }), id: "language" },
        other === "ko" ? "한국어" : "English",
      ),
      icon("theme", t(`toolbar.${opposite}`), "◐", () => set({ theme: opposite })),
      icon("help", t("toolbar.help"), "?", form.help),
    ),
  ];
}

/** @param {string} id @param {string} label @param {string} sign @param {() => void} onclick */
const icon = (id, label, sign, onclick) =>
  h("button", { type: "button", id, class: "icon", title: label, "aria-label": label, onclick }, sign);

/** The name's sign: a cell between its gates. */
function mark() {
  const cell = [4, 10, 16].map((x, index) =>
    h("rect", { x, y: [8, 4, 11][index], width: 4, height: [10, 14, 7][index], rx: 1.5 }),
  );
  return h("svg", { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true" }, cell);
}

/** @param {Form} form */
function status({ t, state: { notice, problem, run, running } }) {
  if (notice) return h("span", { class: "notice" }, t(notice));
  if (running) return h("span", { class: "busy" }, t("status.running"));
  if (problem) return h("span", { class: "bad" }, t(run ? "status.problem_stale" : "status.problem"));
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

/** @param {Form & ToolbarActions} form */
function downloads({ t, state, download, copyCurl }) {
  const items = DOWNLOADS.map((format) =>
    h("button", { type: "button", onclick: () => download(format), "data-format": format }, t(`download.${format}`)),
  );
  return h(
    "div",
    { class: "menu" },
    h("button", { type: "button", popovertarget: "downloads", disabled: !state.run }, t("toolbar.download"), " ▾"),
    h(
      "div",
      { id: "downloads", popover: "auto" },
      items,
      h("button", { type: "button", id: "curl", onclick: copyCurl }, t("toolbar.curl")),
    ),
  );
}
