/** The list of keys. */

/** @import {Key, Translate} from "../../base/i18n.js" */
import { h, render } from "../../base/dom.js";

/** @type {[string[], Key][]} */
const KEYS = [
  [["←", "→"], "keys.step"],
  [["Shift ←", "Shift →"], "keys.ten"],
  [["Home", "End"], "keys.ends"],
  [["↑", "↓"], "keys.unit"],
  [["Space"], "keys.play"],
  [["+", "−", "0"], "keys.zoom"],
  [["?"], "keys.help"],
];

/** @param {Translate} t @param {() => void} close @param {() => void} tour begins it */
function content(t, close, tour) {
  const rows = KEYS.map(([keys, meaning]) =>
    h(
      "div",
      null,
      h(
        "dt",
        null,
        keys.map((key) => h("kbd", null, key)),
      ),
      h("dd", null, t(meaning)),
    ),
  );
  return [
    h("h2", { id: "help-title" }, t("keys.title")),
    h("dl", null, rows),
    h("p", { class: "hint" }, t("keys.mouse")),
    h("p", { class: "links" }, h("a", { href: "docs" }, t("keys.api"))),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", onclick: tour }, t("tour.start_explained")),
      h("button", { type: "button", class: "primary", onclick: close }, t("keys.close")),
    ),
  ];
}

/**
 * @param {HTMLDialogElement} dialog @param {() => Translate} translate
 * @param {() => void} startTour @returns {() => void} opens it
 */
export function createHelp(dialog, translate, startTour) {
  const close = () => dialog.close();
  const begin = () => {
    close();
    startTour();
  };
  return () => {
    render(dialog, content(translate(), close, begin));
    dialog.showModal();
  };
}
