/** When something is held: a bar for each intervention over time, and its steps marked across the other rows. */

/** @import {Palette, Row} from "../../charts/figure.js" */
/** @import {Intervention, State} from "../../state/state.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { decimal } from "../../base/i18n.js";
import { LOOK } from "../../charts/look.js";
import { writeUnits } from "./interventions.js";

const BAR = 14; // CSS pixels
const MOST_BARS = 12;

/** @param {State} state @returns {(Intervention & {last: number})[]} those that are on and begin within the sequence */
const shown = ({ interventions, run }) => {
  const end = (run?.sequence.steps ?? 1) - 1;
  return interventions
    .filter(({ off, first }) => !off && first <= end)
    .map((held) => ({ ...held, last: Math.min(held.last ?? end, end) }));
};

/** @param {State} state @param {{palette: Palette, t: Translate}} scene @returns {Row[]} */
export function rows(state, { palette, t }) {
  const bars = shown(state).slice(0, MOST_BARS);
  if (bars.length === 0) return [];
  const named = bars.map(
    ({ quantity, units }) => `${LOOK[quantity].symbol} ${short(writeUnits(units) || t("whatif.all"))}`,
  );
  const traces = bars.map(({ quantity, units, value, first, last }, index) => ({
    type: "scatter",
    mode: "lines",
    x: [first - 0.5, last + 0.5],
    y: [index, index],
    line: { width: BAR - 5, color: palette.accent },
    hovertemplate: `${t("whatif.hover", { quantity: t(`quantity.${quantity}`), units: writeUnits(units) || t("whatif.all"), value: decimal(value) })}<extra></extra>`,
  }));
  return [
    {
      id: "held",
      symbol: "",
      title: t("whatif.held"),
      height: BAR * bars.length,
      traces,
      yaxis: { range: [bars.length - 0.5, -0.5], tickvals: named.map((_, index) => index), ticktext: named },
    },
  ];
}

/** As much of a list of units as stands beside a bar. @param {string} text */
const short = (text) => (text.length > 4 ? `${text.slice(0, 3)}…` : text);

/** The steps at which something is held, and dotted where that begins and ends. @param {State} state @param {Palette} palette */
export function marks(state, { accent }) {
  const stretches = new Map(shown(state).map(({ first, last }) => [`${first}-${last}`, [first - 0.5, last + 0.5]]));
  const shape = { xref: "x", yref: "paper", y0: 0, y1: 1 };
  return [...stretches.values()].flatMap(([x0, x1]) => [
    { ...shape, type: "rect", x0, x1, layer: "below", fillcolor: accent, opacity: 0.1, line: { width: 0 } },
    ...[x0, x1].map((x) => ({ ...shape, type: "line", x0: x, x1: x, line: { color: accent, width: 1, dash: "dot" } })),
  ]);
}
