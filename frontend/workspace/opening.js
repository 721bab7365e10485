/** Which workspace a tab of the browser opens: its own after a reload, else the newest, or a copy of that. */

/** @import {Database} from "./database.js" */
/** @import {Workspace} from "./record.js" */
import * as url from "../address/url.js";
import { takeOver } from "./leaving.js";
import { namesIn } from "./record.js";

const KEY = "gatescope.workspace"; // of the id of this tab's own
const PATIENCE = 500; // ms in which a page that is being left gives up its workspace

/**
 * @typedef {object} Opened
 * @property {string} id
 * @property {Workspace | null} workspace  null: it is to be begun
 * @property {string} search  the choices to begin with
 */

/**
 * No two tabs have the same one: a tab opens a copy of a workspace that another tab has open, or that has other data
 * than the address.
 * @param {Database} database @param {string} search  of the address that is opened
 * @returns {Promise<Opened>}
 */
export async function openWorkspace(database, search) {
  await takeOver(database).catch(() => {}); // a full database: the next load tries again
  const own = sessionStorage.getItem(KEY);
  const id = own ?? (await newest(database));
  const workspace = (id && (await database.get("workspaces", id))) || null;
  const belongs = workspace === null ? own !== null : isOf(search, workspace, own !== null);
  const isFree = id !== null && belongs && (await claim(id, own !== null));
  const isFresher = workspace !== null && own !== null && isReload(); // the address is written later than it
  const choices = isFresher ? workspace.search : search || (workspace?.search ?? "");
  return { id: isFree ? id : await begin(), workspace, search: choices };
}

function isReload() {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return entry?.type === "reload";
}

/** Sets which workspace the next load of this tab opens. @param {string} id */
export const chooseWorkspace = (id) => sessionStorage.setItem(KEY, id);

/** The ids of the workspaces that some tab has open. @returns {Promise<Set<string>>} */
export async function openIds() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.flatMap(({ name = "" }) => (name.startsWith(KEY) ? [name.slice(KEY.length + 1)] : [])));
}

/** @param {Database} database */
async function newest(database) {
  const all = /** @type {[string, Workspace][]} */ (await database.entries("workspaces"));
  return all.sort(([, one], [, other]) => other.changed - one.changed)[0]?.[0] ?? null;
}

/**
 * Whether an address belongs to a workspace: it names no other data. Any other view does, in the tab of the workspace.
 * @param {string} search @param {Workspace} workspace @param {boolean} isOwn
 */
function isOf(search, workspace, isOwn) {
  if (!isOwn) return ["", workspace.search].includes(search);
  return namesIn({ ...url.read(search).values, pinned: null }).every((name) => workspace.data.includes(name));
}

/** The id of a new workspace. `randomUUID` asks for a secure context. */
export const newId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

async function begin() {
  const id = newId();
  await claim(id, false);
  return id;
}

/**
 * Removes data that no workspace names, unless another tab is open that may be about to name it.
 * @param {Database} database
 */
export async function sweep(database) {
  if (!navigator.locks || (await openIds()).size > 1) return;
  const names = await database.keys("data"); // first: what is written meanwhile is none of them
  const all = /** @type {[string, Workspace][]} */ (await database.entries("workspaces"));
  const needed = new Set(all.flatMap(([, { data }]) => data));
  const left = names.filter((name) => !needed.has(name));
  if (left.length > 0) await database.remove("data", left);
}

/**
 * Holds a workspace until the page is left. Where the browser has no locks, two copies of a tab may share one.
 * @param {string} id @param {boolean} waits  for a page that is being left
 * @returns {Promise<boolean>}
 */
function claim(id, waits) {
  chooseWorkspace(id);
  if (!navigator.locks) return Promise.resolve(true);
  const how = waits ? { signal: AbortSignal.timeout(PATIENCE) } : { ifAvailable: true };
  return new Promise((resolve) => {
    navigator.locks
      .request(`${KEY}.${id}`, how, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}
