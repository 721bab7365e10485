/** All properties of the state, in the order of an address: its own, and those of the rooms above it. */

/** @import {Property} from "../state/properties.js" */
import { LANGUAGES } from "../base/i18n.js";
import { integer, oneOf, someOf } from "../state/address_types.js";
import * as state from "../state/properties.js";
import { GATES } from "../step/cell.js";
import { TABS } from "../tabs/tabs.js";
import { STOPS } from "../tour/stops.js";

/** @type {Property[]} */
export const PROPERTIES = [
  ...state.PROPERTIES,
  { property: "tab", usual: "gates", key: "tab", type: oneOf(TABS.map(({ name }) => name)), isEntry: true },
  { property: "pushed", usual: ["forget_gate"], key: "pushed", type: someOf(GATES), isEntry: true },
  { property: "pushedWhole", usual: [], key: "all_pushes", type: someOf(GATES), isEntry: true },
  ...TABS.flatMap(({ options = [] }) => options.map((option) => ({ ...option, isEntry: true }))),
  { property: "tour", usual: null, key: "tour", type: integer(1, STOPS.length), isEntry: true },
  { property: "language", key: "language", type: oneOf(LANGUAGES) },
  { property: "theme", key: "theme", type: oneOf(["light", "dark"]) },
];

/** The state on a first visit. */
export const DEFAULTS = state.defaultsOf(PROPERTIES);

/** The properties that an address may hold. */
export const IN_ADDRESS = PROPERTIES.filter(({ key }) => key);
/** The part of a first visit that an address may tell. */
export const FIRST_VIEW = state.defaultsOf(IN_ADDRESS);
