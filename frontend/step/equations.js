/** The six equations of one step with their real numbers, as MathML. */

/** @import {Layer} from "../state/answers.js" */
/** @import {Gate, GateStep, UnitStep} from "./cell.js" */
/** @import {Content, Node} from "../base/dom.js" */
/** @import {Translate} from "../base/i18n.js" */
import { h } from "../base/dom.js";
import { decimal } from "../base/i18n.js";

/** @type {Record<Gate, string>} */
const SUBSCRIPT = { forget_gate: "f", input_gate: "i", candidate: "C", output_gate: "o" };

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
/** The previous step, which is the next one in a backward layer. @param {Layer} layer */
const before = ({ direction }) => row(mi("t"), mo(direction === "backward" ? "+" : "−"), h("mn", null, "1"));
const tilde = () => h("msub", null, h("mover", { accent: "true" }, mi("C"), mo("~")), mi("t"));
/** A function of something. @param {string} name @param {...Content} inner */
const applied = (name, ...inner) => row(mi(name), fence("("), ...inner, fence(")"));
/** @param {number} value */
const result = (value) => h("mn", { class: "result" }, decimal(value));
/** A number with its name beneath it. @param {number} value @param {string} name */
const named = (value, name) => h("munder", null, mn(value), h("mtext", null, name));
/** Another term of a sum, its sign before it. @param {number} value @param {string} name */
const plus = (value, name) => [mo(value < 0 ? "−" : "+"), named(Math.abs(value), name)];
/** @param {...Content[]} lines */
const equation = (...lines) => lines.map((line) => h("div", null, h("math", null, row(...line))));

/** @type {Map<string, Node[]>} */
const symbolic = new Map();
/**
 * The line without numbers, made once: the same object is not rendered again.
 * @param {string} name @param {Layer} layer @param {() => Content[]} line
 */
function once(name, { direction }, line) {
  const key = `${name} ${direction}`;
  const made = symbolic.get(key) ?? equation(line());
  symbolic.set(key, made);
  return made;
}

/** @param {Gate} gate @param {GateStep} computed @param {Layer} layer */
export function gateEquation(gate, { input, hidden, bias, sum, value }, layer) {
  const letter = SUBSCRIPT[gate];
  const apply = gate === "candidate" ? "tanh" : "σ";
  return [
    ...once(gate, layer, () => {
      const left = gate === "candidate" ? tilde() : sub(letter, "t");
      const combined = [fence("["), sub("x", "t"), mo(","), sub("h", before(layer)), fence("]")];
      return [left, mo("="), applied(apply, sub("W", letter), mo("·"), ...combined, mo("+"), sub("b", letter))];
    }),
    ...equation(
      [mo("="), applied(apply, named(input, "x"), plus(hidden, "h"), plus(bias, "b"))],
      [mo("="), applied(apply, mn(sum)), mo("="), result(value)],
    ),
  ];
}

/** @param {UnitStep} computed @param {Layer} layer */
export function cellEquation({ forget_gate, input_gate, candidate, previous_cell, cell_state }, layer) {
  const kept = [factor(forget_gate.value), mo("·"), factor(previous_cell)];
  const written = [factor(input_gate.value), mo("·"), factor(candidate.value)];
  return [
    ...once("cell_state", layer, () => {
      const product = [sub("f", "t"), mo("⊙"), sub("C", before(layer))];
      return [sub("C", "t"), mo("="), ...product, mo("+"), sub("i", "t"), mo("⊙"), tilde()];
    }),
    ...equation([mo("="), ...kept, mo("+"), ...written], [mo("="), result(cell_state)]),
  ];
}

/** @param {UnitStep} computed @param {boolean} isProjected @param {Translate} t */
export function hiddenEquation({ output_gate, cell_state, hidden_state }, isProjected, t) {
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
