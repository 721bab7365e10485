/** Where two runs differ, in words: the largest difference and the units that differ most, as links to their places. */

/** @import {Form} from "../controls/form.js" */
/** @import {Content} from "../base/dom.js" */
/** @import {Tensor} from "../base/tensor.js" */
/** @import {Compared, Difference, Names} from "./rows.js" */
import { visible } from "../base/characters.js";
import { h } from "../base/dom.js";
import { significant } from "../base/i18n.js";
import { at } from "../base/tensor.js";
import { placeLink } from "../controls/place_link.js";

const MOST_NAMED = 6;

/** @param {Form} form @param {Compared} answer @param {Names} names @returns {Content[]} */
export function findings(form, answer, names) {
  const { difference, output } = answer;
  return [
    lengths(form, answer, names),
    largest(form, answer, names),
    output?.difference && largestOfOutput(form, output.names, output.difference, names),
    difference.largest > 0 && units(form, difference),
  ];
}

/** @param {Form} form @param {Compared} answer @param {Names} names */
function lengths({ t }, { steps: [first, second], common }, [one, other]) {
  const values = { first_name: one, first, second_name: other, second, common };
  return first !== second && h("p", { key: "lengths", id: "lengths" }, t("two_runs.lengths", values));
}

/** @param {Form} form @param {Compared} answer @param {Names} names */
function largest(form, { quantity, difference }, [first, second]) {
  const { t } = form;
  const name = t(`quantity.${quantity}`);
  if (difference.largest === 0) return h("p", { key: "largest" }, t("two_runs.identical", { name }));
  const { values, step: time, unit } = difference;
  const said = t("two_runs.largest", { name, first, second, value: signed(values, time, unit) });
  const link = placeLink(form, { time, unit }, t("two_runs.place", { time, unit }));
  return h("p", { key: "largest", class: "links" }, said, " ", link);
}

/** @param {Form} form @param {string[]} outputs @param {Difference} difference @param {Names} names */
function largestOfOutput(form, outputs, { values, largest: size, step: time, unit: place }, [first, second]) {
  const { t } = form;
  const name = t("output.value");
  if (size === 0) return h("p", { key: "output" }, t("two_runs.identical", { name }));
  const said = t("two_runs.largest", { name, first, second, value: signed(values, time, place) });
  const output = visible(outputs[place] ?? "");
  const text = outputs.length > 1 ? t("two_runs.place_of_output", { time, output }) : t("two_runs.step", { time });
  return h("p", { key: "output", class: "links" }, said, " ", placeLink(form, { time }, text));
}

/** @param {Form} form @param {Difference} difference */
function units(form, { rms_of_units: { data } }) {
  const { t, state } = form;
  const order = [...data.keys()].sort((a, b) => Number(data[b]) - Number(data[a]) || a - b).slice(0, MOST_NAMED);
  const links = order.map((unit) =>
    placeLink(form, { unit }, `${t("lines.unit", { unit })} · ${significant(Number(data[unit]))}`, unit === state.unit),
  );
  return h("p", { key: "units", class: "links" }, t("two_runs.units"), " ", links);
}

/** @param {Tensor} values @param {number} time @param {number} unit */
const signed = (values, time, unit) => {
  const value = at(values, time, unit);
  return value > 0 ? `+${significant(value)}` : significant(value);
};
