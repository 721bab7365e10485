/** The inputs of a run, and whether the run on screen is still of the present ones. */

/** @import {Inputs, State} from "./state.js" */
import { INPUTS } from "./properties.js";
import { isRaw } from "./raw_data.js";
import { requestOf } from "./requests.js";
import { storedOf } from "./selectors.js";

/** The present inputs of a run. @param {State} state @returns {Inputs} */
export function inputsOf(state) {
  const inputs = Object.fromEntries(INPUTS.map((name) => [name, state[name]]));
  const { name: storedName = state.storedName, vocabulary = null } = storedOf(state) ?? {};
  const dataName = isRaw(state.source) ? (state.dataNames[state.source] ?? null) : null;
  return /** @type {Inputs} */ ({ ...inputs, storedName, vocabulary, dataName });
}

/** Whether the run on screen is of other inputs than the present ones. @param {State} state */
export function isOther(state) {
  const { runInputs } = state;
  if (!runInputs) return false;
  return (
    INPUTS.some((name) => runInputs[name] !== state[name]) ||
    runInputs.vocabulary !== (storedOf(state)?.vocabulary ?? null)
  );
}

/** Whether it is, and no run of the present ones is to come. @param {State} state */
export const isStale = (state) =>
  state.run !== null && !state.running && isOther(state) && (state.problem !== null || requestOf(state) === null);
