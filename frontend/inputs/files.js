/** Files: what a dropped one holds, and what a downloaded one says. */

import { at, toLists } from "../base/tensor.js";
/** @import {Layer, Run} from "../state/answers.js" */
/** @import {Quantity} from "../state/choices.js" */
/** @import {State} from "../state/state.js" */
import { QUANTITIES } from "../state/choices.js";

const LARGEST_EDITABLE = 200_000; // characters that a text field still handles at ease
const MOST_FEATURES_IN_CSV = 64;

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

/** UTF-8 or UTF-16 by its mark; else as Korean spreadsheets still save, then as Western ones do. @param {Uint8Array<ArrayBuffer>} bytes */
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

/**
 * The steps on screen, one line for each layer, direction, step and unit: the long form that pandas, R and spreadsheets pivot.
 * @param {Run} run @param {[number, number]} shown
 */
export function toCsv(run, [first, last]) {
  const { features, values, characters } = run.sequence;
  const fed = characters ? [] : features.slice(0, MOST_FEATURES_IN_CSV);
  const head = [
    "layer",
    "direction",
    "time",
    "unit",
    ...(characters ? ["character"] : fed.map((name) => `x ${name}`)),
    ...QUANTITIES,
  ];
  const lines = [head.map(quoted).join(",")];
  for (const layer of run.layers) {
    for (let time = first; time <= last; time += 1) {
      const input = characters ? [quoted(characters[time] ?? "")] : fed.map((_, feature) => at(values, time, feature));
      for (let unit = 0; unit < run.model.hidden_size; unit += 1) {
        const place = [layer.layer, layer.direction, time, unit];
        lines.push([...place, ...input, ...QUANTITIES.map((name) => cell(layer, name, time, unit))].join(","));
      }
    }
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** Empty where there is none: with a projection there are fewer hidden states than units. @param {Layer} layer @param {Quantity} quantity @param {number} time @param {number} unit */
const cell = (layer, quantity, time, unit) =>
  unit < (layer[quantity].shape[1] ?? 0) ? at(layer[quantity], time, unit) : "";

/** A cell of CSV (RFC 4180). @param {string} text */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The answer as the API gives it with encoding=list, and the request that leads to it. @param {object} request @param {Run} run */
export function toJson(request, run) {
  return JSON.stringify({ request, ...run }, (_key, value) =>
    value?.data instanceof Float32Array ? toLists(value) : value,
  );
}

/** @param {string} name @param {string | Blob} content a blob, or a data: address */
export function save(name, content) {
  const href = typeof content === "string" ? content : URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href, download: name });
  link.click();
  if (typeof content !== "string") setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
