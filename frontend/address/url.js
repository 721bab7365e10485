/** The page's state in its address. Raw data never goes there. */

/** @import {State} from "../state/state.js" */
import { readProperties, writeProperties } from "../state/address.js";
import { dataOf } from "../state/raw_data.js";
import { storedOf } from "../state/selectors.js";
import { viewOf } from "../tour/stops.js";
import { FIRST_VIEW, IN_ADDRESS } from "./properties.js";

/**
 * What an address says, on top of the defaults, which are the stop's where it names one of the tour; what it says wrongly
 * is named, not silently mended.
 * @param {string} search @returns {{values: Partial<State>, refused: string[]}}
 */
export function read(search) {
  const { values, refused } = readProperties(IN_ADDRESS, search);
  return { values: { ...FIRST_VIEW, ...viewOf(values.tour ?? null), ...values }, refused };
}

/**
 * The address of a state: only what differs from the defaults.
 * @param {State} state
 * @param {Partial<State>} [preferences]
 */
export function write(state, preferences = {}) {
  const named = { ...state, awaited: dataOf(state), storedName: nameOf(state) };
  const text = writeProperties(IN_ADDRESS, named, { ...FIRST_VIEW, ...viewOf(state.tour), ...preferences });
  return text && `?${text}`;
}

/** How who opens the address finds the model, should it not be stored there. @param {State} state */
const nameOf = (state) => (state.model === "stored" ? (storedOf(state)?.name ?? state.storedName) : null);
