/** Actions of the reader on the sequence: take a file of numbers or a text. */

import { isAwaited } from "../../state/raw_data.js";
import { storedOf, zooOf } from "../../state/selectors.js";
/** @import {State, Store} from "../../state/state.js" */
import { readFile, readText } from "./files.js";

/** Whether the chosen model reads text. An untrained one reads what is chosen. @param {State} state */
export function takesText(state) {
  if (state.model === "zoo") return zooOf(state)?.output_kind === "next_token";
  return state.model === "stored" ? Boolean(storedOf(state)?.vocabulary) : state.source === "text";
}

/** @param {Store} store */
export function createSequenceActions({ get, set }) {
  /**
   * A file over the limit is not sent: the server could close the connection before it says why.
   * @param {File} file
   */
  function isTooLarge({ size }) {
    const limit = Math.floor(((get().limits.max_body_bytes ?? Number.POSITIVE_INFINITY) * 3) / 4); // as base64
    if (size <= limit) return false;
    const context = { actual: size, limit };
    const fault = { field: "sequence.file", code: "file_too_large", message: "", context };
    set({ problem: { status: 413, faults: [fault] } });
    return true;
  }

  /** @param {"numbers" | "text"} source @param {File} file */
  const origin = (source, { name }) => ({ source, dataNames: { ...get().dataNames, [source]: name } });

  /** @param {File} file */
  async function attach(file) {
    if (isTooLarge(file)) return;
    const patch = { ...origin("numbers", file), ...(await readFile(file)) };
    set({ ...patch, ...(!isAwaited(get(), patch) && { columns: null }) });
  }

  /** @param {File} file */
  async function attachText(file) {
    if (!isTooLarge(file)) set({ text: await readText(file), ...origin("text", file) });
  }

  return { attach, attachText };
}
