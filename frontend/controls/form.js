/** What every control on the page needs. */

/** @import {Translate} from "../base/i18n.js" */
/** @import {State, Store} from "../state/state.js" */

/**
 * @typedef {object} Form
 * @property {Translate} t
 * @property {State} state
 * @property {(patch: Partial<State>) => void} set
 * @property {(field: string, text: string | null) => void} draft  stores what was typed while it is no legal value
 */

/** @param {Store} store @param {() => Form["t"]} translate @returns {(state: State) => Form} */
export function createForm({ get, set }, translate) {
  /** @type {Form["draft"]} */
  function draft(field, text) {
    const { [field]: _before, ...others } = get().drafts;
    set({ drafts: text === null ? others : { ...others, [field]: text } });
  }
  return (state) => ({ t: translate(), state, set, draft });
}
