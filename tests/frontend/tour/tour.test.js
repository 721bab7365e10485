import assert from "node:assert/strict";
import test from "node:test";
import * as properties from "../../../frontend/address/all_properties.js";
import { read, write } from "../../../frontend/address/url.js";
import { LANGUAGES } from "../../../frontend/base/i18n.js";
import { createStore } from "../../../frontend/base/store.js";
import { card } from "../../../frontend/tour/card.js";
import { figuresOf, firstWord, heldFigures } from "../../../frontend/tour/counting.js";
import { STOPS, stopOf, told } from "../../../frontend/tour/stops.js";
import { createTour } from "../../../frontend/tour/tour.js";
import { answered, makeRun, makeState, tensor, USUAL } from "../run.js";
import { translatorOf } from "../texts.js";

const NUMBERS = STOPS.map((_, index) => index + 1);

const TEXT = [...".aabb.ab"];
const column = (...values) => tensor(values.map((value) => [0, value]));

/** Unit 1 counts `.aabb.ab`; the numbers are chosen so that what follows from them is seen at once. */
function countingRun() {
  const run = makeRun();
  const sure = (name) => [".", "a", "b"].map((other) => (other === name ? 0.9 : 0.05));
  Object.assign(run.model, { type: "zoo", hidden_size: 2 });
  Object.assign(run.sequence, { type: "task", steps: TEXT.length, characters: TEXT, quantity: null });
  Object.assign(run.layers[0], {
    forget_gate: column(0.1, 0.6, 0.8, 0.9, 0.9, 0.05, 0.6, 0.8),
    input_gate: column(1, 1, 0.5, 1, 0.25, 1, 1, 1),
    candidate: column(-1, 1, 0.8, -1, -0.8, -1, 1, -1),
    cell_state: column(-1, 0, 2, 1, -1, -1, 0, -1),
  });
  run.output = {
    kind: "probability",
    names: [".", "a", "b"],
    values: tensor(["a", "a", "b", "b", ".", "a", "b", "."].map(sure)),
    targets: null,
  };
  return run;
}

const zoo = [{ name: "anbn", features: [".", "a", "b"], claim: { unit: 1 } }];
const FIRST_VIEW = { ...properties.FIRST_VIEW, zoo, ...USUAL };
const OWN = {
  ...properties.FIRST_VIEW,
  model: "random",
  source: "text",
  hiddenSize: 5,
  unit: 4,
  tab: "memory",
  time: 2,
};
const HELD = {
  first: tensor(TEXT.map((_, time) => [0, time])),
  second: tensor(TEXT.map((_, time) => [0, time / 2])),
  output: {
    names: [".", "a", "b"],
    first: tensor(
      ["a", "a", "b", "b", ".", "a", "b", "."].map((name) => [".", "a", "b"].map((n) => Number(n === name))),
    ),
    second: tensor(
      ["a", "a", "b", ".", ".", "a", ".", "."].map((name) => [".", "a", "b"].map((n) => Number(n === name))),
    ),
  },
};
const RANKING = {
  units: [{ layer: 0, direction: "forward", unit: 1, correlation: 0.98, held_out: 0.97 }],
  chance: 0.4,
};

/** @param {object} [patch] */
const atStop = (number, patch) =>
  makeState({
    ...{ ...FIRST_VIEW, run: countingRun(), tour: number },
    ...{ answers: { ranking: answered(RANKING), what_if: answered(HELD) }, ...patch },
  });

/** @param {object} state */
function touring(state) {
  const store = createStore(makeState(state));
  return { store, tour: createTour(store, properties.FIRST_VIEW) };
}

const WORDS = {
  ".aabb.ab.": { n: 2, start: 1, peak: 2, end: 4 },
  ".abb.ab.": { n: 1, start: 5, peak: 5, end: 6 },
  "ab.aabb": null,
  ".aab": null,
  "": null,
};
for (const [text, word] of Object.entries(WORDS)) {
  test(`the first whole word of “${text}” is ${word ? `found at step ${word.start}` : "not there"}`, () => {
    assert.deepEqual(firstWord([...text]), word);
  });
}

test("every figure is one of the run, written as the page writes it", () => {
  const run = countingRun();
  const figures = figuresOf(run, firstWord(run.sequence.characters), 1);
  const expected = {
    ...{ n: 2, end: 4, before_end: 3, stop: 5, units: 2 },
    ...{ cell_before: "−1.000", cell_peak: "2.000", cell_end: "−1.000" },
    ...{ a: 2, i_a: "0.500", c_a: "0.800", written_a: "0.400", b: 3, written_b: "−1.000" },
    ...{ f_least: "0.800", f_most: "0.900", kept: "81%", f_stop: "0.050" },
    ...{ probability_b: "0.900", probability_stop: "0.900" },
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(figures[name], value, name);
});

test("with its gate held the word ends too early, and the predictions that change are counted", () => {
  const figures = heldFigures(HELD, firstWord(TEXT), 1);
  assert.deepEqual(figures, { early: 3, too_early: 1, changed: 2, steps: 8, cell_peak: "2.000", held_peak: "1.000" });
});

test("what does not end the word too early is not said to", () => {
  const same = { ...HELD, output: { ...HELD.output, second: HELD.output.first } };
  assert.equal(heldFigures(same, firstWord(TEXT), 1), undefined);
});

for (const language of LANGUAGES) {
  test(`at every stop no hole is left in the words (${language})`, () => {
    const t = translatorOf(language);
    for (const number of NUMBERS) {
      const { figures, isWhole } = told(atStop(number));
      assert.ok(isWhole);
      for (const part of ["title", "text", "question", "answer"]) {
        const said = t(`tour.${stopOf(number).name}.${part}`, figures);
        assert.doesNotMatch(said, /[{}]|NaN|undefined|^tour\./, said);
      }
    }
  });
}

test("while the server is asked, the question stands and its answer waits", () => {
  const { figures, isWhole } = told(atStop(3, { answers: {} }));
  assert.equal(isWhole, false);
  assert.equal(figures.units, 2);
});

test("the tour says nothing of another run", () => {
  assert.equal(told(atStop(1, { run: makeRun() })), null);
  assert.equal(told(atStop(1, { task: "quotes" })), null);
});

for (const number of NUMBERS) {
  test(`the address tour=${number} opens the stop, and it alone is written`, () => {
    const { values, refused } = read(`?tour=${number}`);
    assert.deepEqual(refused, []);
    assert.equal(values.tour, number);
    for (const [name, value] of Object.entries(stopOf(number).view)) assert.deepEqual(values[name], value);
    assert.equal(write({ ...values, ...USUAL }, USUAL), `?tour=${number}`);
  });
}

test("what the address says of the view comes before the stop, and no such stop is refused", () => {
  assert.equal(read("?tour=6&tab=gates").values.tab, "gates");
  assert.deepEqual(read("?tour=9").refused, ["tour"]);
  assert.deepEqual(read("?tour=0").refused, ["tour"]);
});

test("the tour goes to the example and the end of it brings back what was there", () => {
  const own = {
    ...OWN,
    run: makeRun(),
    zoo,
    hypothesisDetail: "x",
    numbers: "1 2",
    text: "mine",
    drafts: { seed: "1e" },
  };
  const { store, tour } = touring(own);
  tour.start();
  const { model, source, tab, numbers, text, drafts } = store.get();
  assert.deepEqual({ model, source, tab }, { model: "zoo", source: "task", tab: "gates" });
  assert.deepEqual({ numbers, text, drafts }, { numbers: "1 2", text: "mine", drafts: { seed: "1e" } });
  tour.goTo(3);
  assert.equal(store.get().hypothesisDetail, "a b");
  tour.end();
  for (const [name, value] of Object.entries(own)) assert.deepEqual(store.get()[name], value, name);
  assert.equal(store.get().tour, null);
  assert.equal(store.get().beforeTour, null);
});

test("what the reader has chosen during the tour is kept when it ends", () => {
  const { store, tour } = touring({ ...OWN, zoo });
  tour.start();
  store.set({ task: "quotes" });
  tour.end();
  assert.equal(store.get().task, "quotes");
  assert.equal(store.get().model, "zoo");
  assert.equal(store.get().tour, null);
});

test("each stop stands at its step, of the unit that counts, and undoes what was looked at meanwhile", () => {
  const { store, tour } = touring({ ...FIRST_VIEW, run: countingRun() });
  const seen = NUMBERS.map((number) => {
    tour.goTo(number);
    const { time, unit, tab } = store.get();
    store.set({ unit: 0, zoom: [1, 2], tab: "memory", time: 7 });
    return { time, unit, tab };
  });
  assert.deepEqual(
    seen.map(({ time }) => time),
    [1, 4, 2, 2, 2, 4, 4, 4],
  );
  assert.ok(seen.every(({ unit }) => unit === 1));
  assert.deepEqual(
    seen.map(({ tab }) => tab),
    ["gates", "gates", "gates", "gates", "gates", "memory", "whatif", "gates"],
  );
});

test("the cursor is set when the run of the example comes, and not again", () => {
  const { store } = touring({ ...FIRST_VIEW, tour: 4, isToBePlaced: true });
  store.set({ run: countingRun() });
  assert.equal(store.get().time, 2);
  store.set({ time: 5 });
  assert.equal(store.get().time, 5);
});

test("a step of the browser's history into the tour and out of it keeps what was typed", () => {
  const { store, tour } = touring({ ...OWN, hypothesisDetail: "mine" });
  const outside = store.get();
  const inside = { ...outside, ...read("?tour=3").values, ...tour.crossing(outside, 3) };
  assert.equal(inside.hypothesisDetail, "a b");
  const back = { ...inside, ...read("").values, ...tour.crossing(inside, null) };
  assert.equal(back.hypothesisDetail, "mine");
  assert.equal(back.beforeTour, null);
});

const t = translatorOf("en");
const nothing = () => {};
const shown = (number, patch = {}) =>
  JSON.stringify(
    card(
      { t, state: atStop(number), set: nothing },
      {
        ...{ name: stopOf(number).name, number, stops: STOPS.length, told: told(atStop(number)) },
        ...{ isStrayed: false, goTo: nothing, again: nothing, end: nothing, ...patch },
      },
    ),
  );

test("the card goes back from the second stop on, and ends after the last", () => {
  assert.match(shown(1), /"tour-back","disabled":true/);
  assert.match(shown(2), /"tour-back","disabled":false/);
  assert.match(shown(2), /End tour/);
  assert.match(shown(STOPS.length), /Finish/);
});

test("whoever has gone elsewhere is led back, and a run under way is waited for", () => {
  assert.match(shown(2, { isStrayed: true }), /tour-again/);
  assert.match(shown(2, { told: null }), /Computing the example/);
});
