/** Actions of the reader on the inputs, and the list of stored models. */

/** @import {Raw} from "../state/raw_data.js" */
/** @import {Store} from "../state/state.js" */
/** @import {createMessages} from "../state/messages.js" */
import { deleteModel } from "../server/api.js";
import { createModelActions } from "./model/actions.js";
import { createDeletions } from "./model/deletions.js";
import { createModelList } from "./model/list.js";
import { createSequenceActions } from "./sequence/actions.js";

/**
 * @param {Store} store
 * @param {ReturnType<typeof createMessages>} messages
 * @param {Raw[]} examples  built-in texts and numbers
 */
export function createInputs(store, messages, examples) {
  const modelList = createModelList(store);
  const deletions = createDeletions(store, modelList, messages, deleteModel);
  const actions = {
    ...createModelActions(store, modelList),
    ...createSequenceActions(store),
    remove: deletions.removeAndFocus,
    examples,
  };
  return { modelList, deletions, actions };
}
