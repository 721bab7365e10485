/** Parts of the state: the chosen model, the layer and the steps on screen, the answers. */

/** @import {Answered, Point, State} from "./state.js" */

/** The chosen shipped model. @param {Pick<State, "zoo" | "task">} state */
export const zooOf = ({ zoo, task }) => zoo.find(({ name }) => name === task);

const TENSORS = 32; // the first digits of an id; those behind them tell models of the same tensors apart

/** The chosen stored model, else another one of the same tensors. @param {Pick<State, "models" | "stored">} state */
export const storedOf = ({ models, stored }) =>
  models.find(({ id }) => id === stored) ?? models.find(({ id }) => id.slice(0, TENSORS) === stored?.slice(0, TENSORS));

/** The chosen LSTM of the stored model. An address need not name the only one. @param {State} state */
export function lstmOf(state) {
  const { lstms = [] } = storedOf(state) ?? {};
  return lstms.find(({ name }) => name === (lstms.length === 1 ? (state.lstm ?? name) : state.lstm));
}

/** The layer and direction on screen. @param {Pick<State, "run" | "layer" | "direction">} state */
export function layerOf({ run, layer, direction }) {
  const chosen = run?.layers.find((candidate) => candidate.layer === layer && candidate.direction === direction);
  return chosen ?? run?.layers[0];
}

/**
 * Whether the chosen unit has a hidden state: with a projection there are fewer of them than units.
 * @param {Pick<State, "run" | "layer" | "direction" | "unit">} state
 */
export const hasHiddenState = (state) => state.unit < (layerOf(state)?.hidden_state.shape[1] ?? 0);

/**
 * The hovered point, else the chosen one; within the run on screen, which may be shorter or narrower than the one that
 * is under way.
 * @param {Pick<State, "hover" | "time" | "unit" | "run">} state @returns {Point}
 */
export function cursorOf({ hover, time, unit, run }) {
  const point = hover ?? { time, unit };
  const last = run && { time: run.sequence.steps - 1, unit: run.model.hidden_size - 1 };
  return last ? { time: Math.min(point.time, last.time), unit: Math.min(point.unit, last.unit) } : point;
}

/** First and last step on screen. @param {Pick<State, "zoom" | "run">} state @returns {[number, number]} */
export const shownSteps = ({ zoom, run }) => zoom ?? [0, (run?.sequence.steps ?? 1) - 1];

/** @type {Answered} */
const NOTHING = { answer: null, faults: [], asking: false };

/** The answer to a question. @param {Pick<State, "answers">} state @param {string} name */
export const answerOf = ({ answers }, name) => answers[name] ?? NOTHING;

/**
 * Whether two states are the same but for these properties.
 * @param {(keyof State)[]} names @param {State} state @param {State} before
 */
export function sameBut(names, state, before) {
  const keys = /** @type {(keyof State)[]} */ (Object.keys(state));
  return keys.every((name) => state[name] === before[name] || names.includes(name));
}
