/** The endings of model files, for the chooser of files, for drops and for the reader. */

export const USUAL = [".safetensors", ".pt", ".pth", ".ckpt", ".onnx", ".keras", ".weights.h5"];
export const ALL = [...USUAL, ".bin", ".h5", ".hdf5"];

/** @param {File} file */
export const isModelFile = ({ name }) => ALL.some((ending) => name.toLowerCase().endsWith(ending));
