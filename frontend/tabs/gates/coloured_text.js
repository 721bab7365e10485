/** The text, each token coloured by a unit: after Karpathy et al. (2015). */

/** @import {Form} from "../../controls/controls.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Layer, Quantity} from "../../state/state.js" */
import { visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";
import { decimal } from "../../base/i18n.js";
import { at, series } from "../../base/tensor.js";
import { textOf } from "../../controls/controls.js";
import { quantitySelect } from "../../controls/quantity_select.js";
import { cursorOf, layerOf, shownSteps } from "../../state/state.js";

const MOST_TOKENS = 2000;
const SIGNED = ["candidate", "cell_state", "hidden_state"];

/** @param {Form} form @returns {Content[]} */
export function panel(form) {
  const { t, state, set } = form;
  const characters = state.run?.sequence.characters;
  const layer = layerOf(state);
  if (!characters || !layer) return [];
  const { quantity } = state;
  const point = cursorOf(state);
  const [first, last] = shownSteps(state);
  const unit = Math.min(point.unit, (layer[quantity].shape[1] ?? 1) - 1);
  const final = Math.min(last, first + MOST_TOKENS - 1);
  const scale = scaleOf(layer, quantity, unit);
  const token = (/** @type {string} */ text, /** @type {number} */ index) => {
    const time = first + index;
    const value = at(layer[quantity], time, unit);
    return h(
      "span",
      {
        class: `token ${value < 0 ? "negative" : "positive"}${time === point.time ? " chosen" : ""}`,
        style: `--share: ${Math.round(100 * Math.min(1, Math.abs(value) / scale))}%`,
        title: `t ${time}: ${decimal(value)}`,
        onclick: () => set({ time, hover: null }),
      },
      visible(text),
    );
  };
  const described = t("text.described", { unit, quantity: t(`quantity.${quantity}`) });
  return [
    h("h2", null, t("text.title", { unit })),
    quantitySelect(form, "text-quantity", t("text.quantity")),
    textOf(characters, characters.slice(first, final + 1).map(token), described),
    final < last && h("p", { class: "hint" }, t("text.cut", { count: MOST_TOKENS })),
  ];
}

/**
 * The value that gets the full colour: 1 for a gate, else the unit's own largest.
 * @param {Layer} layer @param {Quantity} quantity @param {number} unit
 */
function scaleOf(layer, quantity, unit) {
  if (!SIGNED.includes(quantity)) return 1;
  return series(layer[quantity], unit).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
}
