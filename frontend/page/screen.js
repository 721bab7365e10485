/** Draws the page after a change of the state, without the parts that the change does not touch. */

/** @import {Form} from "../controls/form.js" */
/** @import {State} from "../state/state.js" */
/** @import {createTour} from "../tour/tour.js" */
/** @import {PlayerActions} from "./player/player.js" */
/** @import {Surroundings} from "./surroundings.js" */
import { render } from "../base/dom.js";
import { sameBut } from "../state/selectors.js";
import { createGuide } from "../tour/guide.js";
import { createCanvas } from "./canvas/canvas.js";
import * as player from "./player/player.js";
import { createSurroundings } from "./surroundings.js";

/** A step of the cursor changes only these, and must be quick. */
const CURSOR = /** @type {(keyof State)[]} */ (["time", "unit", "hover"]);
/** A change of only these changes nothing around the plots. */
const INSIDE = /** @type {(keyof State)[]} */ ([...CURSOR, "answers", "silencing"]);

/**
 * @typedef {object} Actions  what can be done on the page, by its parts
 * @property {Surroundings} surroundings
 * @property {PlayerActions} player
 * @property {ReturnType<typeof createTour>} tour
 * @property {Parameters<typeof createCanvas>[1]} canvas
 */

/**
 * @param {(id: string) => HTMLElement} element @param {Actions} actions
 * @param {Partial<State>} firstView  of the page
 * @returns {(form: Form, before: State) => void}  before: the same state where the page is drawn for the first time
 */
export function createScreen(element, actions, firstView) {
  const showSurroundings = createSurroundings(element, actions.surroundings);
  const showTour = createGuide(
    element("tour"),
    /** @type {HTMLElement} */ (document.querySelector("footer")),
    actions.tour,
    firstView,
  );
  const showCanvas = createCanvas(element, actions.canvas);

  return (form, before) => {
    const { state } = form;
    const isFirst = state === before;
    if (isFirst || !sameBut(INSIDE, state, before)) showSurroundings(form);
    render(element("player"), player.bar({ ...form, ...actions.player }));
    showTour(form, before);
    showCanvas(form, before, !isFirst && sameBut(CURSOR, state, before));
  };
}
