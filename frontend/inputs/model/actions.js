/** Actions of the reader on models: upload, choose, rename, give a vocabulary. */

/** @import {StoredLSTM, StoredModel} from "../../state/answers.js" */
/** @import {State, Store} from "../../state/state.js" */
import { changeModel, Problem, uploadModel } from "../../server/api.js";
import { lstmOf, storedOf } from "../../state/selectors.js";

/**
 * @param {Store} store @param {ReturnType<typeof import("./list.js").createModelList>} list
 */
export function createModelActions({ get, set }, list) {
  /**
   * Shows what goes wrong beside a field.
   * @param {string} field @param {() => Promise<void>} act @returns {Promise<boolean>}
   */
  async function attempt(field, act) {
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      set({
        uploading: null,
        problem: { status: error.status, faults: error.faults.map((fault) => ({ ...fault, field })) },
      });
      return false;
    }
  }

  /** @param {File} file */
  async function upload(file) {
    const limit = get().limits.max_model_bytes ?? Number.POSITIVE_INFINITY;
    if (file.size > limit) {
      // It is not sent: the server could close the connection before it says why.
      const context = { actual: file.size, limit };
      throw new Problem(413, [{ field: "", code: "file_too_large", message: "", context }]);
    }
    set({ uploading: file.name, problem: null });
    const model = await uploadModel(file);
    list.put(model, 0);
    list.tell("added", model.id);
    set({ uploading: null });
    return model;
  }

  /** Chooses the last one, unless the view waits for one of them. @param {File[]} files */
  const uploadAll = (files) =>
    attempt("model.file", async () => {
      const isMissed = get().model === "stored" && !storedOf(get());
      for (const file of files) {
        const model = await upload(file);
        if (isMissed && lstmOf(get())) await bringVocabulary(model);
        else if (file === files.at(-1)) choose(model.id);
      }
    });

  /** Gives a model the vocabulary that came with a session's file. @param {StoredModel} model */
  async function bringVocabulary(model) {
    const { sessionModel, stored } = get();
    if (model.vocabulary || !sessionModel?.vocabulary || sessionModel.id !== stored) return;
    list.put(await changeModel(model.id, { vocabulary: sessionModel.vocabulary }));
  }

  /** Chooses a shipped model with an input of its task, at the unit that it is known for. @param {string} name */
  function chooseZoo(name) {
    const model = get().zoo.find((candidate) => candidate.name === name);
    if (!model) return;
    const place = { layer: 0, direction: /** @type {const} */ ("forward"), unitToCome: model.claim.unit, zoom: null };
    set({ model: "zoo", source: "task", task: /** @type {State["task"]} */ (name), ...place });
  }

  /** Chooses an untrained LSTM, which takes any sequence. */
  const chooseRandom = () => set({ model: "random" });

  /** @param {string} id */
  function choose(id) {
    const model = get().models.find((candidate) => candidate.id === id);
    if (model?.lstms[0]) chooseLstm(model, model.lstms[0]);
    else if (model) set({ model: "stored", stored: id, lstm: null, front: null, readOut: null, softmax: false });
  }

  /**
   * Chooses an LSTM with the nearest parts around it, and a sequence that it takes.
   * @param {StoredModel} model @param {StoredLSTM} lstm
   */
  function chooseLstm(model, lstm) {
    const front = Object.keys(lstm.fronts)[0] ?? null;
    const readOut = Object.keys(lstm.read_outs)[0] ?? null;
    const softmax = front !== null && readOut !== null && lstm.fronts[front] === lstm.read_outs[readOut];
    const parts = { lstm: lstm.name, front, readOut, softmax, layer: 0, direction: /** @type {const} */ ("forward") };
    set({ model: "stored", stored: model.id, ...parts, ...suitable(get(), model, lstm, front) });
  }

  /** @param {string | null} front */
  function chooseFront(front) {
    const model = storedOf(get());
    const lstm = model?.lstms.find(({ name }) => name === get().lstm);
    if (model && lstm) set({ front, ...suitable(get(), model, lstm, front) });
  }

  /** @param {{name?: string, vocabulary?: string | null}} change @param {string} field */
  const change = (change, field) =>
    attempt(field, async () => {
      const model = await changeModel(storedOf(get())?.id ?? "", change);
      list.put(model);
      list.tell("changed", model.id);
      set({ problem: null });
      if ("vocabulary" in change && model.vocabulary) set({ source: "text" });
    });

  return { uploadAll, choose, chooseZoo, chooseRandom, chooseLstm, chooseFront, change };
}

/**
 * A change to a sequence that fits the model, if the present one does not.
 * @param {State} state @param {StoredModel} model @param {StoredLSTM} lstm
 * @param {string | null} front @returns {Partial<State>}
 */
function suitable(state, model, lstm, front) {
  const size = front === null ? lstm.input_size : (lstm.fronts[front] ?? 1);
  if (model.vocabulary && (front !== null || model.vocabulary.length === size)) return { source: "text" };
  if (front !== null) {
    return { source: "signal", signal: "token_ids", parameters: { vocabulary_size: size }, scaling: "none" };
  }
  const width = state.source === "numbers" ? state.run?.sequence.features.length : undefined;
  if (width === size) return {};
  if (state.source === "task") return { source: "signal", signal: size === 1 ? "sine" : "noise", parameters: {} };
  const isOne = ["sunspots", "token_ids"].includes(state.signal);
  if (state.source === "signal" && !(isOne && size > 1)) return {};
  return size === 1 ? { source: "signal" } : { source: "signal", signal: "noise", parameters: {}, scaling: "none" };
}
