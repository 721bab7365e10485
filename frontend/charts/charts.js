/** Draws charts when what they show has changed, and moves only their cursor when nothing else has. */

import { answerOf, cursorOf, shownSteps } from "../state/selectors.js";
/** @import {Figure, Part, Row} from "./figure.js" */
/** @import {Palette} from "./palette.js" */
/** @import {PlotEvents} from "./plot.js" */
/** @import {Point, State} from "../state/state.js" */
/** @import {Translate} from "../base/i18n.js" */
import { fit } from "./downsample.js";
import { cursorShapes, plotWidth, single, stack } from "./figure.js";
import { draw, listen, moveCursor } from "./plot.js";

/** The properties that every chart depends on. The cursor is not one of them. */
const SHOWN = /** @type {(keyof State)[]} */ (["run", "layer", "direction", "zoom", "theme", "language", "width"]);

/**
 * @typedef {object} Scene  what all that draws is given beside the state
 * @property {Palette} palette
 * @property {Translate} t
 * @property {number} width  of the plot in CSS pixels
 */
/**
 * @typedef {object} Chart  rows that share the time axis, the cursor and the zoom; or one plot with axes of its own
 * @property {(state: State, scene: Scene) => Row[]} [rows]
 * @property {(state: State, scene: Scene) => Part | null} [plot]
 * @property {(state: State, scene: Scene) => any[]} [marks]  shapes across its rows
 * @property {string} [answer]  the question whose answer it shows
 * @property {(state: State) => unknown[]} [dependsOn]  what else it is drawn from, beside what every chart is
 */

/**
 * The rows as one figure with no more cells than pixels; where a cell stands for several, the time axis says so.
 * @param {Row[]} rows @param {State} state @param {Scene} scene @returns {Figure}
 */
function stacked(rows, state, { palette, t, width }) {
  const { rows: fitted, block } = fit(rows, shownSteps(state), width);
  const several = [
    t("plot.time"),
    ...(block.steps > 1 ? [t("plot.columns", { steps: block.steps })] : []),
    ...(block.units > 1 ? [t("plot.rows", { units: block.units })] : []),
  ];
  const steps = state.run?.sequence.steps ?? 1;
  return stack(fitted, { palette, width, zoom: state.zoom, steps, timeTitle: several.join(" · ") });
}

/** @param {Chart} chart @param {State} state @param {Scene} scene @returns {Figure | null} null: nothing to draw yet */
function figureOf(chart, state, scene) {
  const rows = chart.rows?.(state, scene) ?? [];
  if (rows.length > 0) return { ...stacked(rows, state, scene), marks: chart.marks?.(state, scene) };
  const part = chart.plot?.(state, scene);
  return part ? single(part, scene.palette) : null;
}

/** @param {State} state @param {Palette} palette @param {Translate} t @returns {Scene} */
const sceneOf = (state, palette, t) => ({ palette, t, width: plotWidth(state.width) });

/**
 * All rows on screen as one figure, for a picture file; of plots that share no axis, the first.
 * @param {Chart[]} charts @param {State} state @param {Palette} palette @param {Translate} t @returns {Figure | null}
 */
export function wholeFigure(charts, state, palette, t) {
  const scene = sceneOf(state, palette, t);
  const rows = charts.flatMap((chart) => chart.rows?.(state, scene) ?? []);
  if (rows.length === 0) return charts.map((chart) => figureOf(chart, state, scene)).find(Boolean) ?? null;
  const marks = charts.flatMap((chart) => chart.marks?.(state, scene) ?? []);
  const figure = { ...stacked(rows, state, scene), marks };
  return { ...figure, layout: { ...figure.layout, shapes: cursorShapes(figure, state, palette) } };
}

/**
 * The values that a chart depends on: it is drawn anew when one of them has changed.
 * @param {Chart} chart @param {State} state
 */
const shownOf = ({ answer, dependsOn }, state) => [
  ...SHOWN.map((name) => state[name]),
  ...(answer ? [answerOf(state, answer).answer] : []),
  ...(dependsOn?.(state) ?? []),
];

/** @param {HTMLElement} element @param {Chart} chart @param {PlotEvents} on */
export function createChart(element, chart, on) {
  /** @type {Figure | null} */
  let figure = null;
  /** @type {unknown[]} */
  let drawn = [];
  /** @type {Point | null} */
  let marked = null;
  return (/** @type {State} */ state, /** @type {Palette} */ palette, /** @type {Translate} */ t) => {
    const shown = shownOf(chart, state);
    const point = cursorOf(state);
    if (shown.some((value, index) => !Object.is(value, drawn[index]))) {
      const next = figureOf(chart, state, sceneOf(state, palette, t));
      drawn = shown;
      if (!next) return;
      draw(element, next, cursorShapes(next, point, palette));
      if (!figure) listen(element, on);
      figure = next;
    } else if (figure && (marked?.time !== point.time || marked.unit !== point.unit)) {
      moveCursor(element, cursorShapes(figure, point, palette));
    }
    marked = point;
  };
}
