/** The panel beside every tab: one step of one unit, its equations in numbers, and what pushed each gate. */

/** @import {Form} from "../controls/form.js" */
/** @import {Layer, Run} from "../state/answers.js" */
/** @import {Quantity} from "../state/choices.js" */
/** @import {Point} from "../state/state.js" */
/** @import {Content} from "../base/dom.js" */
/** @import {Gate} from "./cell.js" */
import { compute, difference, GATES } from "./cell.js";
import * as cellUpdate from "./cell_update.js";
import { cellEquation, gateEquation, hiddenEquation } from "./equations.js";
import * as pushes from "./pushes.js";
import * as step from "./step.js";

/** @param {Form} form @param {Run} run @param {Layer} layer @param {Point} point @returns {Content[]} */
export function panel(form, run, layer, point) {
  const { t, state } = form;
  const computed = compute(run, layer, point);
  const entry = (
    /** @type {Quantity} */ quantity,
    /** @type {number | null} */ value,
    /** @type {Content[]} */ content,
  ) => step.entry(quantity, value, content, t);
  const explained = GATES.find((gate) => state.pushed.includes(gate));
  const gate = (/** @type {Gate} */ name) =>
    entry(name, computed[name].value, [
      gateEquation(name, computed[name], layer),
      pushes.panel(form, { run, layer, time: point.time, gate: name, isExplained: name === explained }, computed[name]),
    ]);
  return [
    step.heading(run, layer, point, t),
    GATES.map(gate),
    entry("cell_state", computed.cell_state, [
      cellEquation(computed, layer),
      cellUpdate.picture(computed, cellUpdate.rangeOf(layer, point.unit), t),
    ]),
    entry("hidden_state", computed.hidden_state, hiddenEquation(computed, run.model.proj_size > 0, t)),
    step.check(difference(computed, layer, point), Math.max(1, Math.abs(computed.cell_state)), t),
  ];
}
