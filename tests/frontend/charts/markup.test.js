/** A stranger's text in a chart: letter by letter, whatever it holds. */

import assert from "node:assert/strict";
import test from "node:test";
import { legible, visible } from "../../../frontend/base/characters.js";
import { wholeFigure } from "../../../frontend/charts/charts.js";
import { written } from "../../../frontend/charts/markup.js";
import { TABS } from "../../../frontend/tabs/tabs.js";
import { makeAnswers } from "../answers.js";
import { makeRun, makeState, palette, tensor } from "../run.js";
import { translatorOf } from "../texts.js";
import { makeCompared, makeOutput } from "../two_runs/compared.js";

const t = translatorOf("en");
const MARK = "stranger";
/** Each of them is read as something else where it isn't escaped. */
const NAMES = [
  `<a href="https://${MARK}.example">`,
  `<b>${MARK}</b>`,
  `<s>${MARK}`,
  `<span style="color:red;font-size:99px">${MARK}`,
  `&lt;${MARK}&#60;`,
  `%{y:.9f}${MARK}%{customdata}<br>`,
  `$x^2$ ${MARK}<extra>x</extra>`,
];
const MARKUP = /<|&(?!amp;|lt;|gt;)/;
const OWN = /<br>|<extra><\/extra>$/g; // of a template

/** Every text that a figure holds, with the place where it stands. @param {any} value @returns {[string, string][]} */
function textsOf(value, place = "") {
  if (typeof value === "string") return [[place, value]];
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${place}.${key}`));
}

const readBack = (/** @type {string} */ text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Two sequences, of features and of tokens, each with an output of either kind. */
function strangeStates() {
  const values = tensor([1, 2, 3].map((step) => NAMES.map((_, place) => (step + place) / 20)));
  const states = [false, true].flatMap((isText) =>
    /** @type {const} */ (["probability", "value"]).map((kind) => {
      const names = isText ? NAMES : NAMES.slice(0, 3);
      const run = makeRun();
      Object.assign(run.sequence, { features: NAMES, columns: NAMES, values });
      if (isText) run.sequence.characters = NAMES.slice(0, 3);
      run.output = { kind, names, values: tensor([0, 1, 2].map((step) => names.map(() => step / 4))) };
      const sequences = { first: run.sequence, second: run.sequence };
      const comparison = { ...makeCompared({ output: makeOutput(NAMES.slice(0, 2), kind) }), sequences };
      const answers = { ...makeAnswers(values), comparison: { answer: comparison }, what_if: { answer: comparison } };
      return makeState({ run, answers, integralOpen: true, width: 2000 });
    }),
  );
  const alone = makeRun();
  alone.sequence.features = [NAMES[0]];
  return [...states, makeState({ run: alone })];
}

const STATES = strangeStates();
const CHARTS = TABS.flatMap(({ charts }) => Object.entries(charts));

for (const [id, chart] of CHARTS) {
  test(`the chart ${id} hands Plotly no markup but its own, whatever the names`, () => {
    const figures = STATES.map((state) => wholeFigure([chart], state, palette, t)).filter((each) => each !== null);
    assert.ok(figures.length > 0, "it has something to draw");
    for (const [place, text] of figures.flatMap((figure) => textsOf(written(figure)))) {
      if (place.endsWith("template")) {
        assert.ok(place.endsWith(".hovertemplate") && !text.includes(MARK), text);
        assert.doesNotMatch(text.replaceAll(OWN, ""), MARKUP, place);
      } else {
        assert.doesNotMatch(text, MARKUP, place);
        if (text.includes(MARK))
          assert.ok(
            NAMES.some((name) => readBack(text).includes(name)),
            text,
          );
      }
    }
  });
}

test("the charts that show names show every kind of them", () => {
  const figures = STATES.flatMap((state) => CHARTS.map(([, chart]) => wholeFigure([chart], state, palette, t)));
  const drawn = new Set(figures.flatMap((figure) => (figure ? textsOf(written(figure)) : [])).map(([, text]) => text));
  const texts = [...drawn].map(readBack);
  for (const name of NAMES)
    assert.ok(
      texts.some((text) => text.includes(name)),
      name,
    );
});

test("numbers go to Plotly as the arrays that they are", () => {
  const [z, customdata, x] = [[Float32Array.of(1, 2)], [[1, 2]], [0, 1]];
  const { data } = written({ data: [{ z, customdata, x }], layout: {} });
  assert.equal(data[0].z, z);
  assert.equal(data[0].customdata, customdata);
  assert.equal(data[0].x, x);
});

test("what has no ink, or turns other text around, is named", () => {
  const shown = {
    " ": "␣",
    "  ": "␣␣",
    "\n": "↵",
    "a\nb": "a↵b",
    "\u0000": "[U+0000]",
    "\u200b": "[U+200B]",
    "\u200d": "[U+200D]",
    "\ufeffid": "[U+FEFF]id",
    "\u202eevil": "[U+202E]evil",
    "\u2067x": "[U+2067]x",
    "\ud800": "[U+D800]",
    "\u0301": "◌\u0301",
  };
  for (const [name, expected] of Object.entries(shown)) assert.equal(visible(name), expected);
});

test("names that need no help stay", () => {
  for (const name of ["constructor", "__proto__", "👨‍👩‍👧", "می‌خواهم", "é", "각", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️"]) {
    assert.equal(visible(name).replaceAll(/[\u2068\u2069]/g, ""), name);
  }
});

test("a tower of marks has an end", () => {
  assert.ok(visible(`a${"\u0301".repeat(500)}`).length < 10);
});

test("a name that is written from right to left leaves its neighbours where they are, once and for all", () => {
  const name = visible("שלום");
  assert.equal(name, "\u2068שלום\u2069");
  assert.equal(visible(name), name);
  assert.equal(legible(`x = ${name} · y`), `x = ${name} · y`);
  assert.equal(visible("\u2069שלום\u202e"), "\u2068[U+2069]שלום[U+202E]\u2069");
});
