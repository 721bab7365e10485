/** The page's state in its address, by one table of typed properties. Raw data never goes there. */

/** @import {Type} from "./address_types.js" */
import { flag, integer, integers, number, numbersByName, oneOf, path, range, someOf, word } from "./address_types.js";
import { GATES } from "./cell.js";
import { LANGUAGES } from "./i18n.js";
/** @import {State} from "./state.js" */
import {
  DEFAULTS,
  DIRECTIONS,
  HYPOTHESES,
  INITIALISATIONS,
  MODELS,
  QUANTITIES,
  SCALINGS,
  SOURCES,
  TASKS,
} from "./state.js";
import { TABS } from "./tabs.js";
import { STOPS, viewOf } from "./tour.js";

/** What only one tab knows of. */
const OPTIONS = TABS.flatMap(({ options = [] }) => options);

/** @type {{property: keyof State, key: string, type: Type}[]} */
export const PROPERTIES = [
  { property: "source", key: "source", type: oneOf(SOURCES) },
  { property: "task", key: "task", type: oneOf(TASKS) },
  { property: "taskSeed", key: "task_seed", type: integer(0, 2 ** 32 - 1) },
  { property: "signal", key: "signal", type: word },
  { property: "steps", key: "steps", type: integer(1) },
  { property: "parameters", key: "parameters", type: numbersByName },
  { property: "signalSeed", key: "signal_seed", type: integer(0, 2 ** 32 - 1) },
  { property: "scaling", key: "scaling", type: oneOf(SCALINGS) },
  { property: "columns", key: "columns", type: integers },
  { property: "model", key: "model", type: oneOf(MODELS) },
  { property: "stored", key: "id", type: word },
  { property: "lstm", key: "lstm", type: path },
  { property: "front", key: "front", type: path },
  { property: "readOut", key: "read_out", type: path },
  { property: "softmax", key: "softmax", type: flag },
  { property: "hiddenSize", key: "hidden_size", type: integer(1) },
  { property: "initialisation", key: "initialisation", type: oneOf(INITIALISATIONS) },
  { property: "forgetBias", key: "forget_bias", type: number },
  { property: "seed", key: "seed", type: integer(0, 2 ** 32 - 1) },
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
  parameters: {},
  columns: null,
  stored: null,
  lstm: null,
  front: null,
  readOut: null,
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
  const parts = new URLSearchParams(search);
  /** @type {Record<string, any>} */
  const values = { ...URL_DEFAULTS, ...viewOf(Number(parts.get("tour"))) };
  const refused = [];
  for (const [key, text] of parts) {
    const row = PROPERTIES.find((candidate) => candidate.key === key);
    const value = row?.type.read(text);
    if (row && value !== undefined) values[row.property] = value;
    else refused.push(key);
  }
  return { values, refused };
}

/** The address of a state: only what differs from the defaults. @param {State} state @param {Partial<State>} [preferences] */
export function write(state, preferences = {}) {
  const defaults = { ...URL_DEFAULTS, ...viewOf(state.tour), ...preferences };
  const search = new URLSearchParams();
  for (const { property, key, type } of PROPERTIES) {
    const value = state[property];
    if (value === null || value === undefined) continue;
    const text = type.write(value);
    const usual = defaults[property];
    if (text !== "" && (usual === null || usual === undefined || text !== type.write(usual))) search.set(key, text);
  }
  const text = search.toString();
  return text && `?${text}`;
}
