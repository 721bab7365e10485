/** The interventions over time: a bar for each, and its steps marked across the other rows. */

/** @import {Scene} from "../../charts/charts.js" */
/** @import {Row} from "../../charts/figure.js" */
/** @import {Intervention, State} from "../../state/state.js" */
import { decimal } from "../../base/i18n.js";
import { namesAxis } from "../../charts/axes.js";
import { LOOK } from "../../charts/look.js";
import * as traces from "../../charts/traces.js";
import { writeUnits } from "./interventions.js";

const BAR = 14; // CSS pixels
const MOST_BARS = 12;

/**
 * The interventions that are on and begin within the sequence.
 * @param {State} state @returns {(Intervention & {last: number})[]}
 */
const shown = ({ interventions, run }) => {
  const end = (run?.sequence.steps ?? 1) - 1;
  return interventions
    .filter(({ off, first }) => !off && first <= end)
    .map((intervention) => ({ ...intervention, last: Math.min(intervention.last ?? end, end) }));
};

/** @param {State} state @param {Scene} scene @returns {Row[]} */
export function rows(state, { palette, t }) {
  const bars = shown(state)
    .slice(0, MOST_BARS)
    .map((bar) => ({ ...bar, named: writeUnits(bar.units) || t("whatif.all") }));
  if (bars.length === 0) return [];
  const drawn = bars.map(({ quantity, named: units, value, first, last }, index) =>
    traces.line([index, index], {
      x: [first - 0.5, last + 0.5],
      width: BAR - 5,
      color: palette.accent,
      hover: t("whatif.hover", { quantity: t(`quantity.${quantity}`), units, value: decimal(value) }),
    }),
  );
  return [
    {
      id: "held",
      symbol: "",
      title: t("whatif.held"),
      height: BAR * bars.length,
      traces: drawn,
      yaxis: namesAxis(bars.map(({ quantity, named }) => `${LOOK[quantity].symbol} ${short(named)}`)),
    },
  ];
}

/** As much of a list of units as fits beside a bar. @param {string} text */
const short = (text) => (text.length > 4 ? `${text.slice(0, 3)}…` : text);

/** The steps of the interventions, and dotted where they begin and end. @param {State} state @param {Scene} scene */
export function marks(state, { palette: { accent } }) {
  const stretches = new Map(shown(state).map(({ first, last }) => [`${first}-${last}`, [first - 0.5, last + 0.5]]));
  const shape = { xref: "x", yref: "paper", y0: 0, y1: 1 };
  return [...stretches.values()].flatMap(([x0, x1]) => [
    { ...shape, type: "rect", x0, x1, layer: "below", fillcolor: accent, opacity: 0.1, line: { width: 0 } },
    ...[x0, x1].map((x) => ({ ...shape, type: "line", x0: x, x1: x, line: { color: accent, width: 1, dash: "dot" } })),
  ]);
}
