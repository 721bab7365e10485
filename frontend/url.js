/** The page's state in its address, by one table of typed properties. Raw data never goes there. */

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

/** @typedef {{read: (text: string) => any, write: (value: any) => string}} Type  `read` gives undefined for what it refuses */

/** @param {number} minimum @param {number} [maximum] @returns {Type} */
const integer = (minimum, maximum = Number.MAX_SAFE_INTEGER) => ({
  read: (text) => (/^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum ? Number(text) : undefined),
  write: String,
});
/** @type {Type} */
const number = {
  read: (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined),
  write: String,
};
/** @param {readonly string[]} values @returns {Type} */
const oneOf = (values) => ({ read: (text) => (values.includes(text) ? text : undefined), write: String });
/** @type {Type} */
const word = { read: (text) => (/^\w{1,40}$/.test(text) ? text : undefined), write: String };
/** The dotted name of a part of a checkpoint. @type {Type} */
const path = { read: (text) => (/^[^\p{C}]{0,300}$/u.test(text) ? text : undefined), write: String };
/** @type {Type} */
const flag = { read: (text) => ({ yes: true, no: false })[text], write: (value) => (value ? "yes" : "no") };
/** @type {Type} */
const integers = {
  read: (text) => (/^\d+(-\d+)*$/.test(text) ? text.split("-").map(Number) : undefined),
  write: (/** @type {number[]} */ values) => values.join("-"),
};
/** @type {Type} */
const range = {
  read: (text) => {
    const [, first = "", last = ""] = /^(\d+)-(\d+)$/.exec(text) ?? [];
    return first !== "" && Number(first) < Number(last) ? [Number(first), Number(last)] : undefined;
  },
  write: (/** @type {number[]} */ values) => values.join("-"),
};
/** @type {Type} */
const numbersByName = {
  read: (text) => {
    const entries = text.split("_").map((entry) => /^(\w+?)~(-?[\d.e+-]+)$/.exec(entry.replaceAll("*", "_")));
    if (!entries.every((entry) => entry && Number.isFinite(Number(entry[2])))) return undefined;
    return Object.fromEntries(entries.map((entry) => [entry?.[1], Number(entry?.[2])]));
  },
  write: (/** @type {Record<string, number>} */ values) =>
    Object.entries(values)
      .map(([name, value]) => `${name.replaceAll("_", "*")}~${value}`)
      .join("_"),
};

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
};

/**
 * What an address says, on top of the defaults; what it says wrongly is named, not silently mended.
 * @param {string} search @returns {{values: Partial<State>, refused: string[]}}
 */
export function read(search) {
  /** @type {Record<string, any>} */
  const values = { ...URL_DEFAULTS };
  const refused = [];
  for (const [key, text] of new URLSearchParams(search)) {
    const row = PROPERTIES.find((candidate) => candidate.key === key);
    const value = row?.type.read(text);
    if (row && value !== undefined) values[row.property] = value;
    else refused.push(key);
  }
  return { values, refused };
}

/** The address of a state: only what differs from the defaults. @param {State} state @param {Partial<State>} [preferences] */
export function write(state, preferences = {}) {
  const defaults = { ...URL_DEFAULTS, ...preferences };
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
