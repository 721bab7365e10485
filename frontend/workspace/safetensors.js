/**
 * Files of safetensors: tensors by name, and a few texts. https://github.com/huggingface/safetensors
 */

const LENGTH = 8; // bytes of the header's length, little-endian
const METADATA = "__metadata__";

/** @typedef {{name: string, dtype: string, shape: number[], bytes: Uint8Array<ArrayBuffer>}} StoredTensor */
/** @typedef {{tensors: StoredTensor[], metadata: Record<string, string>}} Safetensors */

/** @param {ArrayBuffer} buffer @returns {Safetensors} @throws {Error} where it is no such file */
export function read(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const { [METADATA]: metadata = {}, ...entries } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, LENGTH, length)),
  );
  const tensors = Object.entries(entries).map(([name, { dtype, shape, data_offsets }]) => {
    const [start, end] = data_offsets;
    return { name, dtype, shape, bytes: new Uint8Array(buffer, LENGTH + length + start, end - start) };
  });
  return { tensors, metadata };
}

/** @param {Safetensors} content @returns {Blob} */
export function write({ tensors, metadata }) {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, bytes }) => {
    const start = end;
    end += bytes.byteLength;
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify({ [METADATA]: metadata, ...Object.fromEntries(entries) }));
  const padding = -header.byteLength & (LENGTH - 1); // tensors begin at a multiple of 8
  const length = new DataView(new ArrayBuffer(LENGTH));
  length.setBigUint64(0, BigInt(header.byteLength + padding), true);
  return new Blob([length.buffer, header, " ".repeat(padding), ...tensors.map(({ bytes }) => bytes)]);
}
