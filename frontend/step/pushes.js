/** What pushed a gate of the chosen unit at this step: signed bars, largest first, that sum to its pre-activation. */

import { h } from "../base/dom.js";
import { decimal } from "../base/i18n.js";
import { featureName } from "../charts/sequence.js";
/** @import {Gate, GateStep, Origin} from "./cell.js" */
/** @import {Form} from "../controls/form.js" */
/** @import {Content, Node} from "../base/dom.js" */
/** @import {Translate} from "../base/i18n.js" */
/** @import {Layer, Run} from "../state/answers.js" */
import { barRows } from "../controls/bars.js";
import { GATES, originOf } from "./cell.js";

const MOST_SHOWN = 6;
const MOST_NAMED = 2; // while closed

/**
 * @typedef {object} GatePlace
 * @property {Run} run
 * @property {Layer} layer
 * @property {number} time
 * @property {Gate} gate
 * @property {boolean} isExplained  whether the reader is told here what the bars are
 */

/**
 * The pushes of one gate, rendered only while they are open.
 * @param {Form} form @param {GatePlace} place @param {GateStep} computed @returns {Node}
 */
export function panel(form, place, computed) {
  const { t, state, set } = form;
  const open = state.pushed.includes(place.gate);
  const onclick = (/** @type {Event} */ event) => {
    event.preventDefault(); // the state opens it
    set({ pushed: toggled(state.pushed, place.gate) });
  };
  return h(
    "details",
    { class: "pushed", open },
    h(
      "summary",
      { onclick },
      t("step.pushed"),
      h("span", { class: "hint" }, open ? "" : glance(form, place, computed)),
    ),
    open && [list(form, place, computed), place.isExplained && h("p", { class: "hint" }, t("step.pushed.explained"))],
  );
}

/** @param {Gate[]} gates @param {Gate} gate */
const toggled = (gates, gate) => GATES.filter((name) => (name === gate) !== gates.includes(name));

/** The places of all pushes but zeros, largest first. @param {Float64Array} pushes */
function inOrder(pushes) {
  const sizes = pushes.map(Math.abs);
  const order = new Uint32Array(pushes.length).map((_, index) => index).filter((index) => Number(sizes[index]) > 0);
  return [...order.sort((a, b) => Number(sizes[b]) - Number(sizes[a]))];
}

/** The places of the largest few, without sorting all. @param {Float64Array} pushes */
function largestFew(pushes) {
  const size = (/** @type {number} */ index) => Math.abs(Number(pushes[index]));
  /** @type {number[]} */
  const places = [];
  for (let count = 0; count < MOST_NAMED; count += 1) {
    let largest = -1;
    for (let index = 0; index < pushes.length; index += 1) {
      if (size(index) > (largest < 0 ? 0 : size(largest)) && !places.includes(index)) largest = index;
    }
    if (largest >= 0) places.push(largest);
  }
  return places;
}

/** The largest pushes in a few words. @param {Form} form @param {GatePlace} place @param {GateStep} computed */
function glance({ t }, place, { pushes }) {
  const named = largestFew(pushes).map((index) => {
    return `${nameOf(place, originOf(place.run, place.layer, place.time, index), t)} ${signed(Number(pushes[index]))}`;
  });
  return [...named, ...(pushes.length > named.length ? ["…"] : [])].join(", ");
}

/** @param {Form} form @param {GatePlace} place @param {GateStep} computed */
function list(form, place, { pushes, sum }) {
  const { t, state } = form;
  const order = inOrder(pushes);
  const isLong = order.length > MOST_SHOWN + 1;
  const shown = isLong && !state.pushedWhole.includes(place.gate) ? order.slice(0, MOST_SHOWN) : order;
  const together = order.slice(shown.length).reduce((total, index) => total + Number(pushes[index]), 0);
  const bars = [...shown.map((index) => Number(pushes[index])), ...(shown.length < order.length ? [together] : [])];
  const scale = Math.max(...bars.map(Math.abs));
  const zeros = pushes.length - order.length;
  return h(
    "div",
    { class: place.layer.layer > 0 ? "pushes long" : "pushes" },
    barRows(
      bars.map((push) => ({ from: 0, to: push })),
      [-scale, scale],
    ),
    h(
      "ol",
      { "aria-label": t("step.pushed.list") },
      shown.map((index) => row(name(form, place, index), signed(Number(pushes[index])))),
      isLong &&
        row(more(form, place.gate, order.length - shown.length), shown.length < order.length ? signed(together) : ""),
    ),
    zeros > 0 && h("p", { class: "hint" }, t("step.pushed.zero", { count: zeros })),
    h("p", { class: "sum" }, h("span", null, t("step.pushed.sum")), h("span", null, decimal(sum))),
  );
}

/** @param {Content} name @param {string} value */
const row = (name, value) => h("li", null, name, h("span", null, value));

/**
 * The button that shows the rest, or hides it.
 * @param {Form} form @param {Gate} gate @param {number} count of those left
 */
function more({ t, state, set }, gate, count) {
  const onclick = () => set({ pushedWhole: toggled(state.pushedWhole, gate) });
  const text = count > 0 ? t("step.pushed.rest", { count }) : t("step.pushed.fewer");
  return h("button", { type: "button", class: "link", "aria-expanded": String(count === 0), onclick }, text);
}

/**
 * The source of a push; a unit is a link to it, at the step of its hidden state.
 * @param {Form} form @param {GatePlace} place @param {number} index
 */
function name({ t, set }, place, index) {
  const origin = originOf(place.run, place.layer, place.time, index);
  const text = nameOf(place, origin, t);
  if (!("place" in origin)) return h("span", { title: text }, text);
  const { time, ...unit } = origin.place;
  const onclick = () => set({ ...unit, ...(time !== null && { time }), hover: null });
  // The title names no step: to change it at each step would take longer than the bars.
  const title = t(origin.kind === "below" ? "step.pushed.show_below" : "step.pushed.show");
  return h("button", { type: "button", class: "link", title, onclick }, text);
}

/** @param {GatePlace} place @param {Origin} origin @param {Translate} t */
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

/** With its sign, also above zero. @param {number} value */
const signed = (value) => (value > 0 ? `+${decimal(value)}` : decimal(value));
