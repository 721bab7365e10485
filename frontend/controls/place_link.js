/** A link to a place in the run: a step, a unit, or both. */

/** @import {Form} from "./form.js" */
/** @import {State} from "../state/state.js" */
import { h } from "../base/dom.js";

/**
 * @param {Form} form
 * @param {Partial<State>} place
 * @param {string} text
 * @param {boolean} [isChosen]  where that is to be seen
 */
export function placeLink({ set }, place, text, isChosen) {
  const pressed = isChosen === undefined ? {} : { "aria-pressed": String(isChosen) };
  const onclick = () => set({ ...place, hover: null });
  return h("button", { type: "button", class: "quiet", onclick, ...pressed }, text);
}
