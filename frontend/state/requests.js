/** The inputs of a run as the body of a request, and what they lack. */

/** @import {Missing, State} from "./state.js" */
import { isRaw } from "./raw_data.js";
import { lstmOf, storedOf, zooOf } from "./selectors.js";

/** The body of POST /api/v1/traces; null where something is missing. @param {State} state */
export const requestOf = (state) => (missingOf(state).length > 0 ? null : bodyOf(state));

/** The same, even where data or a model is missing, so that the server says so. @param {State} state */
export function bodyOf(state) {
  const sequence = sequenceOf(state);
  return sequence && { model: modelOf(state), sequence };
}

/** The data and the model that the inputs name and that are not here. @param {State} state @returns {Missing[]} */
export function missingOf(state) {
  const { source, awaited, model, isCatalogued, storedName } = state;
  /** @type {Missing[]} */
  const missing = [];
  if (model === "stored" && isCatalogued && !storedOf(state)) missing.push({ type: "model", name: storedName });
  if (awaited && isRaw(source)) missing.push({ type: "data", source, data: awaited });
  return missing;
}

/** @param {State} state */
function modelOf(state) {
  const { hiddenSize, initialisation, forgetBias, seed, stored, lstm, front, readOut, softmax } = state;
  if (state.model === "zoo") return { type: "zoo", name: state.task };
  if (state.model === "stored") {
    const id = storedOf(state)?.id ?? stored ?? "";
    return { type: "stored", id, lstm, front, read_out: readOut, softmax };
  }
  const model = { type: "random", hidden_size: hiddenSize, initialisation, seed };
  return initialisation === "xavier" ? { ...model, forget_bias: forgetBias } : model;
}

/** @param {State} state */
function sequenceOf(state) {
  const { source, signal, steps, parameters, signalSeed, scaling, columns, numbers, text, file } = state;
  if (source === "task") return { type: "task", name: state.task, seed: state.taskSeed };
  if (source === "signal") {
    const features = widthOf(state);
    return {
      type: "signal",
      name: signal,
      steps,
      ...(features > 1 && { features }),
      parameters,
      seed: signalSeed,
      scaling,
    };
  }
  if (source === "text") return text === "" ? null : { type: "text", text };
  if (file?.npy) return { type: "npy", data: file.npy, columns, scaling };
  const table = file?.text ?? numbers;
  return table.trim() === "" ? null : { type: "table", text: table, columns, scaling };
}

/** How many features a signal needs. @param {State} state */
function widthOf(state) {
  if (state.model === "zoo") return zooOf(state)?.features.length ?? 1;
  return state.model === "stored" && !state.front ? (lstmOf(state)?.input_size ?? 1) : 1;
}
