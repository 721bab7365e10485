/** How values are written in an address, and read from it. */

import { MOST_CHANGES } from "./choices.js";

/**
 * @typedef {object} Type
 * @property {(text: string) => any} read  undefined for a text that is not allowed
 * @property {(value: any) => string} write
 */

/** @param {number} minimum @param {number} [maximum] @returns {Type} */
export const integer = (minimum, maximum = Number.MAX_SAFE_INTEGER) => ({
  read: (text) => (/^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum ? Number(text) : undefined),
  write: String,
});
/** @type {Type} */
export const number = {
  read: (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined),
  write: String,
};
/** @param {readonly string[]} values @returns {Type} */
export const oneOf = (values) => ({ read: (text) => (values.includes(text) ? text : undefined), write: String });
const NONE = "none"; // an empty part of an address would mean the default
/** A list of some of these values. @param {readonly string[]} values @returns {Type} */
export const someOf = (values) => ({
  read: (text) => {
    const names = text === NONE ? [] : text.split("-");
    return names.every((name) => values.includes(name)) ? names : undefined;
  },
  write: (/** @type {string[]} */ names) => names.join("-") || NONE,
});
/** @type {Type} */
export const word = { read: (text) => (/^\w{1,40}$/.test(text) ? text : undefined), write: String };
/** The dotted name of a part of a checkpoint. @type {Type} */
export const path = { read: (text) => (/^[^\p{C}]{0,300}$/u.test(text) ? text : undefined), write: String };
/** @type {Type} */
export const flag = { read: (text) => ({ yes: true, no: false })[text], write: (value) => (value ? "yes" : "no") };
/** @type {Type} */
export const integers = {
  read: (text) => (/^\d+(-\d+)*$/.test(text) ? text.split("-").map(Number) : undefined),
  write: (/** @type {number[]} */ values) => values.join("-"),
};
/** @type {Type} */
export const range = {
  read: (text) => {
    const [, first = "", last = ""] = /^(\d+)-(\d+)$/.exec(text) ?? [];
    return first !== "" && Number(first) < Number(last) ? [Number(first), Number(last)] : undefined;
  },
  write: (/** @type {number[]} */ values) => values.join("-"),
};
/** @type {Type} */
export const numbersByName = {
  read: (text) => {
    const entries = text.split("_").map((entry) => /^(\w+?)~(-?[\d.e+-]+)$/.exec(entry.replaceAll("*", "_")));
    if (!entries.every((entry) => entry && Number.isFinite(Number(entry[2])))) return undefined;
    return Object.fromEntries(entries.map((entry) => [entry?.[1], Number(entry?.[2])]));
  },
  write: (/** @type {Record<string, number>} */ values) =>
    Object.entries(values)
      .map(([name, value]) => `${name.replaceAll("_", "*")}~${value}`)
      .join("_"),
};

/** One sign for each quantity. @type {Record<string, string>} */
const SIGNS = {
  forget_gate: "f",
  input_gate: "i",
  candidate: "g",
  output_gate: "o",
  cell_state: "c",
  hidden_state: "h",
};

/** @type {Type} */
const quantity = {
  read: (text) => Object.keys(SIGNS).find((name) => SIGNS[name] === text),
  write: (name) => SIGNS[name] ?? "",
};
/** @type {Type} */
const state = {
  read: (text) => ({ c: "cell_state", h: "hidden_state" })[text],
  write: quantity.write,
};
/** @type {Type} */
const direction = {
  read: (text) => ({ "": "forward", b: "backward" })[text],
  write: (name) => (name === "backward" ? "b" : ""),
};
/** @type {Type} */
const value = { read: (text) => (/^-?[\d.]+(e[+-]?\d+)?$/.test(text) ? number.read(text) : undefined), write: String };
/** @type {Type} */
const off = { read: (text) => ({ "": false, off: true })[text], write: (isOff) => (isOff ? "off" : "") };
/** `weight_hh_l0_reverse` as `whh0r`. @type {Type} */
const weightName = {
  read: (text) => {
    const [, kind, of, layer, reverse] = /^([wb])(ih|hh|hr)(\d+)(r?)$/.exec(text) ?? [];
    return kind && `${kind === "w" ? "weight" : "bias"}_${of}_l${layer}${reverse ? "_reverse" : ""}`;
  },
  write: (/** @type {string} */ name) =>
    name.replace(/^(w|b)[a-z]+_(ih|hh|hr)_l(\d+)(_reverse)?$/, (_, kind, of, layer, reverse) =>
      [kind, of, layer, reverse ? "r" : ""].join(""),
    ),
};

/** An empty text for the usual value. @param {Type} type @param {any} usual @returns {Type} */
const usually = (type, usual) => ({
  read: (text) => (text === "" ? usual : type.read(text)),
  write: (given) => (given === usual ? "" : type.write(given)),
});

/**
 * An object as its values in the order of a table, with a star between them, without the last ones if they are usual.
 * @param {Record<string, Type>} parts @returns {Type}
 */
const record = (parts) => ({
  read: (text) => {
    const texts = text.split("*");
    if (texts.length > Object.keys(parts).length) return undefined;
    const entries = Object.entries(parts).map(([name, type], index) => [name, type.read(texts[index] ?? "")]);
    return entries.some(([, part]) => part === undefined) ? undefined : Object.fromEntries(entries);
  },
  write: (given) =>
    Object.entries(parts)
      .map(([name, type]) => type.write(given[name]))
      .join("*")
      .replace(/\*+$/, ""),
});

/** @param {Type} type @returns {Type} */
const listOf = (type) => ({
  read: (text) => {
    const entries = text.split("_").map(type.read);
    return entries.length > MOST_CHANGES || entries.includes(undefined) ? undefined : entries;
  },
  write: (/** @type {any[]} */ entries) => entries.map(type.write).join("_"),
});

const place = { layer: usually(integer(0), 0), direction };
const units = usually(integers, null);

/** Interventions: `f*1*0.9` holds the forget gate of unit 1 at 0.9 at every step. */
export const interventions = listOf(
  record({ quantity, units, value, first: usually(integer(0), 0), last: usually(integer(0), null), ...place, off }),
);
/** Initial states: `c*1*2` is a cell state of 2 in unit 1. */
export const starts = listOf(record({ quantity: state, units, value, ...place }));

const forgetBias = record({ value, units, ...place });
const weight = record({ name: weightName, row: integer(0), column: usually(integer(0), null), value });

/** Changes of the weights: `fb*3` is a forget bias of 3, `whh0*0*3*0.5` one weight. */
export const changes = listOf({
  read: (text) => {
    const isBias = text.startsWith("fb*");
    const change = isBias ? forgetBias.read(text.slice(3)) : weight.read(text);
    return change && { type: isBias ? "forget_bias" : "weight", ...change };
  },
  write: (change) => (change.type === "forget_bias" ? `fb*${forgetBias.write(change)}` : weight.write(change)),
});
