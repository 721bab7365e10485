/** The six tensors of a layer as linked heatmaps, unit × time. */

import { significant } from "../i18n.js";
/** @import {Palette, Row} from "../figure.js" */
/** @import {Layer, Quantity, Run} from "../state.js" */
/** @import {Translate} from "../i18n.js" */
import { QUANTITIES } from "../state.js";
import { steps, summary } from "../tensor.js";

/** @type {Record<Quantity, {symbol: string, range: [number, number] | null}>} */
const LOOK = {
  forget_gate: { symbol: "f", range: [0, 1] },
  input_gate: { symbol: "i", range: [0, 1] },
  candidate: { symbol: "C̃", range: [-1, 1] },
  output_gate: { symbol: "o", range: [0, 1] },
  cell_state: { symbol: "C", range: null },
  hidden_state: { symbol: "h", range: [-1, 1] },
};

/** Blue below zero, orange above, the page's own background at zero: told apart by every kind of eye. */
const DIVERGING = {
  light: [
    [0, "#0b4a8f"],
    [0.25, "#5b9bd0"],
    [0.5, "#f7f7f5"],
    [0.75, "#ee9a4d"],
    [1, "#9a4300"],
  ],
  dark: [
    [0, "#8cc4ff"],
    [0.25, "#2f6fb0"],
    [0.5, "#1b1f27"],
    [0.75, "#b3611a"],
    [1, "#ffc38a"],
  ],
};

/** @param {Layer} layer @param {Palette} palette @param {Translate} t @returns {Row[]} */
export function rows(layer, palette, t) {
  return QUANTITIES.map((name) => row(name, layer, palette, t));
}

/** @param {Quantity} quantity @param {Layer} layer @param {Palette} palette @param {Translate} t @returns {Row} */
function row(quantity, layer, palette, t) {
  const { symbol } = LOOK[quantity];
  const [zmin, zmax] = rangeOf(quantity, layer);
  const units = layer[quantity].shape[1] ?? 1;
  return {
    id: quantity,
    symbol,
    title: t(`quantity.${quantity}`),
    height: Math.min(220, Math.max(68, units)),
    traces: [
      {
        type: "heatmap",
        z: steps(layer[quantity]),
        transpose: true,
        zmin,
        zmax,
        colorscale: zmin < 0 ? DIVERGING[palette.scheme] : "Cividis",
        colorbar: { tickvals: [zmin, zmax], ticktext: [significant(zmin), significant(zmax)] },
        hovertemplate: `${t("gates.hover", { symbol })}<extra></extra>`,
      },
    ],
    yaxis: { range: [units - 0.5, -0.5], tickvals: units > 1 ? [0, units - 1] : [0] },
  };
}

/** The bounds of a quantity; the cell state has none, so it is drawn symmetric about zero. @param {Quantity} quantity @param {Layer} layer @returns {[number, number]} */
function rangeOf(quantity, layer) {
  const { range } = LOOK[quantity];
  if (range) return range;
  const { minimum, maximum } = summary(layer[quantity]);
  const largest = Math.max(-minimum, maximum) || 1;
  return [-largest, largest];
}

/** The heatmaps in words, for who cannot see them. @param {Run} run @param {Layer} layer @param {Translate} t */
export function description(run, layer, t) {
  const size = { steps: run.sequence.steps, units: run.model.hidden_size };
  const parts = QUANTITIES.map((name) => {
    const { minimum, maximum, mean } = summary(layer[name]);
    return t("gates.described", { name: t(`quantity.${name}`), minimum, maximum, mean });
  });
  return `${t("gates.description", size)} ${parts.join(" ")}`;
}
