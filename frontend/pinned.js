/** A run to compare with: its inputs as the text of an address, and its raw data apart, which never goes there. */

/** @import {Type} from "./address_types.js" */
/** @import {Attachment, State} from "./state.js" */
import { INPUT_DEFAULTS, INPUT_PROPERTIES, readProperties, writeProperties } from "./address.js";

const DATA = "data"; // the key of a fingerprint of the raw data
const MOST_KEPT = 8;
const WITHOUT_DATA = { numbers: "", text: "", file: null };

/** @typedef {{numbers: string, file: Attachment | null} | {text: string}} Raw  what only this page holds */

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

/** @param {State} state @returns {Raw | null} */
function rawOf({ source, numbers, text, file }) {
  if (source === "numbers") return file ? { numbers: "", file } : { numbers, file: null };
  return source === "text" ? { text } : null;
}

/** The run of these inputs as the one to compare with. @param {State} state @returns {{pinned: string, kept: State["kept"]}} */
export function pin(state) {
  const search = new URLSearchParams(writeProperties(propertiesOf(state), state, INPUT_DEFAULTS));
  const raw = rawOf(state);
  if (!raw) return { pinned: `?${search}`, kept: state.kept };
  const name = fingerprint("text" in raw ? raw.text : (raw.file?.npy ?? raw.file?.text ?? raw.numbers));
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
  return raw ? { ...state, ...INPUT_DEFAULTS, ...WITHOUT_DATA, ...inputs, ...raw } : null;
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

/** The last text and its name: it may be long, and is asked for often. */
let named = { text: "", name: "" };

/** Another text has another one, but for a chance of one in 2³². FNV-1a, with the length. @param {string} text */
function fingerprint(text) {
  if (text === named.text && named.name !== "") return named.name;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  named = { text, name: `${(hash >>> 0).toString(36)}${text.length.toString(36)}` };
  return named.name;
}
