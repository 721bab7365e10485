/** What the reader can do with workspaces: pick, remove, begin another, save one as a file and open that. */

/** @import {Key} from "../base/i18n.js" */
import { save as download } from "../base/saving.js";
/** @import {State, Store} from "../state/state.js" */
/** @import {Database} from "./database.js" */
/** @import {Workspace} from "./record.js" */
/** @import {Session} from "./session.js" */
import { changeModel, getModelFile, Problem, uploadModel } from "../server/api.js";
import { storedOf } from "../state/selectors.js";
import { chooseWorkspace, newId, openIds } from "./opening.js";
import { recordOf } from "./record.js";
import { pack, SUFFIX, unpack } from "./session.js";

/** @typedef {{id: string, workspace: Workspace, isOwn: boolean, isOpen: boolean, isRemoved: boolean}} Listed */

/**
 * @param {Store} store
 * @param {Database | null} database @param {string | null} own  the id of this tab's
 * @param {{searchOf: (state: State) => string, save: () => Promise<void>, notify: (notice: Key) => void}} page
 */
export function createWorkspaceActions({ get, set }, database, own, { searchOf, save, notify }) {
  async function list() {
    const [entries, open] = await Promise.all([database?.entries("workspaces") ?? [], openIds(), save()]);
    const all = /** @type {[string, Workspace][]} */ (entries);
    const workspaces = all
      .sort(([, one], [, other]) => other.changed - one.changed)
      .map(([id, workspace]) => ({ id, workspace, isOwn: id === own, isOpen: open.has(id), isRemoved: false }));
    set({ workspaces });
  }

  /** @param {string} id @param {boolean} isRemoved  it can be brought back until the list is closed */
  const mark = (id, isRemoved) =>
    set({ workspaces: get().workspaces.map((each) => (each.id === id ? { ...each, isRemoved } : each)) });

  async function close() {
    const ids = get().workspaces.flatMap(({ id, isRemoved }) => (isRemoved ? [id] : []));
    set({ workspaces: [] });
    await database?.remove("workspaces", ids);
  }

  /** @param {string} id @param {string} search */
  async function go(id, search) {
    await Promise.all([save(), close()]);
    chooseWorkspace(id);
    location.assign(location.pathname + search);
  }

  /** @param {boolean} withModel  whether the file holds the weights of the stored model */
  const saveSession = (withModel) =>
    attempt(async () => {
      document.getElementById("downloads")?.hidePopover();
      const { workspace, data } = recordOf(get(), searchOf(get()), []);
      const model = get().model === "stored" ? (storedOf(get()) ?? null) : null;
      const entry = model && (({ id, name, file_name, vocabulary }) => ({ id, name, file_name, vocabulary }))(model);
      const file = model && withModel ? await getModelFile(model.id) : null;
      const stem = model ? model.name.replace(/\.[^.]*$/, "") : "session";
      download(stem + SUFFIX, pack({ workspace, data, model: entry }, file));
    });

  /** @param {File} file */
  const openSession = (file) =>
    attempt(async () => {
      const content = await file
        .arrayBuffer()
        .then(unpack)
        .catch(() => null);
      if (!content || !database) return notify(content ? "notice.not_kept" : "notice.no_session");
      const { session, model } = content;
      const search = model ? await withModel(session, model) : session.workspace.search;
      const id = newId();
      const workspace = { ...session.workspace, search, model: session.model, changed: Date.now() };
      await database.put({ data: session.data, workspaces: [[id, workspace]] });
      await go(id, search);
    });

  /** The address with the id that the model has here. @param {Session} session @param {Blob} content */
  async function withModel({ workspace: { search }, model }, content) {
    if (!model || get().models.some(({ id }) => id === model.id)) return search;
    set({ uploading: model.file_name });
    const { id } = await uploadModel(new File([content], model.file_name));
    await changeModel(id, { name: model.name, vocabulary: model.vocabulary });
    return search.replaceAll(model.id, id);
  }

  /** @param {() => Promise<void>} act */
  async function attempt(act) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const faults = error.faults.map((fault) => ({ ...fault, field: "model.file" }));
      set({ uploading: null, problem: { status: error.status, faults } });
    }
  }

  return {
    list,
    close,
    saveSession,
    openSession,
    pick: go,
    remove: (/** @type {string} */ id) => mark(id, true),
    restore: (/** @type {string} */ id) => mark(id, false),
    begin: () => go(newId(), ""),
  };
}
