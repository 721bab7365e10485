/** A workspace as the database holds it: choices as an address, the reader's own data by name, and the rest. */

import { inputsOf } from "../state/inputs.js";
/** @import {Raw} from "../state/raw_data.js" */
/** @import {Inputs, State} from "../state/state.js" */
import { fingerprintIn } from "../state/pinned.js";
import { fingerprint, rawOf, sourceOf } from "../state/raw_data.js";

const MOST_DATA = 32; // of one workspace, for Back

/**
 * @typedef {object} Workspace
 * @property {number} changed  when, in ms since 1970
 * @property {string} search  the choices, as an address writes them
 * @property {Inputs} ran  its inputs but the data, by which a list tells one from another
 * @property {string} excerpt  the beginning of its text, for the same purpose
 * @property {string | null} numbers  the name of its data, as the next two
 * @property {string | null} text
 * @property {string | null} file
 * @property {State["dataNames"]} dataNames
 * @property {string} hypothesisDetail
 * @property {Record<string, string>} drafts
 * @property {Partial<State> | null} beforeTour
 * @property {import("./session.js").NamedModel | null} [model]  the stored model that the session's file was of
 * @property {string[]} data  the names of all its data, the latest first
 */

const LONGEST_EXCERPT = 80; // characters

/** The name of data in the database. @param {Raw} raw */
export const nameOf = (raw) => keyOf(sourceOf(raw), fingerprint(raw));

/** @param {string} source @param {string} data  its fingerprint */
export const keyOf = (source, data) => `${source}-${data}`;

/**
 * The state as a workspace, and the data that it names.
 * @param {State} state @param {string} search @param {string[]} before  names of the data that it named before
 * @returns {{workspace: Workspace, data: [string, Raw][]}}
 */
export function recordOf(state, search, before) {
  const { numbers, text, file, dataNames, hypothesisDetail, drafts, beforeTour, pinnedData } = state;
  const own = {
    numbers: /** @type {Raw} */ ({ numbers, file: null }),
    text: /** @type {Raw} */ ({ text }),
    ...(file && { file: /** @type {Raw} */ ({ numbers: "", file }) }),
  };
  const names = Object.fromEntries(Object.entries(own).map(([part, raw]) => [part, nameOf(raw)]));
  const data = new Map([...Object.values(own), ...Object.values(pinnedData)].map((raw) => [nameOf(raw), raw]));
  const { run: _run, runInputs: _inputs, ...viewBefore } = beforeTour ?? {};
  const workspace = {
    changed: Date.now(),
    search,
    ran: withoutData(inputsOf(state)),
    excerpt: text.slice(0, LONGEST_EXCERPT),
    numbers: null,
    text: null,
    file: null,
    ...names,
    dataNames,
    hypothesisDetail,
    drafts,
    beforeTour: beforeTour && viewBefore,
    model: state.sessionModel,
    data: [...new Set([...data.keys(), ...before])].slice(0, Math.max(MOST_DATA, data.size)),
  };
  return { workspace, data: [...data] };
}

/** @param {Inputs} inputs @returns {Inputs} */
const withoutData = (inputs) => ({
  ...inputs,
  vocabulary: null,
  numbers: "",
  text: "",
  file: inputs.file && { name: inputs.file.name },
});

/**
 * What a workspace brings back beside its address.
 * @param {Workspace} workspace @param {(name: string) => Raw | undefined} dataOf
 * @returns {Partial<State>}
 */
export function restored(workspace, dataOf) {
  const { numbers, text, file, dataNames, hypothesisDetail, drafts, beforeTour, model = null } = workspace;
  const [table, writing, attachment] = [numbers, text, file].map((name) => (name === null ? undefined : dataOf(name)));
  return {
    ...table,
    ...writing,
    file: attachment && "file" in attachment ? attachment.file : null,
    dataNames,
    hypothesisDetail,
    drafts,
    beforeTour,
    sessionModel: model,
  };
}

/**
 * The names of the data that an address asks for: of its sequence, and of the run to compare with.
 * @param {Partial<State>} values
 */
export function namesIn({ source, awaited, pinned }) {
  const own = source && awaited ? [keyOf(source, awaited)] : [];
  const data = pinned ? fingerprintIn(pinned) : null;
  return data === null ? own : [...own, keyOf("numbers", data), keyOf("text", data)];
}

/** All raw data at hand. @param {Pick<State, "numbers" | "text" | "file" | "pinnedData">} state @returns {Raw[]} */
export function candidatesOf({ numbers, text, file, pinnedData }) {
  const own = /** @type {const} */ ([
    { source: "numbers", numbers, text, file },
    { source: "numbers", numbers, text, file: null },
    { source: "text", numbers, text, file },
  ]).map(rawOf);
  return [...own, ...Object.values(pinnedData)].filter((raw) => raw !== null);
}
