/** Leads through the tour: the card of its stop, what it points at, and where the focus goes. */

/** @import {Form} from "../controls/form.js" */
/** @import {State} from "../state/state.js" */
import { render } from "../base/dom.js";
import * as card from "./card.js";
import { createPointer } from "./pointer.js";
import { HELD, isElsewhere, isStrayed, STOPS, stopOf, told } from "./stops.js";

/**
 * @param {HTMLElement} element  where the card stands
 * @param {HTMLElement} footer  above which all is in sight
 * @param {ReturnType<typeof import("./tour.js").createTour>} tour
 * @param {Partial<State>} firstView  of the page
 * @returns {(form: Form, before: State) => void}
 */
export function createGuide(element, footer, tour, firstView) {
  const point = createPointer(footer);
  return (form, before) => {
    const { state } = form;
    const stop = stopOf(state.tour);
    const guide = stop && {
      name: stop.name,
      number: state.tour ?? 1,
      stops: STOPS.length,
      told: told(state),
      value: HELD,
      isStrayed: isStrayed(state, firstView),
      wasElsewhere: state.beforeTour !== null && isElsewhere(state.beforeTour, firstView),
      ...tour,
    };
    render(element, guide && card.card(form, guide));
    if (!stop && before.tour === null) return;
    const isNew = state.tour !== before.tour || state === before;
    requestAnimationFrame(() => {
      const isLed = stop && !guide?.isStrayed;
      point(isLed ? state.tour : null, isLed ? stop.points : []); // which is drawn by then
      if (isNew) moveFocus(state.tour);
    });
  };
}

/** Onto the card when it comes, and back to where it is begun when it goes. @param {number | null} stop */
function moveFocus(stop) {
  if (document.activeElement?.closest("#tour")) return;
  const where =
    stop === null
      ? (document.getElementById("tour-start") ?? document.querySelector("#toolbar #help"))
      : document.getElementById("tour-title");
  if (stop !== null || document.activeElement === document.body) /** @type {HTMLElement | null} */ (where)?.focus();
}
