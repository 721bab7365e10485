/** How saturated the gates are: the places of the three plots, and the chosen unit in numbers. */

import { h } from "../../base/dom.js";
import { decimal } from "../../base/i18n.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Tensor} from "../../base/tensor.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { LOOK } from "../../charts/look.js";
import { chartPlace } from "../../controls/answer.js";
import { table } from "../../controls/table.js";

export const GATES = /** @type {const} */ (["forget_gate", "input_gate", "output_gate"]);

/** @typedef {typeof GATES[number]} Gate */
/** @typedef {{left: Tensor, right: Tensor}} Saturation  the share of steps for each unit */
/** @typedef {Record<Gate, Saturation>} Gates */
/** @typedef {{saturation: Gates, others: {saturation: Gates}[], thresholds: {left: number, right: number}}} Health */

/** @param {Gate} gate */
export const placeOf = (gate) => `saturation-${gate}`;

/** @param {Form} form @param {Health} answer @returns {Content[]} */
export function panel(form, answer) {
  const { t } = form;
  const plots = GATES.map((gate) =>
    h(
      "div",
      { key: gate },
      h("h3", null, h("b", null, LOOK[gate].symbol), " ", t(`quantity.${gate}`)),
      chartPlace(placeOf(gate), described(answer, gate, t)),
    ),
  );
  return [
    h(
      "div",
      { class: "saturations", key: "plots" },
      h("div", { class: "saturation" }, plots),
      answer.others.length > 0 && h("p", { class: "hint" }, t("health.other_layers")),
    ),
    chosen(form, answer),
  ];
}

/** A plot in words, for a screen reader. @param {Health} answer @param {Gate} gate @param {Translate} t */
function described({ saturation, thresholds }, gate, t) {
  const { left, right } = saturation[gate];
  const most = (/** @type {Tensor} */ { data }) => data.filter((share) => share > 0.5).length;
  const counts = { units: right.data.length, open: most(right), shut: most(left) };
  return t("health.described", { gate: t(`quantity.${gate}`), ...counts, ...thresholds });
}

/** @param {Form} form @param {Health} answer */
function chosen({ t, state, set }, { saturation, thresholds }) {
  const { unit } = state;
  const head = [
    t("lines.unit", { unit }),
    t("health.shut", thresholds),
    t("health.between"),
    t("health.open", thresholds),
  ];
  const isThere = unit < saturation.forget_gate.left.data.length;
  const row = (/** @type {Gate} */ gate) => {
    const [shut, open] = [Number(saturation[gate].left.data[unit]), Number(saturation[gate].right.data[unit])];
    const shares = [shut, 1 - shut - open, open].map((share) => h("td", null, `${decimal(100 * share, 0)}%`));
    return h("tr", null, h("th", { scope: "row" }, t(`quantity.${gate}`)), shares);
  };
  return h(
    "div",
    { class: "saturation-of-unit", key: "unit" },
    table({ class: "ranking", "aria-label": t("health.of_unit", { unit }) }, head, isThere && GATES.map(row)),
    h("button", { type: "button", onclick: () => set({ tab: "gates" }) }, t("health.show_gates", { unit })),
  );
}
