/** A run to compare with: its inputs as the text of an address, and its raw data apart, which never goes there. */

/** @import {Type} from "./address_types.js" */
/** @import {State} from "./state.js" */
import { INPUT_DEFAULTS, INPUT_PROPERTIES, readProperties, writeProperties } from "./address.js";
import { fingerprint, rawOf, WITHOUT_DATA } from "./raw_data.js";

const DATA = "data"; // the key of a fingerprint of the raw data
const MOST_KEPT = 8;
/** @type {Partial<State>} */
const EMPTY = { ...WITHOUT_DATA.numbers, ...WITHOUT_DATA.text, awaited: null };

/** What a run depends on, by where its sequence and its model come from. @type {Record<State["source"], (keyof State)[]>} */
const OF_SOURCE = {
  task: ["task", "taskSeed"],
  signal: ["signal", "steps", "parameters", "signalSeed", "scaling"],
  numbers: ["scaling", "columns"],
  text: [],
};
/** @type {Record<State["model"], (keyof State)[]>} */
const OF_MODEL = {
  zoo: ["task"],
  random: ["hiddenSize", "initialisation", "forgetBias", "seed"],
  stored: ["stored", "lstm", "front", "readOut", "softmax"],
};

/** @param {Pick<State, "source" | "model">} state */
const propertiesOf = ({ source, model }) =>
  INPUT_PROPERTIES.filter(({ property }) =>
    ["source", "model", ...OF_SOURCE[source], ...OF_MODEL[model]].includes(property),
  );

/** The run of these inputs as the one to compare with. @param {State} state @returns {{pinned: string, kept: State["kept"]}} */
export function pin(state) {
  const search = new URLSearchParams(writeProperties(propertiesOf(state), state, INPUT_DEFAULTS));
  const raw = rawOf(state);
  if (!raw) return { pinned: `?${search}`, kept: state.kept };
  const name = fingerprint(raw);
  search.set(DATA, name);
  const others = Object.entries(state.kept).filter(([known]) => known !== name);
  return { pinned: `?${search}`, kept: Object.fromEntries([...others, [name, raw]].slice(-MOST_KEPT)) };
}

/** Whether the inputs are those of the run to compare with. @param {State} state */
export const isSame = (state) => state.pinned !== null && pin(state).pinned === state.pinned;

/** The state with the inputs of the run to compare with; null without one, or where its raw data is not there. @param {State} state @returns {State | null} */
export function pinnedState(state) {
  if (state.pinned === null) return null;
  const { inputs, data } = parse(state.pinned);
  const raw = data === null ? {} : state.kept[data];
  return raw ? { ...state, ...INPUT_DEFAULTS, ...EMPTY, ...inputs, ...raw } : null;
}

/** Whether an address with it lacks what the run needs. @param {Pick<State, "pinned">} state */
export const isOfRawData = ({ pinned }) => pinned !== null && parse(pinned).data !== null;

/** Each run in the place of the other. @param {State} state @returns {Partial<State>} */
export function swapped(state) {
  const other = pinnedState(state);
  if (!other) return {};
  const names = propertiesOf(other).map(({ property }) => property);
  return { ...Object.fromEntries(names.map((name) => [name, other[name]])), ...rawOf(other), ...pin(state) };
}

/** The fingerprint of the raw data of a run to compare with. @param {string} pinned */
export const pinnedData = (pinned) => parse(pinned).data;

/** @param {string} pinned */
function parse(pinned) {
  const search = new URLSearchParams(pinned);
  const data = search.get(DATA);
  search.delete(DATA);
  const { values, refused } = readProperties(INPUT_PROPERTIES, String(search));
  return { inputs: values, refused, data };
}

/** Raw data is named where the source is raw data, and only there. @type {Type} */
export const pinnedRun = {
  read: (text) => {
    const { inputs, refused, data } = parse(text);
    const needsData = ["numbers", "text"].includes(inputs.source ?? "");
    const isWhole = needsData ? /^[0-9a-z]{1,14}$/.test(data ?? "") : data === null;
    return text.startsWith("?") && refused.length === 0 && isWhole ? text : undefined;
  },
  write: String,
};
