/** Tensors: float32 numbers with a shape, decoded once from the wire and then only looked at. */

/** @typedef {{dtype: "f4", shape: string, bdata: string}} WireTensor */
/** @typedef {{data: Float32Array<ArrayBuffer>, shape: number[]}} Tensor  time-major: (T, H), (T, I) or (H) */

/** @param {any} value @returns {value is WireTensor} */
export function isWireTensor(value) {
  return value?.dtype === "f4" && typeof value.bdata === "string";
}

/**
 * Natively where the browser can, which is ten times faster.
 * @param {string} base64
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(base64) {
  const native = /** @type {any} */ (Uint8Array).fromBase64;
  if (native) return native.call(Uint8Array, base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** @param {WireTensor} wire @returns {Tensor} */
export function decode(wire) {
  return { data: new Float32Array(bytesOf(wire.bdata).buffer), shape: wire.shape.split(",").map(Number) };
}

/** @param {Tensor} tensor @param {number} time @param {number} unit @returns {number} */
export function at({ data, shape: [, width = 1] }, time, unit) {
  return /** @type {number} */ (data[time * width + unit]);
}

/** One step, as a view: no copy. @param {Tensor} tensor @param {number} time */
export function step({ data, shape: [, width = 1] }, time) {
  return data.subarray(time * width, (time + 1) * width);
}

/** @type {WeakMap<Tensor, Float32Array[]>} */
const stepsOf = new WeakMap();

/**
 * All steps, as views. Plotly compares arrays by identity, so one tensor always gives the same array.
 * @param {Tensor} tensor
 */
export function steps(tensor) {
  let rows = stepsOf.get(tensor);
  if (!rows) {
    rows = Array.from({ length: tensor.shape[0] ?? 0 }, (_, time) => step(tensor, time));
    stepsOf.set(tensor, rows);
  }
  return rows;
}

/** One unit (or feature) over time. @param {Tensor} tensor @param {number} unit */
export function series(tensor, unit) {
  return Float32Array.from(steps(tensor), (row) => /** @type {number} */ (row[unit]));
}

/** @typedef {{minimum: number, maximum: number, mean: number}} Summary */
/** @type {WeakMap<Tensor, Summary>} */
const summaryOf = new WeakMap();

/** Worked out once for each tensor. @param {Tensor} tensor @returns {Summary} */
export function summary(tensor) {
  const known = summaryOf.get(tensor) ?? summarise(tensor);
  summaryOf.set(tensor, known);
  return known;
}

/** @param {Tensor} tensor @returns {Summary} */
function summarise({ data }) {
  let minimum = Infinity;
  let maximum = -Infinity;
  let sum = 0;
  for (const value of data) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    sum += value;
  }
  return { minimum, maximum, mean: sum / data.length };
}

/** The rows of a matrix as plain lists; a vector as one list. @param {Tensor} tensor */
export function toLists(tensor) {
  return tensor.shape.length === 1 ? [...tensor.data] : steps(tensor).map((row) => [...row]);
}
