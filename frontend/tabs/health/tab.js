/** The health of the units: saturated gates, and findings about units that do not work as they should. */

import { h } from "../../base/dom.js";
import { answered } from "../../controls/answer.js";
/** @import {Type} from "../../state/address_types.js" */
/** @import {Chart} from "../../charts/charts.js" */
/** @import {Tab} from "../tabs.js" */
import { numbersByName } from "../../state/address_types.js";
import { requestOf } from "../../state/requests.js";
import * as findings from "./findings.js";
import * as saturation from "./saturation.js";
import { plotOf } from "./saturation_plot.js";
import { boundsOf, THRESHOLDS, thresholdsOf, panel as thresholdsPanel } from "./thresholds.js";

/** Those that differ from the usual ones; one that the form would refuse is no address either. @type {Type} */
const thresholds = {
  read: (text) => {
    /** @type {Record<string, number> | undefined} */
    const values = numbersByName.read(text);
    if (!values || Object.keys(values).some((name) => !Object.hasOwn(THRESHOLDS, name))) return undefined;
    const all = thresholdsOf({ thresholds: values });
    const isLegal = Object.entries(values).every(([name, value]) => {
      const { minimum, maximum, integer } = boundsOf(name, all);
      return value >= minimum && value <= maximum && (!integer || Number.isInteger(value));
    });
    return isLegal ? values : undefined;
  },
  write: numbersByName.write,
};

/** @param {saturation.Gate} gate @returns {[string, Chart]} */
const chart = (gate) => [
  saturation.placeOf(gate),
  { answer: "health", plot: plotOf(gate), dependsOn: ({ unit }) => [unit] },
];

/** @type {Tab} */
export const health = {
  name: "health",
  panel: (form) => {
    const { t, state } = form;
    return h(
      "section",
      { key: "health" },
      h("h2", null, t("health.title")),
      h("p", { class: "hint" }, t("health.explained", thresholdsOf(state))),
      thresholdsPanel(form),
      answered(form, "health", (answer) => [
        saturation.panel(form, answer),
        h("h2", { key: "title" }, t("health.findings")),
        findings.list(form, answer),
      ]),
    );
  },
  charts: Object.fromEntries(saturation.GATES.map(chart)),
  questions: [
    {
      name: "health",
      isAsked: ({ tab }) => tab === "health",
      dependsOn: ["layer", "direction", "thresholds"],
      requestOf: (state) => {
        const request = requestOf(state);
        const { layer, direction } = state;
        return request && { ...request, layer, direction, thresholds: thresholdsOf(state) };
      },
    },
  ],
  options: [{ property: "thresholds", key: "thresholds", type: thresholds, usual: {} }],
};
