/** The choice of the layer and the direction on screen, where there are several. */

import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
import { segmented } from "../../controls/fields.js";
import { DIRECTIONS } from "../../state/choices.js";

/** @param {Form} form @returns {Content[]} */
export function choice({ t, state, set }) {
  const { run, layer, direction } = state;
  if (!run || run.layers.length < 2) return [];
  const layers = Array.from({ length: run.model.num_layers }, (_, index) => [
    String(index),
    t("layers.layer", { index }),
  ]);
  const directions = DIRECTIONS.map((name) => [name, t(`layers.${name}`)]);
  return [
    h("h2", null, t("layers.title")),
    run.model.num_layers > 1 &&
      segmented({
        label: t("layers.title"),
        value: String(layer),
        options: /** @type {[string, string][]} */ (layers),
        set: (value) => set({ layer: Number(value) }),
      }),
    run.model.bidirectional &&
      segmented({
        label: t("layers.direction"),
        value: direction,
        options: /** @type {[string, string][]} */ (directions),
        set: (value) => set({ direction: value }),
      }),
    direction === "backward" && h("p", { class: "hint" }, t("layers.backward_explained")),
  ];
}
