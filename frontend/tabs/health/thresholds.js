/** The thresholds of the findings, as a compact form. */

import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {State} from "../../state/state.js" */
import { numberField } from "../../controls/fields.js";

/** @typedef {import("../../base/i18n.js").KeyBehind<"health.threshold">} Name */
/** @typedef {{usual: number, minimum: number, maximum: number, integer?: boolean}} Threshold */
/** As the server has them. @type {Record<string, Threshold>} */
export const THRESHOLDS = {
  left: { usual: 0.1, minimum: 0, maximum: 1 },
  right: { usual: 0.9, minimum: 0, maximum: 1 },
  held_share: { usual: 0.98, minimum: 0, maximum: 1 },
  tiny: { usual: 0.01, minimum: 0, maximum: 1 },
  saturated_state: { usual: 0.97, minimum: 0, maximum: 1 },
  saturated_share: { usual: 0.5, minimum: 0, maximum: 1 },
  drift_rise: { usual: 1, minimum: 0, maximum: 1000 },
  drift_explained: { usual: 0.8, minimum: 0, maximum: 1 },
  constant: { usual: 1e-6, minimum: 0, maximum: 1 },
  fewest_steps: { usual: 8, minimum: 1, maximum: 10_000, integer: true },
};

const USUAL = Object.fromEntries(Object.entries(THRESHOLDS).map(([name, { usual }]) => [name, usual]));

/** All of them, changed or not. @param {Pick<State, "thresholds">} state @returns {Record<string, number>} */
export const thresholdsOf = ({ thresholds }) => ({ ...USUAL, ...thresholds });

/**
 * The bounds of a threshold. The lower one for gates must not lie above the upper one.
 * @param {string} name @param {Record<string, number>} values
 */
export function boundsOf(name, { left = 0, right = 1 }) {
  const threshold = /** @type {Threshold} */ (THRESHOLDS[name]);
  return {
    ...threshold,
    ...(name === "left" && { maximum: right }),
    ...(name === "right" && { minimum: left }),
  };
}

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state, draft, set } = form;
  const changed = Object.keys(state.thresholds).length;
  const drafted = Object.keys(THRESHOLDS).filter((name) => fieldOf(name) in state.drafts);
  const reset = () => {
    for (const name of drafted) draft(fieldOf(name), null);
    set({ thresholds: {} });
  };
  return h(
    "details",
    { class: "thresholds", key: "thresholds" },
    h(
      "summary",
      null,
      t("health.thresholds"),
      changed > 0 && ` (${t("health.thresholds.changed", { count: changed })})`,
    ),
    h("p", { class: "hint" }, t("health.thresholds.explained")),
    h(
      "div",
      { class: "threshold-fields" },
      /** @type {Name[]} */ (Object.keys(THRESHOLDS)).map((name) => field(form, name)),
    ),
    h(
      "button",
      { type: "button", class: "quiet", onclick: reset, disabled: changed === 0 && drafted.length === 0 },
      t("health.thresholds.reset"),
    ),
  );
}

/** @param {Form} form @param {Name} name */
function field(form, name) {
  const values = thresholdsOf(form.state);
  const { minimum, maximum, integer = false } = boundsOf(name, values);
  return numberField(form, {
    field: fieldOf(name),
    label: form.t(`health.threshold.${name}`),
    value: /** @type {number} */ (values[name]),
    minimum,
    maximum,
    integer,
    set: (value) => change(form, name, value),
  });
}

/**
 * Sets a threshold. A draft in its neighbour is dropped, since this may have made it legal.
 * @param {Form} form @param {string} name @param {number} value
 */
function change({ state, set, draft }, name, value) {
  const neighbour = { left: "right", right: "left" }[name];
  if (neighbour) draft(fieldOf(neighbour), null);
  const { [name]: _old, ...others } = state.thresholds;
  set({ thresholds: value === USUAL[name] ? others : { ...others, [name]: value } });
}

/** @param {string} name */
const fieldOf = (name) => `thresholds.${name}`;
