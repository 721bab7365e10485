/** The chosen step and unit in words, for readers who listen. A hover is not announced. */

/** @import {Translate} from "../../base/i18n.js" */
/** @import {State} from "../../state/state.js" */
import { decimal } from "../../base/i18n.js";
import { at } from "../../base/tensor.js";
import { QUANTITIES } from "../../state/choices.js";
import { layerOf } from "../../state/selectors.js";

/** @param {State} state @param {Translate} t @returns {string | null} null where nothing is to be said */
export function announcement(state, t) {
  const { run, time, unit, playing } = state;
  const layer = layerOf(state);
  if (playing || !layer || time >= (run?.sequence.steps ?? 0)) return null;
  const names = QUANTITIES.filter((name) => unit < (layer[name].shape[1] ?? 0));
  const values = names.map((name) => `${t(`quantity.${name}`)} ${decimal(at(layer[name], time, unit))}`);
  return `${t("step.title", { time, unit })}: ${values.join(", ")}`;
}
