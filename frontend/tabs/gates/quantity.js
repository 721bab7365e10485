/** The quantity that a task asks a unit to keep, and how well the cell state of the chosen unit follows it. */

/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {State} from "../../state/state.js" */
import { decimal } from "../../base/i18n.js";
import { series } from "../../base/tensor.js";
import { SIGNED_AXIS } from "../../charts/axes.js";
import * as traces from "../../charts/traces.js";
import { layerOf } from "../../state/selectors.js";

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, { palette, t }) {
  const { unit, task } = state;
  const quantity = state.run?.sequence.quantity;
  const layer = layerOf(state);
  if (!quantity || !layer) return [];
  const r = correlation(quantity.data, series(layer.cell_state, unit));
  const name = t(`zoo.${task}.quantity`);
  return [
    {
      id: "quantity",
      symbol: "",
      title: t("quantity.kept", { name, unit, correlation: Number.isNaN(r) ? "–" : decimal(r) }),
      height: 48,
      traces: [traces.line(quantity.data, { color: palette.series[5], hover: "t %{x}\n%{y:.4g}" })],
      yaxis: SIGNED_AXIS,
    },
  ];
}

/** Pearson's r; NaN where one of the two is constant. @param {Float32Array} one @param {Float32Array} other */
export function correlation(one, other) {
  const mean = (/** @type {Float32Array} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  let together = 0;
  let [varianceA, varianceB] = [0, 0];
  one.forEach((value, index) => {
    const [x, y] = [value - a, Number(other[index]) - b];
    together += x * y;
    varianceA += x * x;
    varianceB += y * y;
  });
  return together / Math.sqrt(varianceA * varianceB);
}
