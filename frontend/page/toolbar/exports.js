/** A run as a file for other programs. */

/** @import {Layer, Run} from "../../state/answers.js" */
/** @import {Quantity} from "../../state/choices.js" */
import { at, toLists } from "../../base/tensor.js";
import { QUANTITIES } from "../../state/choices.js";

const MOST_FEATURES_IN_CSV = 64;

/**
 * The steps on screen, one line for each layer, direction, step and unit: the long form that pandas, R and
 * spreadsheets pivot.
 * @param {Run} run @param {[number, number]} steps  the first and the last
 */
export function toCsv(run, [first, last]) {
  const { features, values, characters } = run.sequence;
  const columns = characters ? [] : features.slice(0, MOST_FEATURES_IN_CSV);
  const head = [
    "layer",
    "direction",
    "time",
    "unit",
    ...(characters ? ["character"] : columns.map((name) => `x ${name}`)),
    ...QUANTITIES,
  ];
  const lines = [head.map(quoted).join(",")];
  for (const layer of run.layers) {
    for (let time = first; time <= last; time += 1) {
      const input = characters
        ? [quoted(characters[time] ?? "")]
        : columns.map((_, feature) => at(values, time, feature));
      for (let unit = 0; unit < run.model.hidden_size; unit += 1) {
        const place = [layer.layer, layer.direction, time, unit];
        lines.push([...place, ...input, ...QUANTITIES.map((name) => cell(layer, name, time, unit))].join(","));
      }
    }
  }
  return `${lines.join("\r\n")}\r\n`;
}

/**
 * A value, or nothing where there is none: with a projection there are fewer hidden states than units.
 * @param {Layer} layer @param {Quantity} quantity @param {number} time @param {number} unit
 */
const cell = (layer, quantity, time, unit) =>
  unit < (layer[quantity].shape[1] ?? 0) ? at(layer[quantity], time, unit) : "";

/** A cell of CSV (RFC 4180). @param {string} text */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * The answer as the API gives it with encoding=list, and the request that leads to it.
 * @param {object} request
 * @param {Run} run
 */
export function toJson(request, run) {
  return JSON.stringify({ request, ...run }, (_key, value) =>
    value?.data instanceof Float32Array ? toLists(value) : value,
  );
}
