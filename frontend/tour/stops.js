/** The guided tour of the shipped aⁿbⁿ model: its stops as one table, and what their texts say of the run on screen. */

import { decimal } from "../base/i18n.js";
import { INPUTS } from "../state/properties.js";
import { answerOf, zooOf } from "../state/selectors.js";
/** @import {Word} from "./counting.js" */
/** @import {RankedUnit, Run} from "../state/answers.js" */
/** @import {Intervention, State} from "../state/state.js" */
import { figuresOf, firstWord, heldFigures, middles, percent } from "./counting.js";

/** @typedef {string | {chart: string, row: string}} Point  a selector, or a row of a chart */
/** @typedef {Record<string, string | number>} Figures */
/** @typedef {{run: Run, word: Word, unit: number}} Example  what the tour tells of; the unit is the one that counts */
/**
 * @typedef {object} Stop
 * @property {string} name  its texts are `tour.<name>.title`, `.text`, `.question` and `.answer`
 * @property {Partial<State>} view  how the page differs from its first view
 * @property {(example: Example) => Partial<State>} place  where in the run it looks
 * @property {Point[]} points  what it points at
 * @property {(keyof State)[]} [keeps]  what the reader cannot change without being elsewhere: if absent, the tab
 * @property {(state: State, example: Example) => Figures | null} [told]  what its texts say beside the figures of the
 *   run; null while the server is asked
 */

/** What the counting unit's forget gate is held at in the end. */
export const HELD = 0.9;

/** @type {Stop[]} */
export const STOPS = [
  {
    name: "task",
    view: {},
    place: ({ word }) => ({ time: word.start, zoom: around(word, word.n) }),
    points: [{ chart: "gates", row: "sequence" }],
  },
  {
    name: "output",
    view: {},
    place: ({ word }) => ({ time: word.end, zoom: around(word) }),
    points: [{ chart: "gates", row: "output" }],
  },
  {
    name: "unit",
    view: { rankingOpen: true, hypothesis: "count", hypothesisDetail: "a b" },
    place: ({ word }) => ({ time: word.peak }),
    points: ["#ranking table"],
    keeps: ["tab", "quantity", "hypothesis", "hypothesisDetail"],
    told: ranked,
  },
  {
    name: "cell",
    view: {},
    place: ({ word }) => ({ time: word.peak }),
    points: [{ chart: "lines", row: "states" }],
    keeps: ["tab", "lines"],
  },
  {
    name: "written",
    view: { pushed: ["candidate"] },
    place: ({ word }) => ({ time: middles(word).a, zoom: around(word) }),
    points: ["input_gate", "candidate"].map((name) => `#step [data-quantity=${name}]`),
  },
  {
    name: "kept",
    view: { tab: "memory" },
    place: ({ word }) => ({ time: word.end, zoom: around(word) }),
    points: ["#retention"],
  },
  {
    name: "held",
    view: { tab: "whatif" },
    place: ({ word, unit }) => ({ time: word.end, interventions: [held(unit)] }),
    points: ["#what-if-predictions + table", { chart: "what-if", row: "unit" }],
    keeps: ["tab", "quantity", "interventions", "changes", "initial"],
    told: differing,
  },
  {
    name: "on",
    view: {},
    place: ({ word }) => ({ time: word.end }),
    points: ["#tabs", "#inputs"],
    keeps: [],
  },
];

/**
 * The word between its full stops, and what follows; as many steps as a phone has room to write out.
 * @param {Word} word @param {number} [more] @returns {[number, number]}
 */
const around = ({ start, end }, more = 0) => [start - 1, end + 1 + more];

/** @param {number} unit @returns {Intervention} */
const held = (unit) => ({
  quantity: "forget_gate",
  value: HELD,
  layer: 0,
  direction: "forward",
  units: [unit],
  first: 0,
  last: null,
});

/** @param {number | null} number counted from 1 */
export const stopOf = (number) => (number === null ? undefined : STOPS[number - 1]);

/**
 * What the page shows beside its first view at a stop, whatever the run.
 * @param {number | null} number @returns {Partial<State>}
 */
export const viewOf = (number) => stopOf(number)?.view ?? {};

/** What the tour tells of, once its run is on screen. @param {State} state @returns {Example | null} */
export function exampleOf(state) {
  const { run, model, source, task } = state;
  const unit = zooOf(state)?.claim.unit;
  const isChosen = model === "zoo" && source === "task" && task === "anbn";
  const word = run && isChosen && run.model.type === "zoo" && firstWord(run.sequence.characters);
  return word && unit !== undefined ? { run, word, unit } : null;
}

/**
 * Where in the run a stop looks; nothing while its run is not there.
 * @param {State} state @param {number | null} number @returns {Partial<State>}
 */
export function placeOf(state, number) {
  const example = exampleOf(state);
  return example ? { unit: example.unit, ...stopOf(number)?.place(example) } : {};
}

/**
 * Whether the reader has gone elsewhere: other inputs, or another view than the stop's.
 * @param {State} state @param {Partial<State>} first  the page's first view
 */
export function isStrayed(state, first) {
  const { keeps = ["tab"] } = stopOf(state.tour) ?? {};
  const meant = { hypothesisDetail: "", ...first, ...viewOf(state.tour), ...placeOf(state, state.tour) };
  const isAsMeant = (/** @type {keyof State} */ name) => JSON.stringify(state[name]) === JSON.stringify(meant[name]);
  return isElsewhere(state, first) || !keeps.every(isAsMeant);
}

/** Raw data is no input of the example. @param {Partial<State>} state @param {Partial<State>} first */
export function isElsewhere(state, first) {
  return INPUTS.some((name) => name in first && state[name] !== first[name]);
}

/**
 * What the stop's texts say; `rest` is null while the server is asked for it.
 * @param {State} state @returns {{figures: Figures, isWhole: boolean} | null}
 */
export function told(state) {
  const stop = stopOf(state.tour);
  const example = exampleOf(state);
  if (!stop || !example) return null;
  const { run, word, unit } = example;
  const rest = stop.told ? stop.told(state, example) : {};
  return {
    figures: { value: HELD, ...figuresOf(run, word, unit), ...heldPower(word), ...rest },
    isWhole: rest !== null,
  };
}

/** What is left after a letter's stretch with the gate held. @param {Word} word */
const heldPower = ({ n }) => ({ held_kept: percent(HELD ** n) });

/** @param {State} state @returns {Figures | null} */
function ranked(state) {
  /** @type {{units: RankedUnit[], chance: number} | null} */
  const answer = answerOf(state, "ranking").answer;
  const first = answer?.units[0];
  return first ? { first: first.unit, held_out: decimal(first.held_out), chance: decimal(answer.chance) } : null;
}

/** @param {State} state @param {Example} example @returns {Figures | null} */
function differing(state, { word, unit }) {
  const { answer } = answerOf(state, "what_if");
  return (answer && heldFigures(answer, word, unit)) ?? null;
}
