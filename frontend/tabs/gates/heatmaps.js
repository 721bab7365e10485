/** The six tensors of a layer as linked heatmaps, unit × time. */

import { significant } from "../../base/i18n.js";
import { steps, summary } from "../../base/tensor.js";
import { DIVERGING, LOOK, rangeOf } from "../../charts/look.js";
/** @import {Palette, Row} from "../../charts/figure.js" */
/** @import {Layer, Run} from "../../state/answers.js" */
/** @import {Quantity} from "../../state/choices.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { QUANTITIES } from "../../state/choices.js";

/** @param {Layer} layer @param {Palette} palette @param {Translate} t @returns {Row[]} */
export function rows(layer, palette, t) {
  return QUANTITIES.map((name) => row(name, layer, palette, t));
}

/** @param {Quantity} quantity @param {Layer} layer @param {Palette} palette @param {Translate} t @returns {Row} */
function row(quantity, layer, palette, t) {
  const { symbol } = LOOK[quantity];
  const [zmin, zmax] = rangeOf(quantity, [layer[quantity]]);
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

/** The heatmaps in words, for who cannot see them. @param {Run} run @param {Layer} layer @param {Translate} t */
export function description(run, layer, t) {
  const size = { steps: run.sequence.steps, units: run.model.hidden_size };
  const parts = QUANTITIES.map((name) => {
    const { minimum, maximum, mean } = summary(layer[name]);
    return t("gates.described", { name: t(`quantity.${name}`), minimum, maximum, mean });
  });
  return `${t("gates.description", size)} ${parts.join(" ")}`;
}
