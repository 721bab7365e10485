/** Interventions, changes and starting states, as the reader writes them and as the server takes them. */

/** @import {Fault, Run} from "../../state/answers.js" */
/** @import {Change, Intervention, Start, State} from "../../state/state.js" */
import { requestOf } from "../../state/requests.js";
import { answerOf, layerOf } from "../../state/selectors.js";

export const LISTS = /** @type {const} */ (["interventions", "changes", "initial"]);
/** @typedef {typeof LISTS[number]} List */

/**
 * Reads "1, 3-5" as [1, 3, 4, 5] and an empty text as null, which means all; undefined where that fails.
 * @param {string} text @returns {number[] | null | undefined}
 */
export function readUnits(text) {
  const units = new Set();
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [, first, last = first] = /^(\d{1,4})(?:[-–](\d{1,4}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) return undefined;
    for (let unit = Number(first); unit <= Number(last); unit += 1) units.add(unit);
  }
  return units.size > 0 ? [...units].sort((a, b) => a - b) : null;
}

/** Writes [1, 3, 4, 5] as "1, 3-5", and null as nothing. @param {number[] | null} units */
export function writeUnits(units) {
  /** @type {[number, number][]} */
  const runs = [];
  for (const unit of units ?? []) {
    const last = runs.at(-1);
    if (last && unit === last[1] + 1) last[1] = unit;
    else runs.push([unit, unit]);
  }
  return runs.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(", ");
}

/** Reads a number with either minus sign; undefined where it is none. @param {string} text */
export function readNumber(text) {
  const plain = text.trim().replace("−", "-");
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** @param {string} text */
export const readInteger = (text) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined);

/** Reads the last step; an empty text means the end. @param {string} text */
export const readLast = (text) => (text.trim() === "" ? null : readInteger(text));

/** Whether anything differs from the plain run. @param {Pick<State, List>} state */
export const isChanged = (state) => activeOf(state).length > 0 || state.changes.length > 0 || state.initial.length > 0;

/** The interventions that are not switched off. @param {Pick<State, "interventions">} state */
const activeOf = ({ interventions }) => interventions.filter(({ off }) => !off);

/** The request with all of them; null where nothing differs from the plain run. @param {State} state */
export function whatIfRequest(state) {
  const request = requestOf(state);
  if (!request || !state.run || !isChanged(state)) return null;
  const { layer, direction, quantity, changes } = state;
  const interventions = activeOf(state).map(({ off: _, ...intervention }) => intervention);
  const initial = state.initial.length > 0 && { initial_state: initialState(state.run, state.initial) };
  return { ...request, interventions, changes, ...initial, layer, direction, quantity };
}

/**
 * h and C before the first step: a list for each layer and direction, or one list where there is only one.
 * @param {Run} run @param {Start[]} starts
 */
export function initialState(run, starts) {
  const of = (/** @type {Start["quantity"]} */ quantity) => {
    const rows = run.layers.map((layer) => {
      const values = Array(layer[quantity].shape[1] ?? 0).fill(0);
      for (const start of starts.filter((each) => each.quantity === quantity && isIn(each, layer)))
        for (const unit of start.units ?? values.keys()) if (unit < values.length) values[unit] = start.value;
      return values;
    });
    return rows.length === 1 ? rows[0] : rows;
  };
  return { hidden_state: of("hidden_state"), cell_state: of("cell_state") };
}

/** @param {{layer: number, direction: string}} one @param {{layer: number, direction: string}} other */
const isIn = (one, other) => one.layer === other.layer && one.direction === other.direction;

/**
 * The server's faults, with the places of the entries as the reader sees them.
 * @param {State} state @returns {Fault[]}
 */
export function faultsOf(state) {
  const sent = state.interventions.flatMap(({ off }, index) => (off ? [] : [index]));
  return answerOf(state, "what_if").faults.map((fault) => ({
    ...fault,
    field: fault.field.replace(/^interventions\.(\d+)/, (_, place) => `interventions.${sent[place] ?? place}`),
  }));
}

/**
 * Adds an entry at the end of a list.
 * @param {State} state @param {List} list @param {Intervention | Change | Start} entry @returns {Partial<State>}
 */
export const added = (state, list, entry) => ({ [list]: [...state[list], entry] });

/** @param {State} state @param {List} list @param {number} index @param {object} patch @returns {Partial<State>} */
export const edited = (state, list, index, patch) => ({
  [list]: state[list].map((entry, place) => (place === index ? { ...entry, ...patch } : entry)),
});

/**
 * Removes an entry. The drafts of those after it move up with them.
 * @param {State} state @param {List} list @param {number} index @returns {Partial<State>}
 */
export function removed(state, list, index) {
  const drafts = Object.entries(state.drafts).flatMap(([field, text]) => {
    const [, place, rest] = new RegExp(`^${list}\\.(\\d+)\\.(.+)$`).exec(field) ?? [];
    if (place === undefined || Number(place) < index) return [[field, text]];
    return Number(place) === index ? [] : [[`${list}.${Number(place) - 1}.${rest}`, text]];
  });
  return { [list]: state[list].toSpliced(index, 1), drafts: Object.fromEntries(drafts) };
}

/** @param {State} state */
const placeOf = (state) => {
  const { layer, direction } = layerOf(state) ?? state;
  return { layer, direction: /** @type {State["direction"]} */ (direction) };
};

/**
 * An intervention on the chosen unit from the first step to the last.
 * @param {State} state @param {Intervention["quantity"]} quantity @param {number} value @returns {Intervention}
 */
export const holding = (state, quantity, value) => ({
  quantity,
  value,
  units: [state.unit],
  first: 0,
  last: null,
  ...placeOf(state),
});

/** A change: no forget bias in the layer. @param {State} state @returns {Change} */
export const biased = (state) => ({ type: "forget_bias", value: 0, units: null, ...placeOf(state) });

/**
 * A change: the chosen unit's forget gate no longer reads its own hidden state.
 * @param {State} state @returns {Change}
 */
export function cut(state) {
  const { layer, direction } = placeOf(state);
  const { hidden_size = 0, proj_size = 0 } = state.run?.model ?? {};
  return {
    type: "weight",
    name: `weight_hh_l${layer}${direction === "backward" ? "_reverse" : ""}`,
    row: hidden_size + state.unit, // after those of the input gate
    column: Math.min(state.unit, (proj_size || hidden_size) - 1),
    value: 0,
  };
}

/** @param {State} state @returns {Start} */
export const started = (state) => ({ quantity: "cell_state", value: 1, units: [state.unit], ...placeOf(state) });
