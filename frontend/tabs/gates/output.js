/** What the read-out gave: probabilities as a heatmap beside what came next, values as lines beside the sequence. */

/** @import {Palette, Row} from "../../charts/figure.js" */
/** @import {Run} from "../../state/state.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { plotText } from "../../base/characters.js";
import { significant } from "../../base/i18n.js";
import { series, steps, summary } from "../../base/tensor.js";
import { tokensToCome } from "../../charts/predictions.js";

const MOST_LINES = 8;
const MOST_NAMES = 16;
const ROW = 13; // CSS pixels for a name beside the heatmap

/** @param {Run} run @param {[number, number]} shown @param {Palette} palette @param {Translate} t @returns {Row[]} */
export function rows(run, shown, palette, t) {
  if (!run.output) return [];
  return [
    run.output.kind === "value" && run.output.names.length <= MOST_LINES
      ? lines(run, palette, t)
      : heatmap(run, shown, palette, t),
  ];
}

/** @param {Run} run @param {[number, number]} shown @param {Palette} palette @param {Translate} t @returns {Row} */
function heatmap(run, [first, last], palette, t) {
  const { names, values, kind } = /** @type {NonNullable<Run["output"]>} */ (run.output);
  const isProbability = kind === "probability";
  const { maximum } = summary(values);
  const minimum = isProbability ? 0 : summary(values).minimum;
  const truth = truthOf(run, first, last);
  const legible = names.length <= MOST_NAMES;
  return {
    id: "output",
    symbol: "y",
    title: t(truth.length > 0 ? "output.probability_and_truth" : `output.${kind}`),
    height: Math.min(220, Math.max(68, names.length * (legible ? ROW : 1))),
    traces: [
      {
        type: "heatmap",
        meta: "features",
        z: steps(values),
        transpose: true,
        zmin: minimum,
        zmax: maximum,
        colorscale: "Cividis",
        colorbar: { tickvals: [minimum, maximum], ticktext: [significant(minimum), significant(maximum)] },
        customdata: names.map((name) => Array(values.shape[0]).fill(plotText(name))),
        hovertemplate: `${t("output.hover")}<extra></extra>`,
      },
      ...(truth.length > 0 ? [truthTrace(truth, palette, t)] : []),
    ],
    yaxis: {
      range: [names.length - 0.5, -0.5],
      ...(legible
        ? { tickvals: names.map((_, index) => index), ticktext: names.map(plotText) }
        : { tickvals: [0, names.length - 1] }),
    },
  };
}

/** @param {number[][]} truth @param {Palette} palette @param {Translate} t */
function truthTrace(truth, palette, t) {
  return {
    type: "scatter",
    mode: "markers",
    x: truth.map(([time]) => time),
    y: truth.map(([, place]) => place),
    marker: { symbol: "circle-open", size: 7, color: palette.series[1], line: { width: 1.5 } },
    hovertemplate: `${t("output.truth")}<extra></extra>`,
  };
}

/** What was to be said, where that is known: [time, row]. @param {Run} run @param {number} first @param {number} last */
function truthOf(run, first, last) {
  const toCome = tokensToCome(run) ?? [];
  return toCome
    .slice(first, last + 1)
    .map((row, index) => [first + index, row])
    .filter(([, row]) => row !== -1);
}

/** @param {Run} run @param {Palette} palette @param {Translate} t @returns {Row} */
function lines({ output }, palette, t) {
  const { names, values, targets } = /** @type {NonNullable<Run["output"]>} */ (output);
  const traces = names.flatMap((name, index) => {
    const color = palette.series[index];
    const drawn = (
      /** @type {import("../../base/tensor.js").Tensor} */ tensor,
      /** @type {"output.target" | "output.named"} */ key,
      /** @type {string} */ dash,
    ) => ({
      type: "scatter",
      mode: tensor.shape[0] === 1 ? "markers" : "lines",
      name: t(key, { name: names.length > 1 || !targets ? name : "" }),
      y: series(tensor, index),
      line: { width: 1.7, color, dash },
      hovertemplate: "t %{x}<br>y = %{y:.4g}<extra></extra>",
    });
    return [...(targets ? [drawn(targets, "output.target", "dot")] : []), drawn(values, "output.named", "solid")];
  });
  return {
    id: "output",
    symbol: "y",
    title: t("output.value"),
    ...(traces.length > 1 && { legend: true }),
    height: 80,
    traces,
    yaxis: { showgrid: true, zeroline: true, nticks: 3 },
  };
}
