/** The page's state in its address, by one table of typed properties. Raw data never goes there. */

import { LANGUAGES } from "../base/i18n.js";
/** @import {Property} from "../state/address.js" */
import { INPUT_DEFAULTS, INPUT_PROPERTIES, readProperties, writeProperties } from "../state/address.js";
import { flag, integer, integers, oneOf, path, range, someOf, word } from "../state/address_types.js";
import { dataOf } from "../state/raw_data.js";
/** @import {State} from "../state/state.js" */
import { DEFAULTS, DIRECTIONS, HYPOTHESES, QUANTITIES, storedOf } from "../state/state.js";
import { GATES } from "../step/cell.js";
import { TABS } from "../tabs/tabs.js";
import { STOPS, viewOf } from "../tour/stops.js";

/** What only one tab knows of. */
const OPTIONS = TABS.flatMap(({ options = [] }) => options);

/** @type {Property[]} */
export const PROPERTIES = [
  ...INPUT_PROPERTIES,
  { property: "awaited", key: "data", type: word },
  { property: "storedName", key: "model_name", type: path },
  { property: "time", key: "time", type: integer(0) },
  { property: "unit", key: "unit", type: integer(0) },
  { property: "layer", key: "layer", type: integer(0) },
  { property: "direction", key: "direction", type: oneOf(DIRECTIONS) },
  { property: "zoom", key: "zoom", type: range },
  { property: "lines", key: "lines", type: oneOf(["unit", "quantity"]) },
  { property: "quantity", key: "quantity", type: oneOf(QUANTITIES) },
  { property: "units", key: "units", type: integers },
  { property: "rankingOpen", key: "ranking", type: flag },
  { property: "hypothesis", key: "hypothesis", type: oneOf(HYPOTHESES) },
  { property: "tab", key: "tab", type: oneOf(TABS.map(({ name }) => name)) },
  { property: "pushed", key: "pushed", type: someOf(GATES) },
  { property: "pushedWhole", key: "all_pushes", type: someOf(GATES) },
  ...OPTIONS,
  { property: "tour", key: "tour", type: integer(1, STOPS.length) },
  { property: "language", key: "language", type: oneOf(LANGUAGES) },
  { property: "theme", key: "theme", type: oneOf(["light", "dark"]) },
];

/** @type {Partial<State>} */
export const URL_DEFAULTS = {
  ...DEFAULTS,
  ...INPUT_DEFAULTS,
  awaited: null,
  storedName: null,
  zoom: null,
  units: [0, 1, 2, 3],
  tour: null,
  pushed: ["forget_gate"],
  pushedWhole: [],
  ...Object.fromEntries(OPTIONS.map(({ property, usual }) => [property, usual])),
};

/**
 * What an address says, on top of the defaults, which are the stop's where it names one of the tour; what it says wrongly
 * is named, not silently mended.
 * @param {string} search @returns {{values: Partial<State>, refused: string[]}}
 */
export function read(search) {
  const { values, refused } = readProperties(PROPERTIES, search);
  return { values: { ...URL_DEFAULTS, ...viewOf(values.tour ?? null), ...values }, refused };
}

/** The address of a state: only what differs from the defaults. @param {State} state @param {Partial<State>} [preferences] */
export function write(state, preferences = {}) {
  const named = { ...state, awaited: dataOf(state), storedName: nameOf(state) };
  const text = writeProperties(PROPERTIES, named, { ...URL_DEFAULTS, ...viewOf(state.tour), ...preferences });
  return text && `?${text}`;
}

/** How who opens the address finds the model, should it not be stored there. @param {State} state */
const nameOf = (state) => (state.model === "stored" ? (storedOf(state)?.name ?? state.storedName) : null);
