/** The choice of one of the six quantities. */

/** @import {Form} from "./form.js" */
import { h } from "../base/dom.js";
import { QUANTITIES } from "../state/choices.js";

/** @param {Form} form @param {string} id @param {string} [label]  where no label element names it */
export function quantitySelect({ t, state, set }, id, label) {
  const options = QUANTITIES.map((name) => h("option", { value: name }, t(`quantity.${name}`)));
  const onchange = (/** @type {any} */ event) => set({ quantity: event.target.value });
  return h("select", { id, "aria-label": label, value: state.quantity, onchange }, options);
}
