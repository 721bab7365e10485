/** Properties as the text of an address. */

/** @import {Property} from "./properties.js" */
/** @import {State} from "./state.js" */

/**
 * The values in an address, and the keys of values that are not allowed.
 * @param {readonly Property[]} properties @param {string} search @returns {{values: Partial<State>, refused: string[]}}
 */
export function readProperties(properties, search) {
  /** @type {Record<string, any>} */
  const values = {};
  const refused = [];
  for (const [key, text] of new URLSearchParams(search)) {
    const row = properties.find((candidate) => candidate.key === key);
    const value = row?.type?.read(text);
    if (row && value !== undefined) values[row.property] = value;
    else refused.push(key);
  }
  return { values, refused };
}

/**
 * The text of an address, without what is as in the defaults.
 * @param {readonly Property[]} properties @param {State} state @param {Partial<State>} defaults
 */
export function writeProperties(properties, state, defaults) {
  const search = new URLSearchParams();
  for (const { property, key = "", type } of properties) {
    const value = state[property];
    if (!type || value === null || value === undefined) continue;
    const text = type.write(value);
    const usual = defaults[property];
    if (text !== "" && (usual === null || usual === undefined || text !== type.write(usual))) search.set(key, text);
  }
  return search.toString();
}
