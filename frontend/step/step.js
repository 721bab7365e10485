/** One step of one unit: its heading, the frame of each quantity, and the check against what is plotted. */

import { visible } from "../base/characters.js";
import { h } from "../base/dom.js";
import { decimal, significant } from "../base/i18n.js";
/** @import {Layer, Run} from "../state/answers.js" */
/** @import {Quantity} from "../state/choices.js" */
/** @import {Point} from "../state/state.js" */
/** @import {Content} from "../base/dom.js" */
/** @import {Translate} from "../base/i18n.js" */
import { bar } from "../controls/bars.js";
import { inputOf } from "./cell.js";

/** Those that lie between 0 and 1. @type {Quantity[]} */
const UNSIGNED = ["forget_gate", "input_gate", "output_gate"];

/** @param {Run} run @param {Layer} layer @param {Point} point @param {Translate} t */
export function heading(run, layer, { time, unit }, t) {
  const { characters } = run.sequence;
  const character = layer.layer === 0 ? characters?.[time] : undefined;
  const entered = inputOf(run, layer, time);
  const values = [...entered.subarray(0, 4)].map((value) => decimal(value));
  const more = entered.length > 4 ? ", …" : "";
  const input = character === undefined ? `x = ${values.join(", ")}${more}` : `x = “${visible(character)}”`;
  return h(
    "div",
    { class: "heading" },
    h("h2", null, t("step.title", { time, unit })),
    run.layers.length > 1 && h("p", { class: "hint" }, placeOf(layer, t)),
    h("p", { class: "hint" }, input),
  );
}

/** @param {Layer} layer @param {Translate} t */
function placeOf({ layer, direction }, t) {
  return `${t("layers.layer", { index: layer })}, ${t(`layers.${direction}`)}`;
}

/**
 * A quantity with its value, as a number and as a bar.
 * @param {Quantity} quantity @param {number | null} value @param {Content[]} content @param {Translate} t
 */
export function entry(quantity, value, content, t) {
  const name = t(`quantity.${quantity}`);
  return h(
    "section",
    { class: "equation", "aria-label": name, "data-quantity": quantity },
    h("header", null, h("h3", null, name), h("output", null, value === null ? "" : decimal(value))),
    value !== null && bar(value, !UNSIGNED.includes(quantity)),
    content,
  );
}

/**
 * Whether the computed step agrees with the run, up to float32 rounding in sums of some hundred products.
 * @param {number} largest @param {number} scale @param {Translate} t
 */
export function check(largest, scale, t) {
  const agrees = largest <= 5e-6 * scale;
  const text = t(agrees ? "step.agrees" : "step.disagrees", { difference: significant(largest) });
  return h(
    "p",
    { class: `check ${agrees ? "good" : "bad"}`, "data-difference": largest },
    `${agrees ? "✓" : "✗"} ${text}`,
  );
}
