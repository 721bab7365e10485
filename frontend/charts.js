/** Draws the two charts when what they show has changed, and moves only their cursor when nothing else has. */

/** @import {Figure, Palette, Row} from "./figure.js" */
/** @import {Point, State} from "./state.js" */
/** @import {Translate} from "./i18n.js" */
import { fit } from "./downsample.js";
import { cursorShapes, plotWidth, stack } from "./figure.js";
import { draw, listen, moveCursor } from "./plot.js";
import { cursorOf, layerOf } from "./state.js";
import * as gates from "./views/gates.js";
import * as lines from "./views/lines.js";
import * as output from "./views/output.js";
import * as quantity from "./views/quantity.js";
import * as sequence from "./views/sequence.js";

/** The properties that a chart is drawn from; the cursor is none of them. */
const SHOWN = /** @type {const} */ (["run", "layer", "direction", "zoom", "theme", "language", "width"]);
const OF_GATES = /** @type {(keyof State)[]} */ ([...SHOWN]);
const OF_LINES = /** @type {(keyof State)[]} */ ([...SHOWN, "lines", "quantity", "units"]);

/** @param {State} state @returns {[number, number]} first and last step on screen */
export const shownSteps = ({ zoom, run }) => zoom ?? [0, (run?.sequence.steps ?? 1) - 1];

/**
 * The rows as one figure with no more cells than pixels; where a cell stands for several, the time axis says so.
 * @param {Row[]} rows @param {State} state @param {Palette} palette @param {Translate} t @returns {Figure}
 */
function figureOf(rows, state, palette, t) {
  const { rows: fitted, block } = fit(rows, shownSteps(state), plotWidth(state.width));
  const several = [
    t("plot.time"),
    ...(block.steps > 1 ? [t("plot.columns", { steps: block.steps })] : []),
    ...(block.units > 1 ? [t("plot.rows", { units: block.units })] : []),
  ];
  const steps = state.run?.sequence.steps ?? 1;
  return stack(fitted, { palette, zoom: state.zoom, steps, timeTitle: several.join(" · ") });
}

/** @param {State} state @param {Palette} palette @param {Translate} t @returns {Row[]} */
function gatesRows(state, palette, t) {
  const layer = layerOf(state);
  if (!state.run || !layer) return [];
  return [
    ...sequence.rows(state.run, shownSteps(state), plotWidth(state.width), palette, t),
    ...quantity.rows(state.run, layer, state, palette, t),
    ...gates.rows(layer, palette, t),
    ...output.rows(state.run, shownSteps(state), palette, t),
  ];
}

/** @param {State} state @param {Palette} palette @param {Translate} t @returns {Row[]} */
function linesRows(state, palette, t) {
  const layer = layerOf(state);
  return layer ? lines.rows({ layer, palette, t, width: plotWidth(state.width) }, state) : [];
}

/** All that is on screen as one figure, for a picture of it. @param {State} state @param {Palette} palette @param {Translate} t */
export function wholeFigure(state, palette, t) {
  const figure = figureOf([...gatesRows(state, palette, t), ...linesRows(state, palette, t)], state, palette, t);
  return { ...figure, layout: { ...figure.layout, shapes: cursorShapes(figure, state, palette) } };
}

/**
 * @param {HTMLElement} element @param {(state: State, palette: Palette, t: Translate) => Row[]} rowsOf
 * @param {(state: State, before: State) => boolean} isStale
 * @param {Parameters<typeof listen>[1]} on
 */
function createChart(element, rowsOf, isStale, on) {
  /** @type {Figure | null} */
  let figure = null;
  /** @type {Point | null} */
  let marked = null;
  return (
    /** @type {State} */ state,
    /** @type {State} */ before,
    /** @type {Palette} */ palette,
    /** @type {Translate} */ t,
  ) => {
    if (!state.run) return;
    const point = cursorOf(state);
    if (!figure || isStale(state, before)) {
      const first = !figure;
      figure = figureOf(rowsOf(state, palette, t), state, palette, t);
      draw(element, figure, cursorShapes(figure, point, palette));
      if (first) listen(element, on);
    } else if (marked?.time !== point.time || marked.unit !== point.unit) {
      moveCursor(element, cursorShapes(figure, point, palette));
    }
    marked = point;
  };
}

/** @param {(keyof State)[]} names */
const changed = (names) => (/** @type {State} */ state, /** @type {State} */ before) =>
  names.some((name) => state[name] !== before[name]);

/** What a task keeps is drawn with its correlation with the unit. @param {HTMLElement} element @param {Parameters<typeof listen>[1]} on */
export function createGatesChart(element, on) {
  const general = changed(OF_GATES);
  const isStale = (/** @type {State} */ state, /** @type {State} */ before) =>
    general(state, before) || (Boolean(state.run?.sequence.quantity) && state.unit !== before.unit);
  return createChart(element, gatesRows, isStale, on);
}

/** @param {HTMLElement} element @param {Parameters<typeof listen>[1]} on */
export function createLinesChart(element, on) {
  const general = changed(OF_LINES);
  const isStale = (/** @type {State} */ state, /** @type {State} */ before) =>
    general(state, before) || (state.lines === "unit" && state.unit !== before.unit);
  return createChart(element, linesRows, isStale, on);
}
