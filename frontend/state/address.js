/** Typed properties as the text of an address, and the table of those that a run depends on. */

/** @import {Type} from "./address_types.js" */
/** @import {State} from "./state.js" */
import { flag, integer, integers, number, numbersByName, oneOf, path, word } from "./address_types.js";
import { DEFAULTS, INITIALISATIONS, MODELS, SCALINGS, SOURCES, TASKS } from "./state.js";

/** @typedef {{property: keyof State, key: string, type: Type}} Property */

/** All inputs but the raw data. @type {Property[]} */
export const INPUT_PROPERTIES = [
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
];

const ABSENT = { parameters: {}, columns: null, stored: null, lstm: null, front: null, readOut: null };
/** @type {Partial<State>} */
export const INPUT_DEFAULTS = {
  ...Object.fromEntries(
    Object.entries(DEFAULTS).filter(([name]) => INPUT_PROPERTIES.some(({ property }) => property === name)),
  ),
  ...ABSENT,
};

/**
 * What an address says, and the keys of what it says wrongly.
 * @param {Property[]} properties @param {string} search @returns {{values: Partial<State>, refused: string[]}}
 */
export function readProperties(properties, search) {
  /** @type {Record<string, any>} */
  const values = {};
  const refused = [];
  for (const [key, text] of new URLSearchParams(search)) {
    const row = properties.find((candidate) => candidate.key === key);
    const value = row?.type.read(text);
    if (row && value !== undefined) values[row.property] = value;
    else refused.push(key);
  }
  return { values, refused };
}

/** Only what differs from the defaults. @param {Property[]} properties @param {State} state @param {Partial<State>} defaults */
export function writeProperties(properties, state, defaults) {
  const search = new URLSearchParams();
  for (const { property, key, type } of properties) {
    const value = state[property];
    if (value === null || value === undefined) continue;
    const text = type.write(value);
    const usual = defaults[property];
    if (text !== "" && (usual === null || usual === undefined || text !== type.write(usual))) search.set(key, text);
  }
  return search.toString();
}
