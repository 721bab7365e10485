/** Writes the workspace of this tab as it changes, and finds the data that an address names. */

/** @import {Raw} from "../state/raw_data.js" */
/** @import {State, Store} from "../state/state.js" */
/** @import {Database} from "./database.js" */
/** @import {Opened} from "./opening.js" */
import { PROPERTIES } from "../state/properties.js";
import { put } from "../state/raw_data.js";
import { handOver } from "./leaving.js";
import { namesIn, recordOf } from "./record.js";

const SILENCE = 300; // ms after which a change is written
const LONGEST_WAIT = 2000; // ms from a change until it is written, for the player is never silent
const RAW = PROPERTIES.filter(({ isRaw }) => isRaw).map(({ property }) => property);
/** What a workspace holds beside its address. */
const BESIDE = PROPERTIES.filter(({ isRaw, isStored }) => isRaw || isStored).map(({ property }) => property);

/**
 * @typedef {object} Keeping
 * @property {(state: State, before: State) => boolean} isChoice  whether a workspace is worth writing after this change
 * @property {(state: State) => string} searchOf  the address of a state
 * @property {() => void} fail  where the browser has no room left
 */

/**
 * @param {Store} store @param {Database} database @param {Opened} opened @param {Keeping} how
 * @returns {{save: () => Promise<void>}} `save` writes at once
 */
export function createKeeper(store, database, { id, workspace }, { isChoice, searchOf, fail }) {
  let names = workspace?.data ?? [];
  /** @type {Set<string>} */
  let written = new Set(names);
  let isBegun = workspace !== null;
  /** The content of the last write, and of the last that has ended. */
  let last = contentOf(store.get());
  let sure = last;
  let changed = Number.POSITIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {State} state */
  function contentOf(state) {
    return [searchOf(state), ...BESIDE.map((name) => state[name])];
  }

  /** @param {unknown[]} content */
  const isNew = (content) => isBegun && contentOf(store.get()).some((part, index) => part !== content[index]);

  function unwritten() {
    const { workspace, data } = recordOf(store.get(), searchOf(store.get()), names);
    return { id, workspace, data: data.filter(([name]) => !written.has(name)) };
  }

  async function save() {
    clearTimeout(timer);
    changed = Number.POSITIVE_INFINITY;
    if (!isNew(last)) return;
    const content = contentOf(store.get());
    const { workspace, data } = unwritten();
    last = content;
    try {
      await database.put({ data, workspaces: [[id, workspace]] });
    } catch {
      return fail();
    }
    sure = content;
    names = workspace.data;
    written = new Set([...names, ...data.map(([name]) => name)]);
  }

  store.subscribe((state, before) => {
    isBegun ||= isChoice(state, before) || BESIDE.some((name) => state[name] !== before[name]);
    changed = Math.min(changed, Date.now());
    clearTimeout(timer);
    timer = setTimeout(save, Math.min(SILENCE, changed + LONGEST_WAIT - Date.now()));
  });
  addEventListener("pagehide", () => {
    if (isNew(sure)) handOver(unwritten());
    save();
  });
  document.addEventListener("visibilitychange", save);
  return { save };
}

/**
 * Fills in data that an address names: from the database, or what the reader types or drops in its place.
 * @param {Store} store @param {Database | null} database
 */
export function createFinder(store, database) {
  store.subscribe((state, before) => {
    const isSame = state.awaited === before.awaited && state.pinned === before.pinned;
    if (isSame && state.awaited && RAW.some((name) => state[name] !== before[name])) store.set({ awaited: null });
    else if (!isSame && database) find(state);
  });

  /** @param {State} asked */
  async function find(asked) {
    for (const name of namesIn(asked)) {
      /** @type {Raw | undefined} */
      const raw = await database?.get("data", name);
      const state = store.get();
      const data = name.split("-")[1] ?? "";
      if (raw && state.awaited === data) store.set({ ...put(raw), awaited: null });
      else if (raw && state.pinned === asked.pinned) store.set({ pinnedData: { [data]: raw, ...state.pinnedData } });
    }
  }
}
