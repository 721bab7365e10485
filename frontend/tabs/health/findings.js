/** Findings about units in sentences, each unit a link, with their meaning and what to try. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
import { h } from "../../base/dom.js";

const MOST_NAMED = 12; // in a sentence; the others follow below it

/**
 * @typedef {"never_forgets" | "always_forgets" | "never_writes" | "never_speaks"
 *   | "saturated" | "drifts" | "dead"} Kind
 */
/** @typedef {{kind: Kind, units: number[], shares: number[], thresholds: Record<string, number>}} Finding */

/**
 * @param {Form} form
 * @param {{steps: number, findings: Finding[], thresholds: Record<string, number>}} answer
 * @returns {Content}
 */
export function list(form, { steps, findings, thresholds }) {
  const { t } = form;
  const fewest = thresholds.fewest_steps ?? 0;
  if (steps < fewest) return h("p", { key: "short" }, t("health.too_short", { steps, fewest }));
  if (findings.length === 0) return h("p", { key: "nothing" }, t("health.nothing"));
  return h(
    "ul",
    { class: "findings", key: "findings" },
    findings.map((finding) => item(form, finding)),
  );
}

/** @param {Form} form @param {Finding} finding */
function item(form, { kind, units, shares, thresholds }) {
  const { t } = form;
  const slope = 1 - (thresholds.saturated_state ?? 1) ** 2;
  const values = { ...thresholds, count: units.length, share: percent(shares), slope };
  // What names the units is left as a hole in the text, to be filled with links.
  const [before = "", after = ""] = t(`health.${kind}`, values).split("{units}");
  return h(
    "li",
    { key: kind, "data-kind": kind },
    h("p", null, before, named(form, units), after),
    h("p", { class: "hint" }, t(`health.${kind}.meaning`, values)),
    isLong(units) &&
      h(
        "details",
        null,
        h("summary", null, t("health.all_units", { count: units.length })),
        h(
          "p",
          { class: "unit-links" },
          units.map((unit) => [link(form, unit), " "]),
        ),
      ),
  );
}

/** Too long for a sentence. A single unit is never left out alone. @param {number[]} units */
const isLong = (units) => units.length > MOST_NAMED + 1;

/**
 * The list of units in the reader's language; English without a comma before its “and”.
 * @param {Form} form
 * @param {number[]} units
 * @returns {Content[]}
 */
function named(form, units) {
  const { t, state } = form;
  const first = isLong(units) ? units.slice(0, MOST_NAMED) : units;
  const others = units.length - first.length;
  const parts = [...first.map(String), ...(others > 0 ? [t("health.others", { count: others })] : [])];
  let index = 0;
  const list = new Intl.ListFormat(state.language === "en" ? "en-GB" : state.language);
  return list.formatToParts(parts).map(({ type, value }) => {
    if (type === "literal") return value;
    const unit = first[index++];
    return unit === undefined ? value : link(form, unit);
  });
}

/** @param {Form} form @param {number} unit */
function link({ t, state, set }, unit) {
  return h(
    "button",
    {
      type: "button",
      class: "unit-link",
      "aria-label": t("lines.unit", { unit }),
      "aria-pressed": String(unit === state.unit),
      onclick: () => set({ unit, hover: null }),
    },
    unit,
  );
}

/** The smallest and the largest share in percent, rounded down: 99.6 is not 100. @param {number[]} shares */
function percent(shares) {
  const whole = shares.map((share) => Math.floor(100 * share + 1e-9));
  const [least, largest] = [Math.min(...whole), Math.max(...whole)];
  return least === largest ? String(least) : `${least}–${largest}`;
}
