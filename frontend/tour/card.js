/** The card of the guided tour: the text and the question of a stop, and the buttons on, back and out. */

/** @import {Form} from "../controls/form.js" */
/** @import {Content} from "../base/dom.js" */
/** @import {Told} from "./stops.js" */
import { h } from "../base/dom.js";

/**
 * @typedef {object} Guide
 * @property {import("./stops.js").Stop["name"]} name  of the stop
 * @property {number} number  from 1
 * @property {number} stops
 * @property {number} value  what a gate is held at in the end
 * @property {Told | null} told  null while the example is computed
 * @property {boolean} isStrayed  whether the reader has gone elsewhere
 * @property {boolean} wasElsewhere  whether the reader had other inputs before
 * @property {(number: number) => void} goTo
 * @property {() => void} again
 * @property {() => void} end
 */

/** @param {Form} form @param {Guide} guide @returns {Content} */
export function card({ t }, guide) {
  const { name, number, stops, value } = guide;
  const title = h("h2", { id: "tour-title", tabindex: -1 }, t(`tour.${name}.title`, { value }));
  return h(
    "div",
    { class: "tour-card", role: "region", "aria-labelledby": "tour-title" },
    h("header", null, title, h("span", { class: "hint" }, t("tour.position", { number, stops }))),
    h("div", { class: "tour-words", "aria-live": "polite" }, words(t, guide)),
    buttons(t, guide),
  );
}

/** @param {Form["t"]} t @param {Guide} guide @returns {Content} */
function words(t, { name, number, told, isStrayed, wasElsewhere, again }) {
  if (isStrayed) {
    const back = h("button", { type: "button", class: "quiet", id: "tour-again", onclick: again }, t("tour.again"));
    return h("p", null, t("tour.strayed"), " ", back);
  }
  if (!told) return h("p", { class: "busy" }, t("tour.waiting"));
  const { figures, isWhole } = told;
  return [
    h(
      "div",
      null,
      number === 1 && wasElsewhere && h("p", { class: "hint" }, t("tour.example")),
      h("p", null, t(`tour.${name}.text`, figures)),
    ),
    h(
      "div",
      null,
      h("p", { class: "tour-question" }, t(`tour.${name}.question`, figures)),
      // The answer of the next stop is closed again.
      h(
        "details",
        { key: name },
        h("summary", null, t("tour.answer")),
        h("p", null, isWhole ? t(`tour.${name}.answer`, figures) : t("answer.asking")),
      ),
    ),
  ];
}

/** @param {Form["t"]} t @param {Guide} guide */
function buttons(t, { number, stops, goTo, end }) {
  const isLast = number === stops;
  const on = () => (isLast ? end() : goTo(number + 1));
  return h(
    "div",
    { class: "tour-ways" },
    h(
      "button",
      { type: "button", id: "tour-back", disabled: number === 1, onclick: () => goTo(number - 1) },
      t("tour.back"),
    ),
    h(
      "button",
      { type: "button", class: "primary", id: "tour-next", onclick: on },
      t(isLast ? "tour.finish" : "tour.next"),
    ),
    !isLast &&
      h(
        "button",
        { type: "button", class: "quiet", id: "tour-end", title: t("tour.end_key"), onclick: end },
        t("tour.end"),
      ),
  );
}
