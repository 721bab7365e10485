/** What stands around the charts of the tab: the text, the lines' choices, the ranking, and what the charts show in words. */

/** @import {Form} from "../../controls/form.js" */
/** @import {State} from "../../state/state.js" */
import { render } from "../../base/dom.js";
import { cursorOf, layerOf, shownSteps } from "../../state/selectors.js";
import * as colouredText from "./coloured_text.js";
import { description } from "./heatmaps.js";
import * as lines from "./lines.js";
import * as ranking from "./ranking_panel.js";

/** With what the heatmaps' description changes, beside the layer. */
const NAMED = /** @type {const} */ (["language", "tab"]);

/** @param {(id: string) => HTMLElement} element @param {Form} form @param {State} before @param {boolean} isOtherUnit */
export function showGates(element, form, before, isOtherUnit) {
  const { t, state } = form;
  const layer = layerOf(state);
  if (!state.run || !layer) return;
  if (
    element("gates").ariaLabel === null ||
    layer !== layerOf(before) ||
    NAMED.some((name) => state[name] !== before[name])
  ) {
    element("gates").ariaLabel = description(state.run, layer, t);
  }
  if (isOtherUnit) {
    element("lines").ariaLabel = t(`lines.described_${state.lines}`, {
      unit: state.unit,
      quantity: t(`quantity.${state.quantity}`),
      units: state.units.join(", "),
    });
    render(element("lines-controls"), lines.controls(form));
    render(element("ranking"), ranking.panel(form));
  }
  render(element("coloured-text"), colouredText.panel(form, layer, cursorOf(state), shownSteps(state)));
}
