/** What pushed a gate of the chosen unit at this step: signed bars, largest first, that sum to its pre-activation. */

/** @import {Gate, GateStep, Origin} from "../cell.js" */
/** @import {Form} from "../controls.js" */
/** @import {Content, Node} from "../dom.js" */
/** @import {Translate} from "../i18n.js" */
/** @import {Layer, Run} from "../state.js" */
import { bar } from "../bars.js";
import { GATES, originOf } from "../cell.js";
import { visible } from "../characters.js";
import { h } from "../dom.js";
import { decimal } from "../i18n.js";

const MOST_SHOWN = 6;
const MOST_NAMED = 2; // while closed

/** @typedef {{run: Run, layer: Layer, time: number, gate: Gate, explained: boolean}} Of  which gate, and whether the reader is told here what the bars are */

/** Those of one gate, drawn only while it is open. @param {Form} form @param {Of} of @param {GateStep} computed @returns {Node} */
export function panel(form, of, computed) {
  const { t, state, set } = form;
  const order = largestFirst(computed.pushes);
  const open = state.pushed.includes(of.gate);
  const onclick = (/** @type {Event} */ event) => {
    event.preventDefault(); // the state opens it
    set({ pushed: toggled(state.pushed, of.gate) });
  };
  return h(
    "details",
    { class: "pushed", open },
    h(
      "summary",
      { onclick },
      t("step.pushed"),
      h("span", { class: "hint" }, open ? "" : largest(form, of, computed, order)),
    ),
    open && [table(form, of, computed, order), of.explained && h("p", { class: "hint" }, t("step.pushed.explained"))],
  );
}

/** @param {Gate[]} gates @param {Gate} gate */
const toggled = (gates, gate) => GATES.filter((name) => (name === gate) !== gates.includes(name));

/** The places of all that pushed. @param {Float64Array} pushes */
function largestFirst(pushes) {
  const size = (/** @type {number} */ index) => Math.abs(Number(pushes[index]));
  return [...pushes.keys()].filter((index) => size(index) > 0).sort((a, b) => size(b) - size(a));
}

/** The answer at a glance. @param {Form} form @param {Of} of @param {GateStep} computed @param {number[]} order */
function largest({ t }, of, { pushes }, order) {
  const named = order.slice(0, MOST_NAMED).map((index) => {
    return `${nameOf(of, originOf(of.run, of.layer, of.time, index), t)} ${signed(Number(pushes[index]))}`;
  });
  return [...named, ...(order.length > MOST_NAMED ? ["…"] : [])].join(", ");
}

/** @param {Form} form @param {Of} of @param {GateStep} computed @param {number[]} order */
function table(form, of, { pushes, sum, value }, order) {
  const { t, state, set } = form;
  const isWhole = state.pushedWhole.includes(of.gate);
  const isLong = order.length > MOST_SHOWN + 1;
  const [shown, rest] = isWhole || !isLong ? [order, []] : [order.slice(0, MOST_SHOWN), order.slice(MOST_SHOWN)];
  const together = rest.reduce((total, index) => total + Number(pushes[index]), 0);
  const scale = Math.max(Math.abs(together), Math.abs(Number(pushes[Number(order[0])])));
  const button = h(
    "button",
    {
      type: "button",
      class: "link",
      "aria-expanded": String(isWhole),
      onclick: () => set({ pushedWhole: toggled(state.pushedWhole, of.gate) }),
    },
    isWhole ? t("step.pushed.fewer") : t("step.pushed.rest", { count: rest.length }),
  );
  const zeros = pushes.length - order.length;
  return h(
    "table",
    { class: of.layer.layer > 0 ? "pushes long" : "pushes", "aria-label": t("step.pushed.table") },
    h(
      "tbody",
      null,
      shown.map((index) => {
        const push = Number(pushes[index]);
        return row(name(form, of, index), bar(push, { signed: true, scale }), signed(push));
      }),
    ),
    h(
      "tfoot",
      null,
      isLong && row(button, !isWhole && bar(together, { signed: true, scale }), isWhole ? "" : signed(together)),
      zeros > 0 && row(t("step.pushed.zero", { count: zeros }), "", decimal(0)),
      row(t("step.pushed.sum"), `${of.gate === "candidate" ? "tanh" : "σ"} → ${decimal(value)}`, decimal(sum)),
    ),
  );
}

/** @param {Content} name @param {Content} middle @param {string} value */
function row(name, middle, value) {
  return h("tr", null, h("th", { scope: "row" }, name), h("td", null, middle), h("td", null, value));
}

/** What pushed; where that is a unit, a link to it at the step that its hidden state is of. @param {Form} form @param {Of} of @param {number} index */
function name({ t, set }, of, index) {
  const origin = originOf(of.run, of.layer, of.time, index);
  const text = nameOf(of, origin, t);
  if (!("place" in origin)) return h("span", { title: text }, text);
  const { time, ...place } = origin.place;
  const title = time === null ? t("step.pushed.initial", { name: text }) : t("step.pushed.show", { name: text, time });
  const onclick = () => set({ ...place, ...(time !== null && { time }), hover: null });
  return h("button", { type: "button", class: "link", title, onclick }, text);
}

/** @param {Of} of @param {Origin} origin @param {Translate} t */
function nameOf({ run }, origin, t) {
  if (origin.kind === "bias") return t("step.pushed.bias");
  if (origin.kind === "feature") return featureName(run, origin.feature, t);
  const { layer, unit, direction } = origin.place;
  const isProjected = run.model.proj_size > 0;
  const name = isProjected ? t("step.pushed.state", { index: unit }) : t("lines.unit", { unit });
  if (origin.kind === "hidden") return name;
  const below = t("step.pushed.below", { layer, name });
  return run.model.bidirectional ? `${below} ${t(`layers.${direction}`)}` : below;
}

/** A token, where the text is fed one-hot. @param {Run} run @param {number} feature @param {Translate} t */
function featureName({ model, sequence }, feature, t) {
  const name = sequence.features[feature] ?? "";
  if (sequence.characters && !model.front) return `“${visible(name)}”`;
  return sequence.type === "task" ? t(`zoo.feature.${name}`) : name;
}

/** With its sign, also above zero. @param {number} value */
const signed = (value) => (value > 0 ? `+${decimal(value)}` : decimal(value));
