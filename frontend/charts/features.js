/** What enters the first layer, feature by feature: how each is called. */

/** @import {Run} from "../state/answers.js" */
/** @import {Translate} from "../base/i18n.js" */
import { visible } from "../base/characters.js";

/** @typedef {Pick<Run, "sequence"> & Partial<Pick<Run, "model">>} Fed */

/**
 * A token, where a text is fed one-hot; of an embedding only the place.
 * @param {Fed} run
 * @param {number} feature
 * @param {Translate} t
 */
export function featureName({ model, sequence: { features, characters, type } }, feature, t) {
  if (model?.front) return t("feature.embedded", { index: feature });
  const name = features[feature] ?? "";
  if (characters) return `“${visible(name)}”`;
  return (type === "task" && t.known(`zoo.feature.${name}`)) || name;
}

/**
 * All of them, each in every step: what a heatmap of features is hovered for.
 * @param {Fed} run
 * @param {Translate} t
 * @param {(name: string) => string} written
 */
export const featureNames = (run, t, written) =>
  run.sequence.features.map((_, feature) => Array(run.sequence.steps).fill(written(featureName(run, feature, t))));
