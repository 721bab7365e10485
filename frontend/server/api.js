/** The server, as functions: a request in, decoded typed arrays or a Problem out. */

import { decode, isWireTensor } from "../base/tensor.js";
/** @import {ServerEvent} from "./events.js" */
/** @import {Fault, Run, Signal, StoredModel, ZooModel} from "../state/answers.js" */
import { eventsOf } from "./events.js";

const MODELS = "api/v1/models";
const JSON_TYPE = { "Content-Type": "application/json" };

/** @type {Fault} */
const NO_ANSWER = { field: "", code: "no_answer", message: "The server does not answer." };

/** A refusal of the server, with its faults (RFC 9457). */
export class Problem extends Error {
  /** @param {number} status 0: no answer at all @param {Fault[]} faults */
  constructor(status, faults) {
    super(faults[0]?.message);
    this.status = status;
    this.faults = faults;
  }
}

/** @param {object} request @param {AbortSignal} signal @returns {Promise<Run>} */
export async function postTrace(request, signal) {
  const body = JSON.stringify(request);
  return decodeTensors(
    await fetchJson("api/v1/traces?encoding=base64&weights=true", { method: "POST", headers: JSON_TYPE, body, signal }),
  );
}

/** @param {string} name of the question @param {object} request @param {AbortSignal} signal @returns {Promise<any>} */
export async function postAnalysis(name, request, signal) {
  const body = JSON.stringify(request);
  const path = `api/v1/analyses/${name}?encoding=base64`;
  return decodeTensors(await fetchJson(path, { method: "POST", headers: JSON_TYPE, body, signal }));
}

/**
 * An analysis that takes long, as events while it goes on; the end of the request ends the work.
 * @param {string} name of the question
 * @param {object} request
 * @param {AbortSignal} signal @returns {AsyncGenerator<ServerEvent>}
 */
export async function* streamAnalysis(name, request, signal) {
  const body = JSON.stringify(request);
  const answer = await fetchAnswer(`api/v1/analyses/${name}`, { method: "POST", headers: JSON_TYPE, body, signal });
  if (!answer.ok) throw problemOf(answer, await readJson(answer));
  try {
    if (answer.body) yield* eventsOf(answer.body);
  } catch (error) {
    throw signal.aborted ? error : new Problem(0, [NO_ANSWER]);
  }
}

/** @param {File} file @returns {Promise<StoredModel>} */
export function uploadModel(file) {
  const headers = { "Content-Type": "application/octet-stream" };
  return fetchJson(`${MODELS}?name=${encodeURIComponent(file.name)}`, { method: "POST", headers, body: file });
}

/** @returns {Promise<StoredModel[]>} */
export async function getModels() {
  return (await fetchJson(MODELS)).models;
}

/**
 * @param {string} id @param {{name?: string, vocabulary?: string | string[] | null}} change
 * @returns {Promise<StoredModel>}
 */
export function changeModel(id, change) {
  return fetchJson(`${MODELS}/${id}`, { method: "PATCH", headers: JSON_TYPE, body: JSON.stringify(change) });
}

/** The tensors of a stored model as a file of safetensors. @param {string} id @returns {Promise<ArrayBuffer>} */
export async function getModelFile(id) {
  const response = await fetchAnswer(`${MODELS}/${id}/file`);
  if (!response.ok) throw problemOf(response, await readJson(response));
  return response.arrayBuffer();
}

/** @param {string} id @param {RequestInit} [options] */
export function deleteModel(id, options) {
  return fetchJson(`${MODELS}/${id}`, { method: "DELETE", ...options });
}

/** @returns {Promise<Signal[]>} */
export async function getSignals() {
  return (await fetchJson("api/v1/signals")).signals;
}

/** @returns {Promise<ZooModel[]>} */
export async function getZoo() {
  return (await fetchJson("api/v1/zoo")).models;
}

/** @returns {Promise<Record<string, number>>} */
export function getLimits() {
  return fetchJson("api/v1/limits");
}

/** Whether the server answers. */
export const isThere = () =>
  fetch("healthz").then(
    () => true,
    () => false,
  );

/** @param {string} path @param {RequestInit} [options] @returns {Promise<any>} */
async function fetchJson(path, options) {
  const response = await fetchAnswer(path, options);
  const answer = await readJson(response);
  if (response.ok) return answer;
  throw problemOf(response, answer);
}

/** @param {string} path @param {RequestInit} [options] */
async function fetchAnswer(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    throw new Problem(0, [NO_ANSWER]);
  }
}

/** @param {Response} response @returns {Promise<any>} */
const readJson = (response) => response.json().catch(() => ({}));

/** @param {Response} response @param {{detail?: string, errors?: Fault[]}} answer */
function problemOf({ status, statusText }, { detail = statusText, errors = [] }) {
  return new Problem(status, errors.length ? errors : [{ field: "", message: detail }]);
}

/** Replaces every tensor of the wire inside an answer. @param {any} value @returns {any} */
export function decodeTensors(value) {
  if (isWireTensor(value)) return decode(value);
  if (Array.isArray(value)) return value.map(decodeTensors);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decodeTensors(inner)]));
}

/** The request as a command for a shell. @param {string} base address of the page @param {object} request */
export function asCurl(base, request) {
  const body = JSON.stringify(request).replaceAll("'", "'\\''");
  return `curl -sS '${new URL("api/v1/traces", base)}' -H 'Content-Type: application/json' --data-raw '${body}'`;
}
