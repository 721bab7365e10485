/** The properties of the state as one table. A new one needs a row here, and its type in state.js. */

/** @import {Type} from "./address_types.js" */
/** @import {State} from "./state.js" */
import { flag, integer, integers, number, numbersByName, oneOf, path, range, word } from "./address_types.js";
import {
  DIRECTIONS,
  HYPOTHESES,
  INITIALISATIONS,
  LARGEST_SEED,
  MODELS,
  QUANTITIES,
  SCALINGS,
  SOURCES,
  TASKS,
} from "./choices.js";

/**
 * @typedef {object} Property
 * @property {keyof State} property
 * @property {any} [usual]  its value on a first visit; without one, it comes from the reader's browser
 * @property {string} [key]  its name in an address; without one, it is in none
 * @property {Type} [type]  how an address writes it
 * @property {readonly State["source"][]} [sources]  the sources whose sequence depends on it
 * @property {readonly State["model"][]} [models]  the kinds of model that depend on it
 * @property {boolean} [isEntry]  a change is an entry of the browser's history, as a change of an input always is
 * @property {boolean} [isTyped]  what is typed in one go is one such entry
 * @property {boolean} [isRaw]  it is the reader's own data
 * @property {boolean} [isStored]  a workspace holds it beside the address
 */

const seed = integer(0, LARGEST_SEED);

const TABLE = /** @satisfies {Property[]} */ (
  /** @type {const} */ ([
    // A first visit shows something known: a trained LSTM that counts.
    { property: "source", usual: "task", key: "source", type: oneOf(SOURCES), sources: SOURCES },
    { property: "task", usual: "anbn", key: "task", type: oneOf(TASKS), sources: ["task"], models: ["zoo"] },
    { property: "taskSeed", usual: 0, key: "task_seed", type: seed, sources: ["task"] },
    { property: "signal", usual: "sunspots", key: "signal", type: word, sources: ["signal"] },
    { property: "steps", usual: 200, key: "steps", type: integer(1), sources: ["signal"] },
    { property: "parameters", usual: {}, key: "parameters", type: numbersByName, sources: ["signal"] },
    { property: "signalSeed", usual: 0, key: "signal_seed", type: seed, sources: ["signal"] },
    { property: "scaling", usual: "zscore", key: "scaling", type: oneOf(SCALINGS), sources: ["signal", "numbers"] },
    { property: "columns", usual: null, key: "columns", type: integers, sources: ["numbers"] },
    { property: "model", usual: "zoo", key: "model", type: oneOf(MODELS), models: MODELS },
    { property: "stored", usual: null, key: "id", type: word, models: ["stored"] },
    { property: "lstm", usual: null, key: "lstm", type: path, models: ["stored"] },
    { property: "front", usual: null, key: "front", type: path, models: ["stored"] },
    { property: "readOut", usual: null, key: "read_out", type: path, models: ["stored"] },
    { property: "softmax", usual: false, key: "softmax", type: flag, models: ["stored"] },
    { property: "hiddenSize", usual: 16, key: "hidden_size", type: integer(1), models: ["random"] },
    {
      property: "initialisation",
      usual: "xavier",
      key: "initialisation",
      type: oneOf(INITIALISATIONS),
      models: ["random"],
    },
    { property: "forgetBias", usual: 1, key: "forget_bias", type: number, models: ["random"] },
    { property: "seed", usual: 0, key: "seed", type: seed, models: ["random"] },
    { property: "numbers", sources: ["numbers"], isRaw: true, isTyped: true },
    { property: "text", sources: ["text"], isRaw: true, isTyped: true },
    { property: "file", usual: null, sources: ["numbers"], isRaw: true },
    { property: "awaited", usual: null, key: "data", type: word },
    { property: "storedName", usual: null, key: "model_name", type: path },
    { property: "time", usual: 14, key: "time", type: integer(0) },
    { property: "unit", usual: 5, key: "unit", type: integer(0), isEntry: true },
    { property: "layer", usual: 0, key: "layer", type: integer(0), isEntry: true },
    { property: "direction", usual: "forward", key: "direction", type: oneOf(DIRECTIONS), isEntry: true },
    { property: "zoom", usual: null, key: "zoom", type: range },
    { property: "lines", usual: "unit", key: "lines", type: oneOf(["unit", "quantity"]), isEntry: true },
    { property: "quantity", usual: "cell_state", key: "quantity", type: oneOf(QUANTITIES), isEntry: true },
    { property: "units", usual: [0, 1, 2, 3], key: "units", type: integers, isEntry: true },
    { property: "rankingOpen", usual: false, key: "ranking", type: flag },
    { property: "hypothesis", usual: "position", key: "hypothesis", type: oneOf(HYPOTHESES) },
    { property: "hypothesisDetail", usual: "", isStored: true },
    { property: "pinnedData", usual: {}, isStored: true },
    { property: "dataNames", usual: {}, isStored: true },
    { property: "drafts", usual: {}, isStored: true },
    { property: "beforeTour", usual: null, isStored: true },
    { property: "sessionModel", usual: null, isStored: true },
    { property: "isToBePlaced", usual: false },
    { property: "workspaces", usual: [] },
    { property: "refused", usual: [] },
    { property: "signals", usual: [] },
    { property: "models", usual: [] },
    { property: "zoo", usual: [] },
    { property: "limits", usual: {} },
    { property: "isCatalogued", usual: false },
    { property: "uploading", usual: null },
    { property: "run", usual: null },
    { property: "runInputs", usual: null },
    { property: "running", usual: false },
    { property: "problem", usual: null },
    { property: "answers", usual: {} },
    { property: "silencing", usual: null },
    { property: "unitToCome", usual: null },
    { property: "hover", usual: null },
    { property: "playing", usual: false },
    { property: "notice", usual: null },
    { property: "messages", usual: [] },
    { property: "isDropping", usual: false },
  ])
);

/** In the order of an address. The tabs, the step and the tour have properties too: see address/all_properties.js. */
export const PROPERTIES = /** @type {readonly Property[]} */ (TABLE);

/** @typedef {Extract<typeof TABLE[number], {sources: any} | {models: any}>["property"]} Input */

/** Whether a run depends on it. @param {Property} property */
export const isInput = ({ sources, models }) => sources !== undefined || models !== undefined;

/** The properties that a run depends on. */
export const INPUTS = /** @type {Input[]} */ (PROPERTIES.filter(isInput).map(({ property }) => property));

/**
 * The inputs that one run depends on, by the source of its sequence and the kind of its model.
 * @param {Pick<State, "source" | "model">} state
 */
export const inputPropertiesOf = ({ source, model }) =>
  PROPERTIES.filter(({ sources = [], models = [] }) => sources.includes(source) || models.includes(model));

/** @param {readonly Property[]} properties @returns {Partial<State>} */
export const defaultsOf = (properties) =>
  Object.fromEntries(properties.filter((each) => "usual" in each).map(({ property, usual }) => [property, usual]));
