/** Rows that share the time axis, stacked into one Plotly figure. */

/** @import {Palette} from "./palette.js" */
/** @import {Trace} from "./traces.js" */
import { wholeTicks } from "./axes.js";
import { legendOf } from "./legend.js";
import { isHeatmap } from "./traces.js";

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} symbol  stands before the title
 * @property {string} title
 * @property {boolean} [legend]  whether the names of its traces stand beside its title, above it or in its place
 * @property {number} height  in CSS pixels
 * @property {Trace[]} traces  a heatmap's colour bar is placed here
 * @property {Record<string, any>} yaxis
 */
/**
 * @typedef {object} Part  a plot with axes of its own
 * @property {number} height  of the plot in CSS pixels
 * @property {Trace[]} traces  a point of a trace with `meta: "units"` stands for the unit in its customdata
 * @property {Record<string, any>} xaxis
 * @property {Record<string, any>} yaxis
 * @property {any[]} [shapes]
 * @property {Record<string, number>} [margin]  where it needs another than charts have
 */
/** @typedef {{data: any[], layout: any, marks?: any[]}} Figure  marks: shapes that stay below the cursor */
/**
 * @typedef {object} Frame  what all rows of a figure share
 * @property {Palette} palette
 * @property {number} width  of the plot in CSS pixels
 * @property {number} steps  of the run
 * @property {[number, number] | null} zoom
 * @property {string} timeTitle
 */

const MARGIN = { left: 44, right: 58, top: 6, bottom: 40 };
const TITLE = 22; // pixels of a line above a row: of its title or its legend
/** The width of the plot inside a container. @param {number} width */
export const plotWidth = (width) => width - MARGIN.left - MARGIN.right;

/** @param {Row[]} rows from top to bottom @param {Frame} frame @returns {Figure} */
export function stack(rows, frame) {
  const heads = rows.map((row) => legendOf(row, frame.width));
  const above = heads.map(({ lines, isBeside }) => TITLE * (isBeside ? Math.max(1, lines) : lines + 1));
  const inner = rows.reduce((sum, row, index) => sum + row.height + Number(above[index]), 0);
  /** @type {Figure} */
  const figure = { data: [], layout: { ...layoutOf(frame, inner), meta: { rows: rows.map(({ id }) => id) } } };
  let below = inner;
  rows.forEach((row, index) => {
    const head = Number(above[index]);
    const top = (below - head) / inner;
    const bottom = Math.max(0, (below - head - row.height) / inner);
    const last = index === rows.length - 1;
    const suffix = index === 0 ? "" : String(index + 1);
    figure.layout[`xaxis${suffix}`] = xaxis(frame, suffix, last);
    figure.layout[`yaxis${suffix}`] = { ...yaxis(frame), ...row.yaxis, domain: [bottom, top] };
    figure.layout.annotations.push(...titleOf(row, top));
    const legend = `legend${suffix}`;
    const isBeside = Boolean(heads[index]?.isBeside);
    if (row.legend) figure.layout[legend] = legendAt(row, isBeside, isBeside ? top : top + TITLE / inner);
    const named = row.legend ? { legend, showlegend: true } : { showlegend: false };
    figure.data.push(...row.traces.map((trace) => placed({ ...trace, ...named }, suffix, [bottom, top], frame)));
    below -= head + row.height;
  });
  return figure;
}

/** @param {Part} part @param {Palette} palette @returns {Figure} */
export function single({ height, traces, xaxis: x, yaxis: y, shapes = [], margin }, palette) {
  const layout = layoutOf({ palette }, height);
  const usual = {
    showgrid: true,
    zeroline: false,
    linecolor: palette.line,
    tickfont: { color: palette.muted, size: 11 },
  };
  const axis = (/** @type {Record<string, any>} */ own) => ({
    ...usual,
    gridcolor: palette.line,
    fixedrange: true, // the zoom is of the time axis, which this plot has not
    ...own,
    ...(own.title && { title: { standoff: 6, font: { size: 12, color: palette.muted }, ...own.title } }),
  });
  return {
    data: traces,
    layout: {
      ...layout,
      margin: { ...layout.margin, ...margin },
      showlegend: traces.some(({ name }) => name),
      xaxis: axis(x),
      yaxis: axis(y),
      meta: { shapes },
    },
  };
}

/** @param {Pick<Frame, "palette">} frame @param {number} inner */
function layoutOf({ palette }, inner) {
  return {
    height: inner + MARGIN.top + MARGIN.bottom,
    margin: { l: MARGIN.left, r: MARGIN.right, t: MARGIN.top, b: MARGIN.bottom },
    paper_bgcolor: palette.surface,
    plot_bgcolor: palette.surface,
    font: { family: "system-ui, sans-serif", size: 12, color: palette.ink },
    hovermode: "closest",
    hoverlabel: { bgcolor: palette.surface, bordercolor: palette.muted, font: { color: palette.ink } },
    showlegend: true,
    uirevision: "constant",
    annotations: /** @type {any[]} */ ([]),
  };
}

/** @param {Frame} frame @param {string} suffix @param {boolean} last */
function xaxis({ palette, steps, zoom, timeTitle }, suffix, last) {
  const [first, final] = zoom ?? [0, steps - 1];
  return {
    range: [first - 0.5, final + 0.5],
    minallowed: -0.5,
    maxallowed: steps - 0.5,
    anchor: `y${suffix}`,
    ...(suffix && { matches: "x" }),
    showgrid: false,
    zeroline: false,
    linecolor: palette.line,
    tickcolor: palette.line,
    tickfont: { color: palette.muted, size: 11 },
    ...wholeTicks(final - first),
    showticklabels: last,
    ticks: last ? "outside" : "",
    ...(last && { title: { text: timeTitle, standoff: 6, font: { size: 12, color: palette.muted } } }),
  };
}

/** @param {Frame} frame */
function yaxis({ palette }) {
  return {
    fixedrange: true,
    showgrid: false,
    zeroline: false,
    gridcolor: palette.line,
    zerolinecolor: palette.muted,
    linecolor: palette.line,
    tickfont: { color: palette.muted, size: 10 },
    nticks: 4,
  };
}

/**
 * Symbol and title as two annotations: tags inside one text would become inline styles, which the page forbids.
 * @param {Row} row @param {number} top
 */
function titleOf({ symbol, title }, top) {
  const place = {
    xref: "paper",
    yref: "paper",
    x: 0,
    y: top,
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
    borderpad: 1,
  };
  const bold = { ...place, text: symbol, font: { size: 13, weight: 700 } };
  return [bold, { ...place, text: title, xshift: symbol ? 18 : 0, font: { size: 12.5 } }].filter(
    ({ text }) => text !== "",
  );
}

/**
 * Where the legend stands: beside the title, above it, or in its place.
 * @param {Row} row @param {boolean} isBeside @param {number} y
 */
function legendAt({ title }, isBeside, y) {
  const [x, xanchor] = isBeside && title !== "" ? [1, "right"] : [0, "left"];
  return {
    orientation: "h",
    x,
    xanchor,
    y,
    yanchor: "bottom",
    bgcolor: "rgba(0,0,0,0)",
    font: { size: 12 },
    tracegroupgap: 0,
  };
}

/** @param {Trace} trace @param {string} suffix @param {number[]} domain @param {Frame} frame */
function placed(trace, suffix, [bottom = 0, top = 1], { palette }) {
  const axes = { xaxis: `x${suffix}`, yaxis: `y${suffix}` };
  if (!isHeatmap(trace)) return { ...trace, ...axes };
  const bar = { len: top - bottom, y: (top + bottom) / 2, yanchor: "middle", x: 1.008, xanchor: "left" };
  const look = { thickness: 8, outlinewidth: 0, ypad: 0, xpad: 0, tickfont: { size: 10, color: palette.muted } };
  return { ...trace, ...axes, colorbar: { ...look, ...bar, ...trace.colorbar } };
}

/**
 * The cursor: a line through all rows, and a frame around the unit in each heatmap of units.
 * @param {Figure} figure @param {{time: number, unit: number}} point @param {Palette} palette
 */
export function cursorShapes({ data, layout, marks = [] }, { time, unit }, palette) {
  if (layout.meta?.shapes) return layout.meta.shapes;
  const across = { type: "line", xref: "x", yref: "paper", x0: time, x1: time, y0: 0, y1: 1 };
  const acrossSteps = data
    .filter((trace) => trace.meta === "steps")
    .map((trace) => ({
      ...{ type: "line", xref: "paper", yref: trace.yaxis, x0: 0, x1: 1, y0: time, y1: time },
      line: { color: palette.accent, width: 1.5, dash: "dot" },
    }));
  const frames = data
    .filter((trace) => isHeatmap(trace) && trace.meta === undefined)
    .map((trace) => ({
      type: "rect",
      xref: "paper",
      yref: trace.yaxis,
      x0: 0,
      x1: 1,
      y0: unit - 0.5,
      y1: unit + 0.5,
      line: { color: palette.accent, width: 1.5 },
    }));
  return [
    ...marks,
    ...frames,
    ...acrossSteps,
    { ...across, line: { color: palette.surface, width: 4 }, opacity: 0.55 },
    { ...across, line: { color: palette.accent, width: 1.5 } },
  ];
}
