/** Lists of what the server has: asked for when the page opens, and after each run until they are there. */

/** @import {State, Store} from "../state/state.js" */
import { getLimits, getModels, getSignals, getZoo, Problem } from "./api.js";

/**
 * @param {Store} store
 * @param {Pick<ReturnType<typeof import("../inputs/model/list.js").createModelList>, "take">} list
 */
export function createCatalogues({ get, set, subscribe }, list) {
  /** @type {Promise<void> | null} */
  let fetching = null;

  async function fetchAll() {
    try {
      const [signals, limits, models, zoo] = await Promise.all([getSignals(), getLimits(), getModels(), getZoo()]);
      list.take(models);
      set({ signals, limits, zoo, isCatalogued: true });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      set({ problem: { status: error.status, faults: error.faults } });
    } finally {
      fetching = null;
    }
  }

  function fetch() {
    if (get().isCatalogued) return Promise.resolve();
    fetching ??= fetchAll();
    return fetching;
  }

  subscribe((state, before) => {
    if (state.run !== before.run) fetch(); // the server answers
  });
  return { fetch };
}

/** Whether a run needs to know what the server has. @param {State} state */
export const needsCatalogues = ({ model, source }) => model === "stored" || (model === "zoo" && source !== "task");
