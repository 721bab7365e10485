/** What is typed into a field while it is no legal value. */

/** @import {Store} from "../state/state.js" */

/** @param {Store} store */
export const createDrafts =
  ({ get, set }) =>
  (/** @type {string} */ field, /** @type {string | null} */ text) => {
    const { [field]: _old, ...others } = get().drafts;
    set({ drafts: text === null ? others : { ...others, [field]: text } });
  };
