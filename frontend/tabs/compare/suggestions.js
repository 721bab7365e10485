/** Runs to compare the present one with at one click. */

/** @import {StoredLSTM, StoredModel} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Translate} from "../../base/i18n.js" */
import { lstmOf, storedOf } from "../../state/selectors.js";

const MOST_MODELS = 3;

/** The next seed; the largest is followed by 0. @param {number} seed */
const next = (seed) => (seed + 1) % 2 ** 32;

/** @typedef {{text: string, patch: Partial<State>}} Suggestion  its name, and what it changes of the present inputs */

/** @param {State} state @param {Translate} t @returns {Suggestion[]} */
export function suggestions(state, t) {
  return [
    ...otherInputs(state, t),
    ...otherSeeds(state, t),
    ...untrained(state, t),
    ...shipped(state, t),
    ...stored(state),
  ];
}

/** @param {State} state @param {Translate} t @returns {Suggestion[]} */
function otherInputs({ source, task, taskSeed, signal, signalSeed, signals }, t) {
  if (source === "task" && task !== "sunspots") {
    const seed = next(taskSeed);
    return [{ text: t("compare.other_input", { seed }), patch: { taskSeed: seed } }];
  }
  const isDrawn = source === "signal" && signals.find(({ name }) => name === signal)?.uses_seed;
  const seed = next(signalSeed);
  return isDrawn ? [{ text: t("compare.other_input", { seed }), patch: { signalSeed: seed } }] : [];
}

/** @param {State} state @param {Translate} t @returns {Suggestion[]} */
function otherSeeds({ model, seed }, t) {
  if (model !== "random") return [];
  return [{ text: t("compare.other_seed", { seed: next(seed) }), patch: { seed: next(seed) } }];
}

/**
 * The same size before training; random weights have one layer and one direction.
 * @param {State} state @param {Translate} t @returns {Suggestion[]}
 */
function untrained({ model, run }, t) {
  const drawn = run?.model;
  if (model === "random" || !drawn || drawn.num_layers > 1 || drawn.bidirectional || drawn.proj_size > 0) return [];
  const { hidden_size: units } = drawn;
  const patch = { hiddenSize: units, initialisation: /** @type {const} */ ("xavier"), forgetBias: 1, seed: 0 };
  return [{ text: t("compare.untrained", { units }), patch: { model: "random", ...patch } }];
}

/**
 * Shipped models of the same size, on an input of their own task or on the same sequence.
 * @param {State} state @param {Translate} t @returns {Suggestion[]}
 */
function shipped({ model, source, task, run, zoo }, t) {
  const others = zoo.filter(({ name, hidden_size }) => name !== task && hidden_size === run?.model.hidden_size);
  if (model !== "zoo") return [];
  return others.map(({ name }) => ({
    text: t.known(`zoo.${name}.title`) ?? name,
    patch: { task: /** @type {State["task"]} */ (name), ...(source === "task" && { taskSeed: 0 }) },
  }));
}

/**
 * The reader's models of the same size that take this sequence, such as one before and one after a training.
 * @param {State} state @returns {Suggestion[]}
 */
function stored(state) {
  const { models, stored: chosen, model, run } = state;
  const others = models.filter(({ id }) => model !== "stored" || id !== chosen);
  const suggested = others.flatMap((other) => {
    const lstm = other.lstms.find((each) => run && isAlike(each, run.model) && takes(other, each, state));
    return lstm ? [{ text: other.name, patch: partsOf(other, lstm, state) }] : [];
  });
  return suggested.slice(0, MOST_MODELS);
}

/** @typedef {{hidden_size: number, num_layers: number, bidirectional: boolean, proj_size: number}} Size */
/** @param {Size} one @param {Size} other */
const isAlike = (one, other) =>
  one.hidden_size === other.hidden_size &&
  one.num_layers === other.num_layers &&
  one.bidirectional === other.bidirectional &&
  one.proj_size === other.proj_size;

/**
 * Whether it takes the present sequence: as many tokens, or as many features.
 * @param {StoredModel} model @param {StoredLSTM} lstm @param {State} state
 */
function takes({ vocabulary }, { fronts, input_size }, state) {
  const { source, run } = state;
  if (source === "text" && vocabulary?.length !== (storedOf(state)?.vocabulary ?? run?.sequence.features)?.length)
    return false;
  const front = frontOf(state);
  return front === null ? input_size === run?.model.input_size : Object.values(fronts).includes(front);
}

/** The number of tokens of the present embedding; null without one. @param {State} state */
const frontOf = (state) =>
  state.model === "stored" && state.front !== null ? (lstmOf(state)?.fronts[state.front] ?? 0) : null;

/**
 * The LSTM with an embedding and a read-out that fit.
 * @param {StoredModel} model @param {StoredLSTM} lstm @param {State} state @returns {Partial<State>}
 */
function partsOf({ id }, { name, fronts, read_outs }, state) {
  const tokens = frontOf(state);
  const front = Object.keys(fronts).find((each) => fronts[each] === tokens) ?? null;
  const readOut = Object.keys(read_outs)[0] ?? null;
  const softmax = front !== null && readOut !== null && fronts[front] === read_outs[readOut];
  return { model: "stored", stored: id, lstm: name, front, readOut, softmax };
}
