/** The workspace of this tab: written as it changes, and what the reader can do with it and with the others. */

/** @import {Key} from "../base/i18n.js" */
/** @import {State, Store} from "../state/state.js" */
/** @import {Database} from "./database.js" */
/** @import {Opened} from "./opening.js" */
import { createWorkspaceActions } from "./actions.js";
import { createFinder, createKeeper } from "./keeper.js";

/**
 * @typedef {object} Page  what a workspace needs to know of it
 * @property {(state: State, before: State) => boolean} isChoice  whether the reader has chosen something
 * @property {(state: State) => string} searchOf  the address of a state
 * @property {(notice: Key) => void} notify
 */

/**
 * @param {Store} store @param {Database | null} database @param {Opened | null} opened
 * @param {Page} page
 */
export function createWorkspace(store, database, opened, { isChoice, searchOf, notify }) {
  const fail = () => notify("notice.not_kept");
  createFinder(store, database);
  const keeper = database && opened && createKeeper(store, database, opened, { isChoice, searchOf, fail });
  const save = async () => keeper?.save();
  return createWorkspaceActions(store, database, opened?.id ?? null, { searchOf, save, notify });
}
