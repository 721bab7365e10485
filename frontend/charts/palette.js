/** The colours of the charts, read from styles/colours.css once for each theme. */

/** @import {Quantity} from "../state/choices.js" */
/** @import {State} from "../state/state.js" */
import { QUANTITIES } from "../state/choices.js";

/** @typedef {string | [place: number, colour: string][]} Scale  of a heatmap */
/**
 * @typedef {object} Palette
 * @property {State["theme"]} scheme
 * @property {string} ink
 * @property {string} muted
 * @property {string} line
 * @property {string} surface
 * @property {string} accent
 * @property {Record<Quantity, string>} quantities  of their lines
 * @property {string[]} series  of lines that belong to no quantity
 * @property {[place: number, colour: string][]} diverging  from below zero to above, the page's own ground at zero
 */

const SERIES = [
  "forget-gate",
  "input-gate",
  "output-gate",
  "candidate",
  "cell-state",
  "hidden-state",
  "seventh",
  "eighth",
];
const STOPS = [0, 0.25, 0.5, 0.75, 1];
/** For numbers without a sign. */
export const SEQUENTIAL = "Cividis";

/** @returns {(scheme: State["theme"]) => Palette} of the theme that is shown */
export function createPalette() {
  /** @type {Palette | undefined} */
  let palette;
  return (scheme) => {
    if (palette?.scheme !== scheme) palette = read(scheme);
    return palette;
  };
}

/** @param {State["theme"]} scheme @returns {Palette} */
function read(scheme) {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    scheme,
    ink: colour("ink"),
    muted: colour("muted"),
    line: colour("line"),
    surface: colour("surface"),
    accent: colour("accent"),
    quantities: /** @type {Palette["quantities"]} */ (
      Object.fromEntries(QUANTITIES.map((name) => [name, colour(name.replace("_", "-"))]))
    ),
    series: SERIES.map(colour),
    diverging: STOPS.map((place, index) => [place, colour(`diverging-${index}`)]),
  };
}

/**
 * The scale for these bounds: diverging where there are numbers below zero.
 * @param {Palette} palette @param {[number, number]} bounds @returns {Scale}
 */
export const scaleOf = ({ diverging }, [least]) => (least < 0 ? diverging : SEQUENTIAL);
