/**
 * What the reader can do with the sequence: take a file of numbers or a text, and let an untrained cell read numbers.
 */

import { isAwaited } from "../../state/raw_data.js";
import { storedOf, zooOf } from "../../state/selectors.js";
/** @import {State, Store} from "../../state/state.js" */
import { readFile, readText } from "./files.js";

/** Whether a text is what the chosen model reads; an untrained cell reads what it is given. @param {State} state */
export function takesText(state) {
  if (state.model === "zoo") return zooOf(state)?.output_kind === "next_token";
  return state.model === "stored" ? Boolean(storedOf(state)?.vocabulary) : state.source === "text";
}

/** @param {Store} store */
export function createSequenceActions({ get, set }) {
  /**
   * What the server would refuse for its size is not sent: it could close the connection before it says why.
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
  const named = (source, { name }) => ({ source, dataNames: { ...get().dataNames, [source]: name } });

  /** @param {File} file */
  async function attach(file) {
    if (isTooLarge(file)) return;
    const given = { ...named("numbers", file), ...(await readFile(file)) };
    set({ ...given, ...(!isAwaited(get(), given) && { columns: null }) });
  }

  /** @param {File} file */
  async function attachText(file) {
    if (!isTooLarge(file)) set({ text: await readText(file), ...named("text", file) });
  }

  return { attach, attachText };
}
