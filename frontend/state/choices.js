/** The values that a choice may have. */

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
export const INITIALISATIONS = /** @type {const} */ (["pytorch", "xavier", "chrono"]);
export const DIRECTIONS = /** @type {const} */ (["forward", "backward"]);
export const HYPOTHESES = /** @type {const} */ (["position", "feature", "quotes", "count", "token", "series"]);
/** The hypotheses about a text. @type {readonly string[]} */
export const TEXT_HYPOTHESES = ["quotes", "count", "token"];
/** The quantities that integrated gradients split. */
export const INTEGRAL_TARGETS = /** @type {const} */ (["output", "cell_state", "hidden_state"]);
export const BASELINES = /** @type {const} */ (["zero", "mean"]);

/** As many interventions, and as many changes, as the server takes. */
export const MOST_CHANGES = 64;
export const LARGEST_SEED = 2 ** 32 - 1;
