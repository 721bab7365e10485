/** The names of the input features. */

/** @import {Run} from "../state/answers.js" */
/** @import {Translate} from "../base/i18n.js" */
import { visible } from "../base/characters.js";

/** @typedef {Pick<Run, "sequence"> & Partial<Pick<Run, "model">>} Fed */

/**
 * A token where the input is a one-hot text; a number where it is an embedding.
 * @param {Fed} run @param {number} feature @param {Translate} t
 */
export function featureName({ model, sequence: { features, characters, type } }, feature, t) {
  if (model?.front) return t("feature.embedded", { index: feature });
  const name = features[feature] ?? "";
  if (characters) return `“${visible(name)}”`;
  return (type === "task" && t.known(`zoo.feature.${name}`)) || visible(name);
}

/**
 * The name of each feature at each step, for the hover text of a heatmap.
 * @param {Fed} run @param {Translate} t
 */
export const featureNames = (run, t) =>
  run.sequence.features.map((_, feature) => Array(run.sequence.steps).fill(featureName(run, feature, t)));
