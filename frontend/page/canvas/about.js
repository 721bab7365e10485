/** A few words on a shipped model: its task, what to look at, and how good it is. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
import { h } from "../../base/dom.js";
import { decimal } from "../../base/i18n.js";
import { zooOf } from "../../state/selectors.js";

/** The model that the tour is of. */
const TOURED = "anbn";

/** @param {Form & {tour: () => void}} form @returns {Content[]} */
export function card({ t, state, set, tour }) {
  const model = zooOf(state);
  if (state.model !== "zoo" || !model) return [];
  const { unit } = model.claim;
  const show = h("button", { type: "button", class: "quiet", onclick: () => set({ unit }) }, t("about.show", { unit }));
  const isToured = model.name === TOURED && state.tour === null;
  const begin = h(
    "button",
    { type: "button", id: "tour-start", title: t("tour.start_explained"), onclick: tour },
    t("tour.start"),
  );
  return [
    h("header", null, h("h2", null, t(`zoo.${state.task}.title`)), isToured && begin),
    h("p", null, t(`zoo.${state.task}.look`, figures(model.claim)), " ", state.unit !== unit && show),
  ];
}

/** @param {Record<string, number | null>} claim */
function figures({ unit, correlation, accuracy, error, naive, longest }) {
  return {
    unit: unit ?? 0,
    correlation: decimal(correlation ?? Number.NaN),
    accuracy: `${decimal(100 * (accuracy ?? Number.NaN), 1)}%`,
    error: decimal(error ?? Number.NaN, 3),
    naive: decimal(naive ?? Number.NaN, 3),
    longest: longest ?? 0,
  };
}
