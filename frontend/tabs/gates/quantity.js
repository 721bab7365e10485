/** What a unit is expected to keep, as a line, with how well the cell state of the chosen unit follows it. */

/** @import {Palette, Row} from "../../charts/figure.js" */
/** @import {Layer, Run} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { decimal } from "../../base/i18n.js";
import { series } from "../../base/tensor.js";

/** @param {Run} run @param {Layer} layer @param {Pick<State, "unit" | "task">} chosen @param {Palette} palette @param {Translate} t @returns {Row[]} */
export function rows({ sequence: { quantity } }, layer, { unit, task }, palette, t) {
  if (!quantity) return [];
  const found = correlation(quantity.data, series(layer.cell_state, unit));
  const name = t(`zoo.${task}.quantity`);
  return [
    {
      id: "quantity",
      symbol: "",
      title: t("quantity.kept", { name, unit, correlation: Number.isNaN(found) ? "–" : decimal(found) }),
      height: 48,
      traces: [
        {
          type: "scatter",
          mode: quantity.data.length === 1 ? "markers" : "lines",
          y: quantity.data,
          line: { width: 1.7, color: palette.series[5] },
          hovertemplate: "t %{x}<br>%{y:.4g}<extra></extra>",
        },
      ],
      yaxis: { showgrid: true, zeroline: true, nticks: 3 },
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
