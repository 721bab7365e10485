/** The output: probabilities as a heatmap beside what came next, values as lines beside their targets. */

/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {Run} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Tensor} from "../../base/tensor.js" */
import { visible } from "../../base/characters.js";
import { series, steps, summary } from "../../base/tensor.js";
import { namesAxis, namesHeight, SIGNED_AXIS } from "../../charts/axes.js";
import { tokensToCome } from "../../charts/predictions.js";
import * as traces from "../../charts/traces.js";
import { shownSteps } from "../../state/selectors.js";

const MOST_LINES = 8;

/** @typedef {NonNullable<Run["output"]>} Output */

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows({ run, zoom }, scene) {
  if (!run?.output) return [];
  const { output } = run;
  if (output.kind === "value" && output.names.length <= MOST_LINES) return [lines(output, scene)];
  return [heatmap(output, truthOf(run, shownSteps({ run, zoom })), scene)];
}

/** @param {Output} output @param {Truth[]} truth @param {Scene} scene @returns {Row} */
function heatmap({ names, values, kind }, truth, { palette, t }) {
  const { minimum, maximum } = summary(values);
  const trace = traces.heatmap(steps(values), [kind === "probability" ? 0 : minimum, maximum], {
    meta: "features",
    customdata: names.map((name) => Array(values.shape[0]).fill(visible(name))),
    hover: t("output.hover"),
  });
  const rings = traces.dots(
    truth.map(({ time }) => time),
    truth.map(({ place }) => place),
    {
      marker: { symbol: "circle-open", size: 7, color: palette.series[1], line: { width: 1.5 } },
      hover: t("output.truth"),
    },
  );
  return {
    id: "output",
    symbol: "y",
    title: t(truth.length > 0 ? "output.probability_and_truth" : `output.${kind}`),
    height: Math.min(220, Math.max(68, namesHeight(names))),
    traces: truth.length > 0 ? [trace, rings] : [trace],
    yaxis: namesAxis(names),
  };
}

/** @typedef {{time: number, place: number}} Truth  which of the names was right */

/** The targets on screen, where they are known. @param {Run} run @param {[number, number]} shown @returns {Truth[]} */
function truthOf(run, [first, last]) {
  const toCome = (tokensToCome(run) ?? []).map((place, time) => ({ time, place }));
  return toCome.slice(first, last + 1).filter(({ place }) => place !== -1);
}

/** @param {Output} output @param {Scene} scene @returns {Row} */
function lines({ names, values, targets }, { palette, t }) {
  const drawn = names.flatMap((name, index) => {
    const line = (
      /** @type {Tensor} */ tensor,
      /** @type {"output.target" | "output.named"} */ key,
      /** @type {string} */ dash,
    ) =>
      traces.line(series(tensor, index), {
        name: t(key, { name: names.length > 1 || !targets ? visible(name) : "" }),
        color: palette.series[index],
        dash,
        hover: "t %{x}\ny = %{y:.4g}",
      });
    return [...(targets ? [line(targets, "output.target", "dot")] : []), line(values, "output.named", "solid")];
  });
  return {
    id: "output",
    symbol: "y",
    title: t("output.value"),
    ...(drawn.length > 1 && { legend: true }),
    height: 80,
    traces: drawn,
    yaxis: SIGNED_AXIS,
  };
}
