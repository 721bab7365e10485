/** The text, each token coloured by a unit: after Karpathy et al. (2015). */

/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
import { h } from "../../base/dom.js";
import { decimal } from "../../base/i18n.js";
import { series } from "../../base/tensor.js";
import { LOOK } from "../../charts/look.js";
import { colouredTokens, MOST_TOKENS } from "../../controls/coloured_tokens.js";
import { quantitySelect } from "../../controls/quantity_select.js";
import { cursorOf, layerOf, shownSteps } from "../../state/selectors.js";

/** @param {Form} form @returns {Content[]} */
export function panel(form) {
  const { t, state } = form;
  const layer = layerOf(state);
  if (!state.run?.sequence.characters || !layer) return [];
  const { quantity } = state;
  const point = cursorOf(state);
  const [first, last] = shownSteps(state);
  const unit = Math.min(point.unit, (layer[quantity].shape[1] ?? 1) - 1);
  const described = t("text.described", { unit, quantity: t(`quantity.${quantity}`) });
  // The full colour is 1 for a gate, else the unit's own largest value.
  const look = { time: point.time, write: decimal, ...(LOOK[quantity].range?.[0] === 0 && { full: 1 }) };
  return [
    h("h2", null, t("text.title", { unit })),
    quantitySelect(form, "text-quantity", t("text.quantity")),
    colouredTokens(form, series(layer[quantity], unit), described, look),
    last - first >= MOST_TOKENS && h("p", { class: "hint" }, t("text.cut", { count: MOST_TOKENS })),
  ];
}
