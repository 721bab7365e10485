/**
 * The last write of a page that is being left: a database may drop it, so the session storage hands it over to the next
 * load.
 */

/** @import {Raw} from "../state/raw_data.js" */
/** @import {Database} from "./database.js" */
/** @import {Workspace} from "./record.js" */

const KEY = "gatescope.leaving";

/** @typedef {{id: string, workspace: Workspace, data: [string, Raw][]}} Unwritten */

/** At once, unlike a database. @param {Unwritten} unwritten */
export function handOver(unwritten) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(unwritten));
  } catch {
    // More than a browser takes there: such data was dropped, not typed, and is long written.
  }
}

/** Writes what the load before handed over, unless something newer is there. @param {Database} database */
export async function takeOver(database) {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return;
  const { id, workspace, data } = /** @type {Unwritten} */ (JSON.parse(text));
  /** @type {Workspace | undefined} */
  const there = await database.get("workspaces", id);
  if (!there || there.changed < workspace.changed) await database.put({ data, workspaces: [[id, workspace]] });
  sessionStorage.removeItem(KEY);
}
