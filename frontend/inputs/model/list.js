/**
 * The list of stored models: fetched again when it may have changed, and the same in all pages of this browser.
 */

/** @import {Fault, StoredModel} from "../../state/answers.js" */
/** @import {State, Store} from "../../state/state.js" */
import { getModels, Problem } from "../../server/api.js";
import { storedOf } from "../../state/selectors.js";

const DELAY = 250; // ms: a page that is left tells of a deletion before the server knows of it

/**
 * @param {Store} store @param {() => Promise<StoredModel[]>} fetchModels
 * @param {Pick<BroadcastChannel, "postMessage" | "onmessage">} channel
 */
export function createModelList(
  { get, set, subscribe },
  fetchModels = getModels,
  channel = new BroadcastChannel("gatescope.models"),
) {
  /** The ids of models to be deleted, which a list of the server does not bring back. @type {Set<string>} */
  const leaving = new Set();
  let changes = 0;
  /** @type {Promise<void> | null} */
  let fetching = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** Takes a list of the server. An entry that has not changed stays the same object. @param {StoredModel[]} models */
  function take(models) {
    const present = get().models;
    const entries = models
      .filter(({ id }) => !leaving.has(id))
      .map((model) => present.find((other) => JSON.stringify(other) === JSON.stringify(model)) ?? model);
    if (entries.length !== present.length || entries.some((model, index) => model !== present[index])) {
      set({ models: entries });
    }
  }

  /** Takes no list that is older than the last change. */
  async function fetchAnew() {
    try {
      for (let seen = -1; seen !== changes; ) {
        seen = changes;
        const models = await fetchModels();
        if (seen === changes) take(models);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // else the list stays as it is
    } finally {
      fetching = null;
    }
  }

  function refresh() {
    changes += 1;
    fetching ??= fetchAnew();
    return fetching;
  }

  /** @param {string} id */
  const others = (id) => get().models.filter((model) => model.id !== id);

  /** Puts a model where it was, or at a place. @param {StoredModel} model @param {number} [place] */
  function put(model, place = get().models.findIndex(({ id }) => id === model.id)) {
    changes += 1;
    leaving.delete(model.id);
    set({ models: others(model.id).toSpliced(Math.max(0, place), 0, model) });
  }

  /** @param {string} id */
  function drop(id) {
    changes += 1;
    leaving.delete(id);
    set({ models: others(id) });
  }

  /** @param {string} id */
  function leave(id) {
    drop(id);
    leaving.add(id);
  }

  /** Whether it is still to be deleted. @param {string} id */
  const isLeaving = (id) => leaving.has(id);

  /** @param {"added" | "changed" | "deleted"} what @param {string} id */
  const tell = (what, id) => channel.postMessage({ what, id });

  channel.onmessage = ({ data: { what, id } }) => {
    if (what === "deleted") drop(id);
    else leaving.delete(id); // another page has it in use
    clearTimeout(timer);
    timer = setTimeout(refresh, DELAY);
  };
  subscribe((state, before) => {
    const name = state.model === "stored" ? storedOf(state)?.name : undefined;
    if (name !== undefined && name !== state.storedName) set({ storedName: name }); // for when it is gone
    if (state.problem !== before.problem && isMissed(state.problem?.faults)) refresh();
    else if (state.answers !== before.answers && Object.entries(state.answers).some(isNewlyMissed)) refresh();

    /** @param {[string, State["answers"][string]]} answer */
    function isNewlyMissed([name, { faults }]) {
      return faults !== before.answers[name]?.faults && isMissed(faults);
    }
  });
  return { take, put, drop, leave, isLeaving, tell };
}

/** Whether the server does not have a model that was asked for. @param {Fault[]} [faults] */
const isMissed = (faults = []) =>
  faults.some(({ code, field }) => code === "no_such_model" && field.endsWith("model.id"));
