/** Silences each unit in turn: which of them the output depends on, the most needed first. */

/** @import {Form} from "../controls.js" */
/** @import {Content} from "../dom.js" */
/** @import {Progress} from "../state.js" */
import { answered } from "../controls.js";
import { h } from "../dom.js";
import { significant } from "../i18n.js";
import { added, holding } from "../interventions.js";
import { MOST_CHANGES } from "../state.js";

const MOST_SHOWN = 12;

/** @typedef {{unit: number, change: number}} Silenced */

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state } = form;
  return h(
    "section",
    { key: "silencing" },
    h("h2", null, t("whatif.silencing")),
    h("p", { class: "hint" }, t("whatif.silencing.explained")),
    h("div", { class: "silencing" }, button(form), state.silencing && progress(form, state.silencing)),
    state.run && !state.run.output && h("p", { class: "hint" }, t("error.no_read_out")),
    answered(form, "silencing", ({ units }) => table(form, units)),
  );
}

/** One button, so that the focus stays where it was. @param {Form} form */
function button({ t, state, set }) {
  const onclick = () => set({ silencing: state.silencing ? null : { done: 0, of: 0 } });
  const key = state.silencing ? "whatif.silencing.cancel" : "whatif.silencing.start";
  return h("button", { type: "button", id: "silence", disabled: !state.run?.output, onclick }, t(key));
}

/** @param {Form} form @param {Progress} progress @returns {Content[]} */
function progress({ t }, { done, of }) {
  return [
    h("progress", { "aria-label": t("whatif.silencing"), max: of || 1, value: done }),
    h("span", { role: "status" }, of > 0 && t("whatif.silencing.progress", { done, of })),
  ];
}

/** @param {Form} form @param {Silenced[]} units  the most needed first @returns {Content[]} */
function table({ t, state, set }, units) {
  const most = Math.max(...units.map(({ change }) => change)) || 1;
  const head = ["ranking.unit", "whatif.silencing.change", "", ""].map((key) =>
    key ? h("th", { scope: "col" }, t(key)) : h("td", null),
  );
  const row = (/** @type {Silenced} */ { unit, change }) => {
    const hold = () => set(added(state, "interventions", { ...holding(state, "hidden_state", 0), units: [unit] }));
    const name = t("lines.unit", { unit });
    return h(
      "tr",
      { "aria-selected": String(unit === state.unit) },
      h("td", null, h("button", { type: "button", class: "quiet", onclick: () => set({ unit, hover: null }) }, name)),
      h("td", null, significant(change)),
      h("td", { class: "share" }, bar(change / most)),
      h(
        "td",
        null,
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            disabled: state.interventions.length >= MOST_CHANGES,
            "aria-label": t("whatif.preset.silence", { unit }),
            onclick: hold,
          },
          t("whatif.silencing.hold"),
        ),
      ),
    );
  };
  return [
    h(
      "table",
      { class: "ranking", id: "silenced", "aria-label": t("whatif.silencing") },
      h("thead", null, h("tr", null, head)),
      h("tbody", null, units.slice(0, MOST_SHOWN).map(row)),
    ),
    units.length > MOST_SHOWN &&
      h("p", { class: "hint" }, t("whatif.silencing.more", { count: units.length - MOST_SHOWN })),
  ];
}

/** @param {number} share */
function bar(share) {
  const rect = (/** @type {string} */ name, /** @type {number} */ width) =>
    h("rect", { class: name, x: 0, y: 0, width: 100 * width, height: 6 });
  return h(
    "svg",
    { class: "bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    rect("ground", 1),
    rect("positive", share),
  );
}
