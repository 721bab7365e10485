/** What the page knows: the state's shape, its defaults, and the request that follows from it. */

/** @import {Gate} from "../step/cell.js" */
/** @import {Tensor} from "../base/tensor.js" */
/** @import {Key, KeyBehind, Language} from "../base/i18n.js" */
/** @import {RawSource} from "./raw_data.js" */
import { isRaw } from "./raw_data.js";

export const QUANTITIES = /** @type {const} */ ([
  "forget_gate",
  "input_gate",
  "candidate",
  "output_gate",
  "cell_state",
  "hidden_state",
]);
/** @typedef {typeof QUANTITIES[number]} Quantity */

export const SOURCES = /** @type {const} */ (["task", "signal", "numbers", "text"]);
export const TASKS = /** @type {const} */ (["anbn", "reber", "adding", "quotes", "sunspots", "echo"]);
export const SCALINGS = /** @type {const} */ (["none", "zscore", "minmax"]);
export const MODELS = /** @type {const} */ (["zoo", "random", "stored"]);
export const HYPOTHESES = /** @type {const} */ (["position", "feature", "quotes", "count", "token", "series"]);
/** Those about a text. @type {readonly string[]} */
export const TEXT_HYPOTHESES = ["quotes", "count", "token"];
/** What integrated gradients split. */
export const INTEGRAL_TARGETS = /** @type {const} */ (["output", "cell_state", "hidden_state"]);
export const BASELINES = /** @type {const} */ (["zero", "mean"]);
export const DIRECTIONS = /** @type {const} */ (["forward", "backward"]);
/** As many interventions, and as many changes, as the server takes. */
export const MOST_CHANGES = 64;
export const INITIALISATIONS = /** @type {const} */ (["pytorch", "xavier", "chrono"]);

/** @typedef {{layer: number, direction: typeof DIRECTIONS[number], initial_state: {hidden_state: Tensor, cell_state: Tensor}} & Record<Quantity, Tensor>} Layer */
/**
 * @typedef {object} Run  one answer of the server, its tensors decoded
 * @property {{type: string, input_size: number, hidden_size: number, proj_size: number, num_layers: number, bidirectional: boolean, initialisation: string, forget_bias: number | null, seed: number, front?: string | null, state_dict: Record<string, Tensor>}} model
 * @property {{type: string, steps: number, features: string[], columns: string[], characters: string[] | null, quantity: Tensor | null, values: Tensor, scaling: {method: string, offset: number[], scale: number[]}}} sequence
 * @property {Layer[]} layers
 * @property {{kind: "probability" | "value", names: string[], values: Tensor, targets: Tensor | null} | null} output
 * @property {{reference: string, hidden_state: number, cell_state: number, largest: number, tolerance: number} | null} agreement  null with interventions
 */
/** @typedef {{field: string, message: string, code?: string, context?: Record<string, string | number | string[]>}} Fault */
/** @typedef {{name: string, default: number, minimum: number, maximum: number}} Parameter */
/** @typedef {{name: string, parameters: Parameter[], uses_seed: boolean, max_steps: number | null}} Signal */
/** @typedef {{name: string, text?: string, npy?: string}} Attachment  a file too large or too binary for the text field */
/** @typedef {{time: number, unit: number}} Point */
/** @typedef {{layer: number, direction: typeof DIRECTIONS[number], unit: number, correlation: number, held_out: number}} RankedUnit */
/** @typedef {{units: RankedUnit[], chance: number}} Ranking */
/** @typedef {{answer: any, faults: Fault[], asking: boolean}} Answered  the last answer stays while it is asked anew */
/** @typedef {{name: string, input_size: number, hidden_size: number, proj_size: number, num_layers: number, bidirectional: boolean, fronts: Record<string, number>, read_outs: Record<string, number>}} StoredLSTM */
/** @typedef {{name: string, hidden_size: number, features: string[], outputs: string[], output_kind: "next_token" | "value", claim: Record<string, number | null> & {unit: number}}} ZooModel */
/** @typedef {{layer: number, direction: typeof DIRECTIONS[number]}} Place */
/** @typedef {Place & {quantity: Quantity, value: number, units: number[] | null, first: number, last: number | null, off?: boolean}} Intervention  units null: all; last null: to the end; what is off is kept and not sent */
/** @typedef {Place & {type: "forget_bias", value: number, units: number[] | null}} ForgetBias */
/** @typedef {{type: "weight", name: string, row: number, column: number | null, value: number}} WeightEdit  by torch.nn.LSTM's names; column null in a bias */
/** @typedef {ForgetBias | WeightEdit} Change */
/** @typedef {Place & {quantity: "cell_state" | "hidden_state", value: number, units: number[] | null}} Start  what stands there before the first step */
/** @typedef {{done: number, of: number}} Progress */
/** @typedef {{id: string, name: string, file_name: string, lstms: StoredLSTM[], unsupported: Record<string, string>, vocabulary: string[] | null}} StoredModel */
/** @typedef {{id: string, key: Key, context: Record<string, string | number>, fault?: Fault, undo?: string}} Message  undo: the id of the model that can be brought back */

/** @typedef {Pick<State, typeof INPUTS[number]> & {storedName: string | null, vocabulary: string[] | null, dataName: string | null}} Ran  the inputs of a run, and what its model and its data are called */
/** @typedef {{type: "data", source: RawSource, data: string} | {type: "model", name: string | null}} Missing */

/**
 * @typedef {object} State
 * @property {typeof SOURCES[number]} source
 * @property {string} signal
 * @property {number} steps
 * @property {Record<string, number>} parameters  those of the signal that differ from its defaults
 * @property {number} signalSeed
 * @property {typeof SCALINGS[number]} scaling
 * @property {number[] | null} columns  null: all that hold numbers
 * @property {typeof TASKS[number]} task  which shipped model, and which task its input is drawn by
 * @property {number} taskSeed
 * @property {typeof MODELS[number]} model  where the model comes from
 * @property {string | null} stored  id of the stored model
 * @property {string | null} lstm  which LSTM of the stored model
 * @property {string | null} front
 * @property {string | null} readOut
 * @property {boolean} softmax
 * @property {number} hiddenSize
 * @property {typeof INITIALISATIONS[number]} initialisation
 * @property {number} forgetBias
 * @property {number} seed
 * @property {number} time
 * @property {number} unit
 * @property {number} layer
 * @property {typeof DIRECTIONS[number]} direction
 * @property {[number, number] | null} zoom  first and last step shown; null: all
 * @property {"unit" | "quantity"} lines
 * @property {Quantity} quantity
 * @property {number[]} units
 * @property {boolean} rankingOpen
 * @property {typeof HYPOTHESES[number]} hypothesis
 * @property {string} hypothesisDetail  raw data may be in it: never in the URL
 * @property {number | null} gradientStep  whose gradients are asked for; null: the last
 * @property {number | null} output  whose dependence is asked for; null: the largest
 * @property {boolean} integralOpen
 * @property {typeof INTEGRAL_TARGETS[number]} integralTarget
 * @property {typeof BASELINES[number]} baseline
 * @property {number} integralPoints
 * @property {KeyBehind<"tab">} tab  which of the tabs is shown
 * @property {number | null} tour  the stop of the guided tour, from 1; null: there is none
 * @property {boolean} isToBePlaced  whether its cursor is still to be set, when the run of its example is there
 * @property {Partial<State> | null} beforeTour  what the reader had when it began, to be brought back
 * @property {Record<string, number>} thresholds  of the tab Health, those that differ from the usual ones
 * @property {Intervention[]} interventions  of tab What if alone
 * @property {Change[]} changes  of its weights
 * @property {Start[]} initial  states it starts from instead of 0
 * @property {Progress | null} silencing  how many units have been silenced in turn; null: it is not under way
 * @property {Gate[]} pushed  the gates of the step of which is shown what pushed them
 * @property {Gate[]} pushedWhole  those of which all pushes are shown, not the largest only
 * @property {string | null} pinned  the inputs of the run to compare with, as an address writes them
 * @property {Record<string, import("./raw_data.js").Raw>} kept  raw data of such runs by its fingerprint: never in the URL
 * @property {Record<string, Answered>} answers  of the server to the questions of the tabs, by their name
 * @property {Language} language
 * @property {"light" | "dark"} theme
 * @property {string} numbers  raw data: never in the URL
 * @property {string} text  raw data: never in the URL
 * @property {Attachment | null} file  raw data: never in the URL
 * @property {Partial<Record<RawSource, string>>} dataNames  of the files that the numbers and the text came from, until they are edited
 * @property {string | null} awaited  the fingerprint of data that the address names and that is not here
 * @property {import("../workspace/session.js").NamedModel | null} sessionModel  the stored model that a session's file was of
 * @property {string | null} storedName  how the address calls the stored model
 * @property {import("../workspace/actions.js").Listed[]} workspaces  while their menu is open
 * @property {string[]} refused  the parts of the address that were not understood, until something is chosen
 * @property {Record<string, string>} drafts  what was typed into a field and is no legal value, by field
 * @property {Signal[]} signals
 * @property {StoredModel[]} models
 * @property {ZooModel[]} zoo
 * @property {string | null} uploading  name of the model file under way
 * @property {Record<string, number>} limits
 * @property {boolean} isCatalogued  whether the signals, limits and models of the server are known
 * @property {Run | null} run
 * @property {Ran | null} ran  what the run on screen is of
 * @property {boolean} running
 * @property {{status: number, faults: Fault[]} | null} problem
 * @property {number | null} unitToCome  the one to choose when the next run is there
 * @property {Point | null} hover  a passing preview of the cursor
 * @property {boolean} playing
 * @property {Key | null} notice  key of a short confirmation
 * @property {Message[]} messages  what happened, for a while
 * @property {boolean} isDropping  whether files are dragged over the page
 * @property {number} width  of the plots, in CSS pixels
 */

/** A first visit that shows something known: a trained LSTM that counts. */
export const DEFAULTS = /** @type {const} */ ({
  source: "task",
  task: "anbn",
  taskSeed: 0,
  signal: "sunspots",
  steps: 200,
  signalSeed: 0,
  scaling: "zscore",
  model: "zoo",
  softmax: false,
  hiddenSize: 16,
  initialisation: "xavier",
  forgetBias: 1,
  seed: 0,
  time: 14,
  unit: 5,
  layer: 0,
  direction: "forward",
  lines: "unit",
  quantity: "cell_state",
  rankingOpen: false,
  hypothesis: "position",
  tab: "gates",
});

/** The properties that a new run depends on. */
export const INPUTS = /** @type {const} */ ([
  "source",
  "task",
  "taskSeed",
  "signal",
  "steps",
  "parameters",
  "signalSeed",
  "scaling",
  "columns",
  "model",
  "stored",
  "lstm",
  "front",
  "readOut",
  "softmax",
  "hiddenSize",
  "initialisation",
  "forgetBias",
  "seed",
  "numbers",
  "text",
  "file",
]);

/** The body of POST /api/v1/traces; null where there is nothing to run yet. @param {State} state */
export const requestOf = (state) => (missingOf(state).length > 0 ? null : bodyOf(state));

/** The same where it is for the server to say what is missing. @param {State} state */
export function bodyOf(state) {
  const sequence = sequenceOf(state);
  return sequence && { model: modelOf(state), sequence };
}

/** What the inputs name that this browser or this server does not have. @param {State} state @returns {Missing[]} */
export function missingOf(state) {
  const { source, awaited, model, isCatalogued, storedName } = state;
  /** @type {Missing[]} */
  const missing = [];
  if (model === "stored" && isCatalogued && !storedOf(state)) missing.push({ type: "model", name: storedName });
  if (awaited && isRaw(source)) missing.push({ type: "data", source, data: awaited });
  return missing;
}

/** What a run of the present inputs is of. @param {State} state @returns {Ran} */
export function ranOf(state) {
  const inputs = Object.fromEntries(INPUTS.map((name) => [name, state[name]]));
  const { name: storedName = state.storedName, vocabulary = null } = storedOf(state) ?? {};
  const dataName = isRaw(state.source) ? (state.dataNames[state.source] ?? null) : null;
  return /** @type {Ran} */ ({ ...inputs, storedName, vocabulary, dataName });
}

/** Whether the run on screen is not of the present inputs. @param {State} state */
export function isOther(state) {
  const { ran } = state;
  if (!ran) return false;
  return INPUTS.some((name) => ran[name] !== state[name]) || ran.vocabulary !== (storedOf(state)?.vocabulary ?? null);
}

/** Whether it is not, and none of them is to come. @param {State} state */
export const isStale = (state) =>
  state.run !== null && !state.running && isOther(state) && (state.problem !== null || requestOf(state) === null);

/** @param {State} state */
function modelOf(state) {
  const { hiddenSize, initialisation, forgetBias, seed, stored, lstm, front, readOut, softmax } = state;
  if (state.model === "zoo") return { type: "zoo", name: state.task };
  if (state.model === "stored") {
    const id = storedOf(state)?.id ?? stored ?? "";
    return { type: "stored", id, lstm, front, read_out: readOut, softmax };
  }
  const model = { type: "random", hidden_size: hiddenSize, initialisation, seed };
  return initialisation === "xavier" ? { ...model, forget_bias: forgetBias } : model;
}

/** @param {State} state */
function sequenceOf(state) {
  const { source, signal, steps, parameters, signalSeed, scaling, columns, numbers, text, file } = state;
  if (source === "task") return { type: "task", name: state.task, seed: state.taskSeed };
  if (source === "signal") {
    const features = widthOf(state);
    return {
      type: "signal",
      name: signal,
      steps,
      ...(features > 1 && { features }),
      parameters,
      seed: signalSeed,
      scaling,
    };
  }
  if (source === "text") return text === "" ? null : { type: "text", text };
  if (file?.npy) return { type: "npy", data: file.npy, columns, scaling };
  const table = file?.text ?? numbers;
  return table.trim() === "" ? null : { type: "table", text: table, columns, scaling };
}

/** How many features a signal needs. @param {State} state */
function widthOf(state) {
  if (state.model === "zoo") return zooOf(state)?.features.length ?? 1;
  return state.model === "stored" && !state.front ? (lstmOf(state)?.input_size ?? 1) : 1;
}

/** The shipped model that is chosen. @param {Pick<State, "zoo" | "task">} state */
export const zooOf = ({ zoo, task }) => zoo.find(({ name }) => name === task);

const TENSORS = 32; // the first digits of an id; those behind them tell models of the same tensors apart

/** The stored model that is chosen, else one of the same tensors. @param {Pick<State, "models" | "stored">} state */
export const storedOf = ({ models, stored }) =>
  models.find(({ id }) => id === stored) ?? models.find(({ id }) => id.slice(0, TENSORS) === stored?.slice(0, TENSORS));

/** The LSTM of the stored model that is chosen; the only one need not be named. @param {State} state */
export function lstmOf(state) {
  const { lstms = [] } = storedOf(state) ?? {};
  return lstms.find(({ name }) => name === (lstms.length === 1 ? (state.lstm ?? name) : state.lstm));
}

/** The layer and direction on screen. @param {Pick<State, "run" | "layer" | "direction">} state */
export function layerOf({ run, layer, direction }) {
  const found = run?.layers.find((candidate) => candidate.layer === layer && candidate.direction === direction);
  return found ?? run?.layers[0];
}

/** Whether the chosen unit has one: with a projection there are fewer hidden states than units. @param {Pick<State, "run" | "layer" | "direction" | "unit">} state */
export const hasHiddenState = (state) => state.unit < (layerOf(state)?.hidden_state.shape[1] ?? 0);

/**
 * Where the cursor is seen: the hovered point, else the chosen one. What is on screen while another run is under way may
 * be shorter or narrower than what was chosen for that.
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

/** What is known of a question. @param {Pick<State, "answers">} state @param {string} name */
export const answerOf = ({ answers }, name) => answers[name] ?? NOTHING;

/** Whether two states differ in nothing but what is named. @param {(keyof State)[]} names @param {State} state @param {State} before */
export function sameBut(names, state, before) {
  const keys = /** @type {(keyof State)[]} */ (Object.keys(state));
  return keys.every((name) => state[name] === before[name] || names.includes(name));
}

/** Keeps what is typed into a field while it is no legal value. @param {{get: () => State, set: (patch: Partial<State>) => void}} store */
export const createDrafts =
  ({ get, set }) =>
  (/** @type {string} */ field, /** @type {string | null} */ text) => {
    const { [field]: _old, ...others } = get().drafts;
    set({ drafts: text === null ? others : { ...others, [field]: text } });
  };
