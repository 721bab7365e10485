/** The six tensors of a layer as linked heatmaps, unit × time. */

import { steps, summary } from "../../base/tensor.js";
import { unitsAxis } from "../../charts/axes.js";
import { LOOK, rangeOf } from "../../charts/look.js";
import { scaleOf } from "../../charts/palette.js";
/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Layer} from "../../state/answers.js" */
/** @import {Quantity} from "../../state/choices.js" */
/** @import {State} from "../../state/state.js" */
import * as traces from "../../charts/traces.js";
import { QUANTITIES } from "../../state/choices.js";
import { layerOf } from "../../state/selectors.js";

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, scene) {
  const layer = layerOf(state);
  return layer ? QUANTITIES.map((name) => row(name, layer, scene)) : [];
}

/** @param {Quantity} quantity @param {Layer} layer @param {Scene} scene @returns {Row} */
function row(quantity, layer, { palette, t }) {
  const tensor = layer[quantity];
  const { symbol } = LOOK[quantity];
  const bounds = rangeOf(quantity, [tensor]);
  const units = tensor.shape[1] ?? 1;
  const look = { scale: scaleOf(palette, bounds), hover: t("gates.hover", { symbol }) };
  return {
    id: quantity,
    symbol,
    title: t(`quantity.${quantity}`),
    height: Math.min(220, Math.max(68, units)),
    traces: [traces.heatmap(steps(tensor), bounds, look)],
    yaxis: unitsAxis(units),
  };
}

/** The heatmaps in words, for a screen reader. @param {Form} form */
export function description({ t, state }) {
  const { run } = state;
  const layer = layerOf(state);
  if (!run || !layer) return "";
  const size = { steps: run.sequence.steps, units: run.model.hidden_size };
  const parts = QUANTITIES.map((name) => {
    const { minimum, maximum, mean } = summary(layer[name]);
    return t("gates.described", { name: t(`quantity.${name}`), minimum, maximum, mean });
  });
  return `${t("gates.description", size)} ${parts.join(" ")}`;
}
