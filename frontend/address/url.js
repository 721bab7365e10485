/** The state as the address of the page, without raw data. */

/** @import {State} from "../state/state.js" */
import { readProperties, writeProperties } from "../state/address.js";
import { dataOf } from "../state/raw_data.js";
import { storedOf } from "../state/selectors.js";
import { viewOf } from "../tour/stops.js";
import { FIRST_VIEW, IN_ADDRESS } from "./all_properties.js";

/**
 * The values in an address, on top of the defaults or of the view of a stop of the tour; and the keys of values that
 * are not allowed.
 * @param {string} search @returns {{values: Partial<State>, refused: string[]}}
 */
export function read(search) {
  const { values, refused } = readProperties(IN_ADDRESS, search);
  return { values: { ...FIRST_VIEW, ...viewOf(values.tour ?? null), ...values }, refused };
}

/**
 * The address of a state, without what is as in the defaults.
 * @param {State} state @param {Partial<State>} [preferences]
 */
export function write(state, preferences = {}) {
  const values = { ...state, awaited: dataOf(state), storedName: nameOf(state) };
  const text = writeProperties(IN_ADDRESS, values, { ...FIRST_VIEW, ...viewOf(state.tour), ...preferences });
  return text && `?${text}`;
}

/** The name of the stored model, by which a reader finds it who does not have it. @param {State} state */
const nameOf = (state) => (state.model === "stored" ? (storedOf(state)?.name ?? state.storedName) : null);
