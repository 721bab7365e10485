/** Of which inputs a run is, and whether these are still the present ones. */

/** @import {Inputs, State} from "./state.js" */
import { INPUTS } from "./properties.js";
import { isRaw } from "./raw_data.js";
import { requestOf } from "./requests.js";
import { storedOf } from "./selectors.js";

/** What a run of the present inputs is of. @param {State} state @returns {Inputs} */
export function inputsOf(state) {
  const inputs = Object.fromEntries(INPUTS.map((name) => [name, state[name]]));
  const { name: storedName = state.storedName, vocabulary = null } = storedOf(state) ?? {};
  const dataName = isRaw(state.source) ? (state.dataNames[state.source] ?? null) : null;
  return /** @type {Inputs} */ ({ ...inputs, storedName, vocabulary, dataName });
}

/** Whether the run on screen is not of the present inputs. @param {State} state */
export function isOther(state) {
  const { runInputs } = state;
  if (!runInputs) return false;
  return (
    INPUTS.some((name) => runInputs[name] !== state[name]) ||
    runInputs.vocabulary !== (storedOf(state)?.vocabulary ?? null)
  );
}

/** Whether it is not, and none of them is to come. @param {State} state */
export const isStale = (state) =>
  state.run !== null && !state.running && isOther(state) && (state.problem !== null || requestOf(state) === null);
