/** Reads files of numbers and text. */

/** @import {State} from "../../state/state.js" */

const LARGEST_EDITABLE = 200_000; // characters that a text field still handles at ease

/**
 * A file as a patch of the state: a short text goes where it can be edited, the rest is attached.
 * @param {File} file @returns {Promise<Partial<Pick<State, "numbers" | "file">>>}
 */
export async function readFile(file) {
  if (file.name.toLowerCase().endsWith(".npy")) return { file: { name: file.name, npy: await base64(file) } };
  const text = await readText(file);
  return text.length <= LARGEST_EDITABLE ? { numbers: text, file: null } : { file: { name: file.name, text } };
}

/** @param {File} file */
export const readText = async (file) => decodeText(new Uint8Array(await file.arrayBuffer()));

/** @param {Blob} blob @returns {Promise<string>} */
function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/**
 * UTF-8 or UTF-16 by its mark; else as Korean spreadsheets still save, then as Western ones do.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export function decodeText(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  for (const encoding of ["utf-8", "euc-kr"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // not in this encoding
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}
