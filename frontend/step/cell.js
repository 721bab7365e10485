/** One step of one unit, computed anew from the weights in double precision: the terms of each gate and its effect. */

/** @import {Layer, Run} from "../state/answers.js" */
/** @import {DIRECTIONS, Quantity} from "../state/choices.js" */
/** @import {Point} from "../state/state.js" */
/** @import {Tensor} from "../base/tensor.js" */
import { at, step } from "../base/tensor.js";

/** In the order of the equations. */
export const GATES = /** @type {const} */ (["forget_gate", "input_gate", "candidate", "output_gate"]);
/** @typedef {typeof GATES[number]} Gate */

/** PyTorch packs the rows of its four gates in this order. @type {readonly Gate[]} */
const PACKED = ["input_gate", "forget_gate", "candidate", "output_gate"];

/**
 * @typedef {object} GateStep  what pushed a gate, and where it went
 * @property {Float64Array} pushes  the terms of its sum: of each entry of x_t, of each of h_{t−1}, and last the bias
 * @property {number} input  those of x_t together
 * @property {number} hidden  those of h_{t−1}
 * @property {number} bias
 * @property {number} sum  the pre-activation
 * @property {number} value  σ or, for the candidate, tanh of it
 */
/**
 * @typedef {object} CellUpdate
 * @property {number} previous_cell  C_{t−1}
 * @property {number} kept  f_t·C_{t−1}
 * @property {number} written  i_t·C̃_t
 * @property {number} cell_state  their sum
 */
/** @typedef {{hidden_state: number | null}} UnitOutput  null: with a projection there are fewer of them than units */
/** @typedef {Record<Gate, GateStep> & CellUpdate & UnitOutput} UnitStep */
/**
 * @typedef {object} Weights  of a layer and direction
 * @property {Tensor | undefined} from_input
 * @property {Tensor | undefined} from_hidden
 * @property {(Tensor | undefined)[]} biases
 * @property {Tensor | undefined} projection
 */

/**
 * The weights by the names of torch.nn.LSTM.
 * @param {Record<string, Tensor>} state_dict @param {Layer} layer @returns {Weights}
 */
function weightsOf(state_dict, { layer, direction }) {
  const end = `_l${layer}${direction === "backward" ? "_reverse" : ""}`;
  return {
    from_input: state_dict[`weight_ih${end}`],
    from_hidden: state_dict[`weight_hh${end}`],
    biases: [state_dict[`bias_ih${end}`], state_dict[`bias_hh${end}`]],
    projection: state_dict[`weight_hr${end}`],
  };
}

/** The directions of the layer below. @param {Run} run @param {Layer} layer */
const belowOf = ({ layers }, { layer }) => layers.filter((candidate) => candidate.layer === layer - 1);

/**
 * The input of a layer: the sequence, or the hidden states of the layer below with its directions side by side.
 * @param {Run} run @param {Layer} layer @param {number} time
 */
export function inputOf(run, layer, time) {
  if (layer.layer === 0) return step(run.sequence.values, time);
  return Float32Array.from(belowOf(run, layer).flatMap(({ hidden_state }) => [...step(hidden_state, time)]));
}

/**
 * The previous step, which is the next one in a backward layer; null: the initial state comes before.
 * @param {Layer} layer @param {number} time
 */
function timeBefore({ direction, cell_state }, time) {
  const before = direction === "backward" ? time + 1 : time - 1;
  return before < 0 || before >= (cell_state.shape[0] ?? 0) ? null : before;
}

/** @param {Layer} layer @param {number} time */
function stateBefore(layer, time) {
  const { initial_state, hidden_state, cell_state } = layer;
  const before = timeBefore(layer, time);
  return before === null
    ? { hidden: initial_state.hidden_state.data, cell: initial_state.cell_state.data }
    : { hidden: step(hidden_state, before), cell: step(cell_state, before) };
}

/** @param {Run} run @param {Layer} layer @param {Point} point @returns {UnitStep} */
export function compute(run, layer, { time, unit }) {
  const x = inputOf(run, layer, time);
  const { hidden, cell } = stateBefore(layer, time);
  const weights = weightsOf(run.model.state_dict, layer);
  const previous_cell = Number(cell[unit]);
  const gates = /** @type {Record<Gate, GateStep>} */ (
    Object.fromEntries(
      PACKED.map((gate, index) => [gate, gateStep(gate, weights, index * run.model.hidden_size + unit, x, hidden)]),
    )
  );
  const kept = gates.forget_gate.value * previous_cell;
  const written = gates.input_gate.value * gates.candidate.value;
  const cell_state = kept + written;
  const hidden_state = weights.projection
    ? projected(weights.projection, layer, time, unit)
    : gates.output_gate.value * Math.tanh(cell_state);
  return { ...gates, previous_cell, kept, written, cell_state, hidden_state };
}

/** @param {Tensor} projection @param {Layer} layer @param {number} time @param {number} unit */
function projected(projection, { output_gate, cell_state }, time, unit) {
  if (unit >= (projection.shape[0] ?? 0)) return null;
  const opened = step(output_gate, time).map((value, index) => value * Math.tanh(at(cell_state, time, index)));
  return step(projection, unit).reduce((sum, weight, index) => sum + weight * Number(opened[index]), 0);
}

/**
 * @param {Gate} gate
 * @param {Weights} weights
 * @param {number} row
 * @param {Float32Array} x
 * @param {Float32Array} previous
 * @returns {GateStep}
 */
function gateStep(gate, { from_input, from_hidden, biases }, row, x, previous) {
  const pushes = new Float64Array(x.length + previous.length + 1);
  const input = push(pushes, 0, from_input, row, x);
  const hidden = push(pushes, x.length, from_hidden, row, previous);
  const bias = biases.reduce((total, tensor) => total + Number(tensor?.data[row] ?? 0), 0);
  pushes[pushes.length - 1] = bias;
  const sum = input + hidden + bias;
  return { pushes, input, hidden, bias, sum, value: gate === "candidate" ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum)) };
}

/**
 * Writes each weight of a row times its input into `pushes`, from `first` on.
 * @param {Float64Array} pushes
 * @param {number} first
 * @param {Tensor | undefined} matrix
 * @param {number} row
 * @param {Float32Array} inputs
 * @returns {number} their sum
 */
function push(pushes, first, matrix, row, inputs) {
  if (!matrix) return Number.NaN;
  const weights = step(matrix, row);
  let sum = 0;
  for (let index = 0; index < inputs.length; index += 1) {
    const product = Number(weights[index]) * Number(inputs[index]);
    pushes[first + index] = product;
    sum += product;
  }
  return sum;
}

/**
 * The largest difference between a computed step and the plotted one.
 * @param {UnitStep} computed @param {Layer} layer @param {Point} point
 */
export function difference(computed, layer, { time, unit }) {
  const values = { ...computed, ...Object.fromEntries(GATES.map((gate) => [gate, computed[gate].value])) };
  const hidden = computed.hidden_state === null ? [] : ["hidden_state"];
  const names = /** @type {Quantity[]} */ ([...GATES, "cell_state", ...hidden]);
  return Math.max(...names.map((name) => Math.abs(Number(values[name]) - at(layer[name], time, unit))));
}

/**
 * @typedef {object} Place  of a hidden state
 * @property {number} layer
 * @property {typeof DIRECTIONS[number]} direction
 * @property {number} unit
 * @property {number | null} time  null: the initial state
 */
/**
 * @typedef {{kind: "feature", feature: number} | {kind: "below" | "hidden", place: Place} | {kind: "bias"}} Origin
 * the source of a push: an input feature, a unit of the layer below at this step, a unit of this layer at the
 * previous step, or the bias
 */

/**
 * @param {Run} run @param {Layer} layer @param {number} time @param {number} index  among the pushes @returns {Origin}
 */
export function originOf(run, layer, time, index) {
  const before = belowOf(run, layer);
  const inputs = layer.layer === 0 ? run.model.input_size : before.reduce((sum, each) => sum + widthOf(each), 0);
  if (index >= inputs + widthOf(layer)) return { kind: "bias" };
  if (index >= inputs) {
    const place = { ...placeOf(layer), unit: index - inputs, time: timeBefore(layer, time) };
    return { kind: "hidden", place };
  }
  return layer.layer === 0
    ? { kind: "feature", feature: index }
    : { kind: "below", place: placeIn(before, index, time) };
}

/** @param {Layer[]} layers @param {number} index  in their hidden states side by side @param {number} time */
function placeIn(layers, index, time) {
  let unit = index;
  for (const layer of layers) {
    if (unit < widthOf(layer)) return { ...placeOf(layer), unit, time };
    unit -= widthOf(layer);
  }
  throw new RangeError(`${index} lies beyond the layer below`);
}

/** The number of its hidden states. @param {Layer} layer */
const widthOf = ({ hidden_state }) => hidden_state.shape[1] ?? 0;

/** @param {Layer} layer @returns {{layer: number, direction: Place["direction"]}} */
const placeOf = ({ layer, direction }) => ({ layer, direction: direction === "backward" ? "backward" : "forward" });
