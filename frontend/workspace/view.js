/** The state that the page opens with: the address on top of the workspace, and the data that both name. */

import * as url from "../address/url.js";
/** @import {Raw} from "../state/raw_data.js" */
/** @import {State} from "../state/state.js" */
/** @import {Database} from "./database.js" */
/** @import {Workspace} from "./record.js" */
import { fingerprintIn } from "../state/pinned.js";
import { isRaw, resolved, WITHOUT_DATA } from "../state/raw_data.js";
import { namesIn, restored } from "./record.js";

/**
 * The built-in examples of all languages, which a link in any of them may name.
 * @param {Record<string, {numbers: string, text: string}>} examples
 * @returns {Raw[]}
 */
export const examplesIn = (examples) =>
  Object.values(examples).flatMap(({ numbers, text }) => [{ numbers, file: null }, { text }]);

/**
 * @param {Database | null} database @param {Workspace | null} workspace
 * @param {string} search  the choices, as an address
 * @param {Raw[]} examples  built-in data, which a link may name
 * @returns {Promise<Partial<State>>}
 */
export async function openedView(database, workspace, search, examples) {
  const { values, refused } = url.read(search);
  const { numbers = null, text = null, file = null } = workspace ?? {};
  const data = await dataOf(database, [numbers, text, file, ...namesIn(values)]);
  return {
    ...(workspace && restored(workspace, (name) => data.get(name))),
    ...blankWhere(resolved(values, [...data.values(), ...examples])),
    pinnedData: pinnedDataIn(values.pinned ?? null, data),
    isToBePlaced: !new URLSearchParams(search).has("time"),
    refused,
  };
}

/** @param {Database | null} database @param {(string | null)[]} names @returns {Promise<Map<string, Raw>>} */
async function dataOf(database, names) {
  const keys = names.filter((name) => name !== null);
  const entries = await Promise.all(
    keys.map(async (name) => /** @type {const} */ ([name, await database?.get("data", name)])),
  );
  return new Map(entries.filter(([, raw]) => raw !== undefined));
}

/** No data, where the address names data that is not here. @param {Partial<State>} values */
const blankWhere = (values) =>
  values.awaited && isRaw(values.source ?? "")
    ? { ...values, ...WITHOUT_DATA[/** @type {"numbers" | "text"} */ (values.source)] }
    : values;

/** @param {string | null} pinned @param {Map<string, Raw>} data @returns {State["pinnedData"]} */
function pinnedDataIn(pinned, data) {
  const name = pinned === null ? null : fingerprintIn(pinned);
  const raw = name === null ? undefined : (data.get(`numbers-${name}`) ?? data.get(`text-${name}`));
  return name !== null && raw ? { [name]: raw } : {};
}
