/** The keyboard, as one table. */

/**
 * @typedef {object} KeyActions
 * @property {(steps: number) => void} move
 * @property {(time: number) => void} goTo
 * @property {(units: number) => void} moveUnit
 * @property {(factor: number) => void} zoomBy
 * @property {() => void} play
 * @property {() => void} help
 * @property {() => void} leave  the tour
 */

/** @type {Record<string, (actions: KeyActions, shift: boolean) => void>} */
const KEYS = {
  ArrowLeft: ({ move }, shift) => move(shift ? -10 : -1),
  ArrowRight: ({ move }, shift) => move(shift ? 10 : 1),
  ArrowUp: ({ moveUnit }) => moveUnit(-1),
  ArrowDown: ({ moveUnit }) => moveUnit(1),
  Home: ({ goTo }) => goTo(0),
  End: ({ goTo }) => goTo(Infinity),
  " ": ({ play }) => play(),
  "+": ({ zoomBy }) => zoomBy(0.5),
  "=": ({ zoomBy }) => zoomBy(0.5),
  "-": ({ zoomBy }) => zoomBy(2),
  0: ({ zoomBy }) => zoomBy(Infinity),
  "?": ({ help }) => help(),
  Escape: ({ leave }) => leave(),
};

const TABS_TAKE = ["ArrowLeft", "ArrowRight", "Home", "End"];

/** Whether the focused element uses the key itself. @param {KeyboardEvent} event */
function isTaken({ key, target, ctrlKey, metaKey, altKey }) {
  const element = /** @type {HTMLElement} */ (target);
  if (ctrlKey || metaKey || altKey || element.closest("dialog")) return true;
  if (element.matches("textarea, select, input:not([type=range], [type=checkbox])")) return true;
  if (element.closest("[role=tablist]") && TABS_TAKE.includes(key)) return true;
  if (key === "Escape") return document.querySelector(":popover-open") !== null;
  return key === " " && element.matches("button, a, label, summary, input[type=checkbox]");
}

/** @param {Document} page @param {KeyActions} actions */
export function listenToKeys(page, actions) {
  page.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || isTaken(event)) return;
    event.preventDefault();
    act(actions, event.shiftKey);
  });
}
