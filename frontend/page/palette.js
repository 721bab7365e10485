/** The colours of the charts, read from the style sheet, once for each theme. */

/** @import {Palette} from "../charts/figure.js" */
/** @import {State} from "../state/state.js" */

const SERIES = 8;

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
    series: Array.from({ length: SERIES }, (_, index) => colour(`series-${index}`)),
  };
}
