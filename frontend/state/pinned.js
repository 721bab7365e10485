/** The run to compare with: its inputs as the text of an address, and its raw data, which no address holds. */

/** @import {Type} from "./address_types.js" */
/** @import {State} from "./state.js" */
import { readProperties, writeProperties } from "./address.js";
import { defaultsOf, inputPropertiesOf, isInput, PROPERTIES } from "./properties.js";
import { fingerprint, isRaw, rawOf, WITHOUT_DATA } from "./raw_data.js";

const DATA = "data"; // the key of a fingerprint of the raw data
const MOST_DATA = 8;
/** @type {Partial<State>} */
const EMPTY = { ...WITHOUT_DATA.numbers, ...WITHOUT_DATA.text, awaited: null };

const IN_ADDRESS = PROPERTIES.filter((each) => isInput(each) && each.key);
const DEFAULTS = defaultsOf(IN_ADDRESS);

/**
 * The present inputs as those of the run to compare with.
 * @param {State} state @returns {{pinned: string, pinnedData: State["pinnedData"]}}
 */
export function pin(state) {
  const search = new URLSearchParams(writeProperties(inputPropertiesOf(state), state, DEFAULTS));
  const raw = rawOf(state);
  if (!raw) return { pinned: `?${search}`, pinnedData: state.pinnedData };
  const name = fingerprint(raw);
  search.set(DATA, name);
  const others = Object.entries(state.pinnedData).filter(([known]) => known !== name);
  return { pinned: `?${search}`, pinnedData: Object.fromEntries([...others, [name, raw]].slice(-MOST_DATA)) };
}

/** Whether the present inputs are those of the run to compare with. @param {State} state */
export const isSame = (state) => state.pinned !== null && pin(state).pinned === state.pinned;

/**
 * The state with the inputs of the run to compare with; null without one, or where its raw data is not there.
 * @param {State} state @returns {State | null}
 */
export function pinnedState(state) {
  if (state.pinned === null) return null;
  const { inputs, data } = parse(state.pinned);
  const raw = data === null ? {} : state.pinnedData[data];
  return raw ? { ...state, ...DEFAULTS, ...EMPTY, ...inputs, ...raw } : null;
}

/**
 * Whether the run to compare with needs raw data, which its address does not hold.
 * @param {Pick<State, "pinned">} state
 */
export const isOfRawData = ({ pinned }) => pinned !== null && parse(pinned).data !== null;

/** The two runs exchanged. @param {State} state @returns {Partial<State>} */
export function swapped(state) {
  const other = pinnedState(state);
  if (!other) return {};
  const names = inputPropertiesOf(other).map(({ property }) => property);
  return { ...Object.fromEntries(names.map((name) => [name, other[name]])), ...rawOf(other), ...pin(state) };
}

/** The fingerprint of the raw data of a run to compare with. @param {string} pinned */
export const fingerprintIn = (pinned) => parse(pinned).data;

/** @param {string} pinned */
function parse(pinned) {
  const search = new URLSearchParams(pinned);
  const data = search.get(DATA);
  search.delete(DATA);
  const { values, refused } = readProperties(IN_ADDRESS, String(search));
  return { inputs: values, refused, data };
}

/** An address names raw data if the source is raw data, and only then. @type {Type} */
export const pinnedRun = {
  read: (text) => {
    const { inputs, refused, data } = parse(text);
    const needsData = isRaw(inputs.source ?? "");
    const isWhole = needsData ? /^[0-9a-z]{1,14}$/.test(data ?? "") : data === null;
    return text.startsWith("?") && refused.length === 0 && isWhole ? text : undefined;
  },
  write: String,
};
