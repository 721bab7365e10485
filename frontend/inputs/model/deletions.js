/** Deletes a stored model: it leaves the list at once, and the server when Undo is no longer offered. */

/** @import {StoredModel} from "../../state/answers.js" */
/** @import {State, Store} from "../../state/state.js" */
import { Problem } from "../../server/api.js";
import { SOURCES } from "../../state/choices.js";
import { STANDS } from "../../state/messages.js";
import { inputPropertiesOf } from "../../state/properties.js";
import { storedOf } from "../../state/selectors.js";

/** The inputs that Undo brings back: not raw data, which the reader may have typed since. */
const INPUTS = SOURCES.filter((source) => source !== "task")
  .flatMap((source) => inputPropertiesOf({ source, model: "stored" }))
  .filter(({ isRaw }) => !isRaw)
  .map(({ property }) => property);
const CHOICES = /** @type {(keyof State)[]} */ ([...INPUTS, "layer", "direction", "time", "unit"]);

/**
 * @typedef {object} Deletion
 * @property {StoredModel} model
 * @property {number} place  in the list
 * @property {Partial<State>} choices  to bring back
 * @property {ReturnType<typeof setTimeout>} timer
 */

/**
 * @param {Store} store @param {ReturnType<typeof import("./list.js").createModelList>} list
 * @param {ReturnType<typeof import("../../state/messages.js").createMessages>} messages
 * @param {(id: string, options?: RequestInit) => Promise<void>} deleteModel
 */
export function createDeletions({ get, set }, list, messages, deleteModel) {
  /** @type {Map<string, Deletion>} */
  const deletions = new Map();

  /** Removes the chosen model; an untrained LSTM takes its place. */
  function remove() {
    const state = get();
    const model = storedOf(state);
    if (!model) return;
    const { id, name } = model;
    const place = state.models.indexOf(model);
    const choices = Object.fromEntries(CHOICES.map((property) => [property, state[property]]));
    deletions.set(id, { model, place, choices, timer: setTimeout(() => finish(id), STANDS) });
    set({ model: "random", stored: null });
    list.leave(id);
    messages.show({ id, key: "message.deleted", context: { name }, undo: id });
  }

  /** Takes a deletion out of those that can be undone. @param {string} id */
  function end(id) {
    const deletion = deletions.get(id);
    clearTimeout(deletion?.timer);
    deletions.delete(id);
    messages.hide(id);
    return deletion;
  }

  /** @param {string} id */
  function undo(id) {
    const deletion = end(id);
    if (!deletion) return;
    list.put(deletion.model, deletion.place);
    set(deletion.choices);
  }

  /** @param {string} id */
  async function finish(id) {
    const deletion = end(id);
    if (!deletion || !list.isLeaving(id)) return;
    const { model, place } = deletion;
    try {
      await deleteModel(id);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const isGone = error.status === 404;
      if (!isGone) {
        list.put(model, place);
        return messages.show({ id, key: "message.not_deleted", context: { name: model.name }, fault: error.faults[0] });
      }
    }
    forget(id);
  }

  /** @param {string} id */
  function forget(id) {
    list.drop(id);
    list.tell("deleted", id);
  }

  /** Deletes at once, for the page is being left. */
  function finishAll() {
    for (const id of [...deletions.keys()]) {
      end(id);
      if (!list.isLeaving(id)) continue;
      deleteModel(id, { keepalive: true }).catch(() => {}); // nobody is there to be told
      forget(id);
    }
  }

  /** The focus moves to Undo, for the button for deleting goes with the model. */
  function removeAndFocus() {
    remove();
    /** @type {HTMLElement | null} */ (document.querySelector("#messages > :last-child .undo"))?.focus();
  }

  /** The focus moves to the models, for Undo goes with its message. @param {string} id */
  function undoAndFocus(id) {
    undo(id);
    document.getElementById("model-id")?.focus();
  }

  return { remove, undo, removeAndFocus, undoAndFocus, finishAll };
}
