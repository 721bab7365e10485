/**
 * A workspace as one file of safetensors, which opens the same view on another machine, with or without the model.
 */

/** @import {Raw} from "../state/raw_data.js" */
/** @import {StoredModel} from "../state/answers.js" */
/** @import {Workspace} from "./record.js" */
import * as safetensors from "./safetensors.js";

export const SUFFIX = ".gatescope";
const SESSION = "gatescope.session"; // the tensor of bytes that holds the workspace as JSON
const KIND = "gatescope";
const VERSION = 1;

/** @typedef {Pick<StoredModel, "id" | "name" | "file_name" | "vocabulary">} NamedModel */
/**
 * @typedef {object} Session
 * @property {Workspace} workspace
 * @property {[string, Raw][]} data  that the workspace names
 * @property {NamedModel | null} model  the stored model that it is of
 */

/**
 * @param {Session} session
 * @param {ArrayBuffer | null} file  the model as safetensors; its tensors keep their names, so that any program that
 *   reads safetensors finds the model
 * @returns {Blob}
 */
export function pack(session, file) {
  const bytes = new TextEncoder().encode(JSON.stringify(session));
  const own = { name: SESSION, dtype: "U8", shape: [bytes.byteLength], bytes };
  const tensors = file ? safetensors.read(file).tensors : [];
  return safetensors.write({ tensors: [...tensors, own], metadata: { [KIND]: JSON.stringify({ version: VERSION }) } });
}

/**
 * @param {ArrayBuffer} buffer @returns {{session: Session, model: Blob | null}} model: its file, where it came along
 * @throws {Error} where it is no session
 */
export function unpack(buffer) {
  const { tensors, metadata } = safetensors.read(buffer);
  const { version } = JSON.parse(metadata[KIND] ?? "{}");
  const own = tensors.find(({ name }) => name === SESSION);
  if (!own || version !== VERSION) throw new TypeError(SESSION);
  const others = tensors.filter((tensor) => tensor !== own);
  return {
    session: checked(JSON.parse(new TextDecoder().decode(own.bytes))),
    model: others.length > 0 ? safetensors.write({ tensors: others, metadata: {} }) : null,
  };
}

/** A stranger's file may hold anything. @param {any} content @returns {Session} */
function checked({ workspace, data, model }) {
  const texts = [workspace.search, workspace.hypothesisDetail, ...data.flatMap(textsIn)];
  if (!texts.every((text) => typeof text === "string")) throw new TypeError(SESSION);
  return { workspace: { ...workspace, drafts: {}, beforeTour: null }, data, model };
}

/** @param {[string, any]} entry */
const textsIn = ([name, { text, numbers, file }]) => [
  name,
  text ?? numbers,
  ...(file ? [file.name, file.npy ?? file.text] : []),
];
