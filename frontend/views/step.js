/** One step of one unit: the six equations with their real numbers, and whether they agree with what is plotted. */

/** @import {Layer, Point, Quantity, Run} from "../state.js" */
/** @import {Content, Node} from "../dom.js" */
/** @import {Tensor} from "../tensor.js" */
/** @import {Translate} from "../i18n.js" */
import { visible } from "../characters.js";
import { h } from "../dom.js";
import { decimal, significant } from "../i18n.js";
import { at, step } from "../tensor.js";

/** PyTorch packs the rows of its four gates in this order. */
const PACKED = /** @type {const} */ (["input_gate", "forget_gate", "candidate", "output_gate"]);
/** @typedef {typeof PACKED[number]} Gate */
/** @type {Record<Gate, string>} */
const SUBSCRIPT = { forget_gate: "f", input_gate: "i", candidate: "C", output_gate: "o" };

/** @typedef {{input: number, hidden: number, bias: number, sum: number, value: number}} GateStep  what pushed a gate, and where it went */
/** @typedef {Record<Gate, GateStep> & {previous_cell: number, cell_state: number, hidden_state: number | null}} UnitStep  with a projection there are fewer hidden states than units */

/** @typedef {{from_input: Tensor | undefined, from_hidden: Tensor | undefined, biases: (Tensor | undefined)[], projection: Tensor | undefined}} Weights */

/** The weights of a layer and direction by the names of torch.nn.LSTM. @param {Record<string, Tensor>} state_dict @param {Layer} layer @returns {Weights} */
function weightsOf(state_dict, { layer, direction }) {
  const end = `_l${layer}${direction === "backward" ? "_reverse" : ""}`;
  return {
    from_input: state_dict[`weight_ih${end}`],
    from_hidden: state_dict[`weight_hh${end}`],
    biases: [state_dict[`bias_ih${end}`], state_dict[`bias_hh${end}`]],
    projection: state_dict[`weight_hr${end}`],
  };
}

/** What enters a layer: the sequence, or the hidden states of the layer below, its directions side by side. @param {Run} run @param {Layer} layer @param {number} time */
function inputOf({ layers, sequence }, { layer }, time) {
  if (layer === 0) return step(sequence.values, time);
  const below = layers.filter((candidate) => candidate.layer === layer - 1);
  return Float32Array.from(below.flatMap(({ hidden_state }) => [...step(hidden_state, time)]));
}

/** The state a step starts from: of the step before, which backward is the one after. @param {Layer} layer @param {number} time */
function stateBefore({ direction, initial_state, hidden_state, cell_state }, time) {
  const before = direction === "backward" ? time + 1 : time - 1;
  const steps = cell_state.shape[0] ?? 0;
  return before < 0 || before >= steps
    ? { hidden: initial_state.hidden_state.data, cell: initial_state.cell_state.data }
    : { hidden: step(hidden_state, before), cell: step(cell_state, before) };
}

/**
 * The step computed anew from the weights, x_t, h_{t−1} and C_{t−1}, in double precision.
 * @param {Run} run @param {Layer} layer @param {Point} point @returns {UnitStep}
 */
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
  const cell_state = gates.forget_gate.value * previous_cell + gates.input_gate.value * gates.candidate.value;
  const hidden_state = weights.projection
    ? projected(weights.projection, layer, time, unit)
    : gates.output_gate.value * Math.tanh(cell_state);
  return { ...gates, previous_cell, cell_state, hidden_state };
}

/** @param {Tensor} projection @param {Layer} layer @param {number} time @param {number} unit */
function projected(projection, { output_gate, cell_state }, time, unit) {
  if (unit >= (projection.shape[0] ?? 0)) return null;
  const opened = step(output_gate, time).map((value, index) => value * Math.tanh(at(cell_state, time, index)));
  return product(projection, unit, opened);
}

/** @param {Gate} gate @param {Weights} weights @param {number} row @param {Float32Array} x @param {Float32Array} previous @returns {GateStep} */
function gateStep(gate, { from_input, from_hidden, biases }, row, x, previous) {
  const input = product(from_input, row, x);
  const hidden = product(from_hidden, row, previous);
  const bias = biases.reduce((total, tensor) => total + Number(tensor?.data[row] ?? 0), 0);
  const sum = input + hidden + bias;
  return { input, hidden, bias, sum, value: gate === "candidate" ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum)) };
}

/** @param {Tensor | undefined} matrix @param {number} row @param {Float32Array} vector */
function product(matrix, row, vector) {
  return matrix
    ? step(matrix, row).reduce((sum, weight, index) => sum + weight * Number(vector[index]), 0)
    : Number.NaN;
}

/** The largest difference between a computed step and the plotted one. @param {UnitStep} computed @param {Layer} layer @param {Point} point */
export function difference(computed, layer, { time, unit }) {
  const values = { ...computed, ...Object.fromEntries(PACKED.map((gate) => [gate, computed[gate].value])) };
  const hidden = computed.hidden_state === null ? [] : ["hidden_state"];
  const names = /** @type {Quantity[]} */ ([...PACKED, "cell_state", ...hidden]);
  return Math.max(...names.map((name) => Math.abs(Number(values[name]) - at(layer[name], time, unit))));
}

/** @param {...Content} content */
const row = (...content) => h("mrow", null, ...content);
/** @param {string} name */
const mi = (name) => h("mi", null, name);
/** @param {string} sign */
const mo = (sign) => h("mo", null, sign);
/** @param {string} sign */
const fence = (sign) => h("mo", { stretchy: "false" }, sign);
/** @param {number} value */
const mn = (value) => h("mn", null, decimal(value));
/** A factor; a negative one in parentheses. @param {number} value */
const factor = (value) => (value < 0 ? row(fence("("), mn(value), fence(")")) : mn(value));
/** @param {string} name @param {string | Node} below */
const sub = (name, below) => h("msub", null, mi(name), typeof below === "string" ? mi(below) : below);
/** The step before, which backward is the one after. @param {Layer} layer */
const before = ({ direction }) => row(mi("t"), mo(direction === "backward" ? "+" : "−"), h("mn", null, "1"));
const tilde = () => h("msub", null, h("mover", { accent: "true" }, mi("C"), mo("~")), mi("t"));
/** A function of something. @param {string} name @param {...Content} inner */
const applied = (name, ...inner) => row(mi(name), fence("("), ...inner, fence(")"));
/** @param {number} value */
const result = (value) => h("mn", { class: "result" }, decimal(value));
/** A number with what it stands for beneath it. @param {number} value @param {string} name */
const named = (value, name) => h("munder", null, mn(value), h("mtext", null, name));
/** Another term of a sum, its sign before it. @param {number} value @param {string} name */
const plus = (value, name) => [mo(value < 0 ? "−" : "+"), named(Math.abs(value), name)];
/** @param {...Content[]} lines */
const equation = (...lines) => lines.map((line) => h("div", null, h("math", null, row(...line))));

/** @param {Gate} gate @param {GateStep} computed @param {Layer} layer */
function gateEquation(gate, { input, hidden, bias, sum, value }, layer) {
  const letter = SUBSCRIPT[gate];
  const apply = gate === "candidate" ? "tanh" : "σ";
  const left = gate === "candidate" ? tilde() : sub(letter, "t");
  const combined = [fence("["), sub("x", "t"), mo(","), sub("h", before(layer)), fence("]")];
  return equation(
    [left, mo("="), applied(apply, sub("W", letter), mo("·"), ...combined, mo("+"), sub("b", letter))],
    [mo("="), applied(apply, named(input, "x"), plus(hidden, "h"), plus(bias, "b"))],
    [mo("="), applied(apply, mn(sum)), mo("="), result(value)],
  );
}

/** @param {UnitStep} computed @param {Layer} layer */
function cellEquation({ forget_gate, input_gate, candidate, previous_cell, cell_state }, layer) {
  const kept = [factor(forget_gate.value), mo("·"), factor(previous_cell)];
  const written = [factor(input_gate.value), mo("·"), factor(candidate.value)];
  return equation(
    [sub("C", "t"), mo("="), sub("f", "t"), mo("⊙"), sub("C", before(layer)), mo("+"), sub("i", "t"), mo("⊙"), tilde()],
    [mo("="), ...kept, mo("+"), ...written],
    [mo("="), result(cell_state)],
  );
}

/** @param {UnitStep} computed @param {boolean} isProjected @param {Translate} t */
function hiddenEquation({ output_gate, cell_state, hidden_state }, isProjected, t) {
  if (hidden_state === null) return [h("p", { class: "hint" }, t("step.not_projected"))];
  if (isProjected) {
    const opened = [fence("("), sub("o", "t"), mo("⊙"), applied("tanh", sub("C", "t")), fence(")")];
    return equation([sub("h", "t"), mo("="), sub("W", "h"), mo("·"), ...opened], [mo("="), result(hidden_state)]);
  }
  return equation(
    [sub("h", "t"), mo("="), sub("o", "t"), mo("⊙"), applied("tanh", sub("C", "t"))],
    [mo("="), factor(output_gate.value), mo("·"), applied("tanh", mn(cell_state)), mo("="), result(hidden_state)],
  );
}

/** A bar from zero to the value, on the scale of its quantity. @param {number} value @param {boolean} signed */
function bar(value, signed) {
  const zero = signed ? 50 : 0;
  const length = Math.min(Math.abs(value), 1) * (signed ? 50 : 100);
  const shape = {
    class: value < 0 ? "negative" : "positive",
    x: value < 0 ? zero - length : zero,
    y: 0,
    width: length,
    height: 6,
  };
  const axis = signed && h("rect", { class: "zero", x: 49.75, y: 0, width: 0.5, height: 6 });
  const ground = h("rect", { class: "ground", x: 0, y: 0, width: 100, height: 6 });
  return h(
    "svg",
    { class: "bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    ground,
    h("rect", shape),
    axis,
  );
}

/**
 * @param {Run} run @param {Layer} layer @param {Point} point @param {Translate} t
 * @returns {Content[]}
 */
export function panel(run, layer, point, t) {
  const computed = compute(run, layer, point);
  const entry = (
    /** @type {Quantity} */ quantity,
    /** @type {number | null} */ value,
    /** @type {Node[]} */ equations,
  ) =>
    h(
      "section",
      { class: "equation", "aria-label": t(`quantity.${quantity}`), "data-quantity": quantity },
      h(
        "header",
        null,
        h("h3", null, t(`quantity.${quantity}`)),
        h("output", null, value === null ? "" : decimal(value)),
      ),
      value !== null && bar(value, !["forget_gate", "input_gate", "output_gate"].includes(quantity)),
      equations,
    );
  const gate = (/** @type {Gate} */ name) =>
    entry(name, computed[name].value, gateEquation(name, computed[name], layer));
  return [
    heading(run, layer, point, t),
    gate("forget_gate"),
    gate("input_gate"),
    gate("candidate"),
    gate("output_gate"),
    entry("cell_state", computed.cell_state, cellEquation(computed, layer)),
    entry("hidden_state", computed.hidden_state, hiddenEquation(computed, run.model.proj_size > 0, t)),
    check(difference(computed, layer, point), Math.max(1, Math.abs(computed.cell_state)), t),
  ];
}

/** @param {Run} run @param {Layer} layer @param {Point} point @param {Translate} t */
function heading(run, layer, { time, unit }, t) {
  const { characters } = run.sequence;
  const character = layer.layer === 0 ? characters?.[time] : undefined;
  const entered = inputOf(run, layer, time);
  const values = [...entered].slice(0, 4).map((value) => decimal(value));
  const more = entered.length > 4 ? ", …" : "";
  const input = character === undefined ? `x = ${values.join(", ")}${more}` : `x = “${visible(character)}”`;
  return h(
    "div",
    { class: "heading" },
    h("h2", null, t("step.title", { time, unit })),
    run.layers.length > 1 && h("p", { class: "hint" }, placeOf(layer, t)),
    h("p", { class: "hint" }, input),
  );
}

/** Rounding of the float32 run itself: its gates are sums of some hundred products. @param {number} largest @param {number} scale @param {Translate} t */
function check(largest, scale, t) {
  const agrees = largest <= 5e-6 * scale;
  const text = t(agrees ? "step.agrees" : "step.disagrees", { difference: significant(largest) });
  return h(
    "p",
    { class: `check ${agrees ? "good" : "bad"}`, "data-difference": largest },
    `${agrees ? "✓" : "✗"} ${text}`,
  );
}

/** @param {Layer} layer @param {Translate} t */
function placeOf({ layer, direction }, t) {
  return `${t("layers.layer", { index: layer })}, ${t(`layers.${direction}`)}`;
}
