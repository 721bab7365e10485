import assert from "node:assert/strict";
import test from "node:test";
import * as findings from "../../../frontend/tabs/health/findings.js";
import { plotOf } from "../../../frontend/tabs/health/saturation_plot.js";
import { health } from "../../../frontend/tabs/health/tab.js";
import * as thresholds from "../../../frontend/tabs/health/thresholds.js";
import { all, wordsOf } from "../elements.js";
import { makeRun, makeState, palette, vector } from "../run.js";
import { translatorOf } from "../texts.js";

const translators = { en: translatorOf("en"), ko: translatorOf("ko") };
const [question] = health.questions;
const [option] = health.options;

/** @param {string} language @param {object[]} found @param {object} [rest] */
function listed(language, found, { steps = 40, state = {}, set = () => {} } = {}) {
  const form = { t: translators[language], state: makeState({ language, thresholds: {}, unit: 3, ...state }), set };
  return findings.list(form, { steps, findings: found, thresholds: { fewest_steps: 8 } });
}
const integrators = (units, shares) => ({
  kind: "never_forgets",
  units,
  shares,
  thresholds: { right: 0.9, held_share: 0.98 },
});

test("units that stand out are listed as each language lists", () => {
  const found = [integrators([3, 7, 12], [0.98, 0.98, 0.98])];
  assert.match(
    wordsOf(listed("en", found)),
    /^Units 3, 7 and 12 hold their forget gate above 0\.9 for 98 % of the steps: integrators\./,
  );
  assert.match(wordsOf(listed("ko", found)), /^유닛 3, 7 및 12: 전체 시점의 98%에서 망각 게이트가 0\.9보다 큽니다\./);
});

test("of one unit the sentence is in the singular", () => {
  assert.match(wordsOf(listed("en", [integrators([4], [1])])), /^Unit 4 holds its forget gate above 0\.9 for 100 % of/);
});

test("shares that differ are shown as a range, and none is rounded up", () => {
  assert.match(wordsOf(listed("en", [integrators([1, 2], [0.996, 0.98])])), / for 98–99 % of /);
  assert.match(wordsOf(listed("en", [integrators([1, 2], [1, 0.29])])), / for 29–100 % of /);
});

test("each unit is a link that chooses it, and the chosen one is marked", () => {
  const chosen = [];
  const links = all(listed("en", [integrators([3, 7], [1, 1])], { set: (patch) => chosen.push(patch) }), "button");
  assert.deepEqual(
    links.map(({ props, children }) => [children[0], props["aria-label"], props["aria-pressed"]]),
    [
      ["3", "unit 3", "true"],
      ["7", "unit 7", "false"],
    ],
  );
  links[1].props.onclick();
  assert.deepEqual(chosen, [{ unit: 7, hover: null }]);
});

for (const [count, inSentence, all_] of [
  [13, 13, 13],
  [14, 12, 26],
  [300, 12, 312],
]) {
  test(`of ${count} units ${inSentence} stand in the sentence and every one is a link`, () => {
    const units = Array.from({ length: count }, (_, index) => index);
    const list = listed("en", [integrators(units, Array(count).fill(1))]);
    const [sentence] = all(list, "p");
    assert.equal(all(sentence, "button").length, inSentence);
    assert.equal(all(list, "button").length, all_);
    assert.equal(/ and \d+ others /.test(wordsOf(sentence)), inSentence < count);
  });
}

test("every kind has its sentences and its meaning in both languages, with no hole left open", () => {
  const kinds = ["never_writes", "never_forgets", "always_forgets", "never_speaks", "saturated", "drifts", "dead"];
  const decided = { left: 0.1, right: 0.9, tiny: 0.01, saturated_state: 0.97, drift_rise: 1, constant: 1e-6 };
  for (const language of ["en", "ko"]) {
    for (const kind of kinds) {
      for (const units of [[0], [0, 1]]) {
        const said = wordsOf(listed(language, [{ kind, units, shares: units.map(() => 1), thresholds: decided }]));
        assert.ok(said.length > 100, said);
        assert.doesNotMatch(said, /[{}]|health\./);
      }
    }
  }
});

test("where nothing stands out, and where there are too few steps to tell, it is said", () => {
  assert.match(wordsOf(listed("en", [])), /^Nothing stands out/);
  assert.match(
    wordsOf(listed("en", [], { steps: 7 })),
    /^The sequence has 7 steps\. Of fewer than 8 no unit is judged/,
  );
  assert.match(wordsOf(listed("en", [], { steps: 8 })), /^Nothing stands out/);
});

const PLACES = { left: vector(0, 0.25, 0.25, 1), right: vector(1, 0.5, 0.5, 0) };
function plotted({ unit = 0, others = [], width = 800 } = {}) {
  const gates = { forget_gate: PLACES, input_gate: PLACES, output_gate: PLACES };
  const answer = { saturation: gates, others, thresholds: { left: 0.1, right: 0.9 } };
  const answers = { health: { answer, faults: [], asking: false } };
  const state = makeState({ run: makeRun(), unit, width, answers });
  return plotOf("input_gate")(state, { palette, t: translators.en, width: width - 102 });
}

test("a unit is a dot at the share of open steps and the share of shut ones, below the line of their sum", () => {
  const { traces, shapes, yaxis } = plotted();
  assert.deepEqual(traces[0].x, [1, 0.5, 0.5, 0]);
  assert.deepEqual(traces[0].y, [0, 0.25, 0.25, 1]);
  const [{ x0, y0, x1, y1 }] = shapes;
  assert.deepEqual([x0 + y0, x1 + y1], [1, 1]);
  assert.equal(yaxis.scaleanchor, "x");
});

test("the chosen unit stands out above the others", () => {
  const [dots, chosen] = plotted({ unit: 3 }).traces;
  assert.deepEqual([chosen.x, chosen.y], [[0], [1]]);
  assert.ok(chosen.marker.size > dots.marker.size && chosen.marker.symbol !== dots.marker.symbol);
});

test("of units at the same place all are named, and clicks take one after the other", () => {
  const picks = (unit) => plotted({ unit }).traces[0].customdata;
  assert.equal(plotted().traces[0].text[1], "units 1, 2");
  assert.deepEqual(picks(0), [0, 1, 1, 3]);
  assert.deepEqual(picks(1), [0, 2, 2, 3]);
  assert.deepEqual(picks(2), [0, 1, 1, 3]);
});

test("where many units stand at one place their number stands beside it", () => {
  const counted = (...open) => {
    const crowd = { left: vector(...open.map(() => 0)), right: vector(...open) };
    const answers = { health: { answer: { saturation: { forget_gate: crowd }, others: [], thresholds: {} } } };
    const { traces } = plotOf("forget_gate")(makeState({ answers }), { palette, t: translators.en, width: 700 });
    return [traces[2].text, traces[2].x];
  };
  const times = (count, share) => Array(count).fill(share);
  assert.deepEqual(counted(0.5, ...times(8, 0)), [["8×"], [0]]);
  const near = counted(...times(5, 0.125), ...times(6, 0.25), ...times(5, 0.625));
  assert.deepEqual(
    near,
    [
      ["6×", "5×"],
      [0.25, 0.625],
    ],
    "no number lies on another: the larger crowd's stays",
  );
});

test("other layers are behind, each place once, and cannot be clicked", () => {
  const gates = { input_gate: PLACES };
  const { traces } = plotted({ others: [{ saturation: gates }, { saturation: gates }] });
  assert.deepEqual(traces[0].x, [1, 0.5, 0]);
  assert.equal(traces[0].hoverinfo, "skip");
  assert.equal(traces[0].meta, undefined);
});

test("plots are as high as they are wide, as long as the screen has room for it", () => {
  assert.equal(plotted({ width: 800 }).height, 179);
  assert.deepEqual([plotted({ width: 1600 }).height, plotted({ width: 374 }).height], [260, 210]);
});

test("the server is asked with every threshold, the changed ones changed", () => {
  const state = makeState({ thresholds: { left: 0.2 }, layer: 1, direction: "backward" });
  const { thresholds: sent, layer, direction } = question.requestOf(state);
  assert.deepEqual([layer, direction], [1, "backward"]);
  assert.deepEqual(Object.keys(sent).sort(), Object.keys(thresholds.THRESHOLDS).sort());
  assert.deepEqual([sent.left, sent.right], [0.2, 0.9]);
});

test("thresholds in an address come back as they were", () => {
  const changed = { left: 0.25, held_share: 0.9, constant: 1e-7, fewest_steps: 3 };
  assert.deepEqual(option.type.read(option.type.write(changed)), changed);
});

for (const text of [
  "left~2",
  "left~0.95",
  "fewest*steps~2.5",
  "middle~0.5",
  "left",
  "left~0.6_right~0.5",
  "",
  "toString~1",
]) {
  test(`an address with the thresholds “${text}” is refused`, () => {
    assert.equal(option.type.read(text), undefined);
  });
}

/** @param {object} state */
function fieldsOf(state) {
  const [drafts, patches] = [[], []];
  const form = {
    t: translators.en,
    state: makeState({ thresholds: {}, drafts: {}, ...state }),
    set: (patch) => patches.push(patch),
    draft: (field, text) => drafts.push([field, text]),
  };
  const panel = thresholds.panel(form);
  const type = (name, value) =>
    all(panel, "input")
      .find(({ props }) => props.id === `thresholds-${name}`)
      .props.oninput({ target: { value } });
  return { panel, type, drafts, patches };
}

test("a threshold set back to the usual one is no longer in the address", () => {
  const { type, patches } = fieldsOf({ thresholds: { left: 0.2, tiny: 0.5 } });
  type("left", "0.1");
  type("tiny", "0.25");
  assert.deepEqual(patches, [{ thresholds: { tiny: 0.5 } }, { thresholds: { left: 0.2, tiny: 0.25 } }]);
});

test("the lower threshold cannot be set above the upper one, nor the upper one below the lower", () => {
  const { type, patches, drafts } = fieldsOf({ thresholds: { left: 0.3, right: 0.6 } });
  type("left", "0.7");
  type("right", "0.2");
  assert.deepEqual(patches, []);
  assert.deepEqual(drafts, [
    ["thresholds.left", "0.7"],
    ["thresholds.right", "0.2"],
  ]);
});

test("the reset takes back what was changed and what was typed, and is there only where something was", () => {
  const { panel, patches, drafts } = fieldsOf({ thresholds: { left: 0.2 }, drafts: { "thresholds.tiny": "x" } });
  const [button] = all(panel, "button");
  assert.equal(button.props.disabled, false);
  button.props.onclick();
  assert.deepEqual([patches, drafts], [[{ thresholds: {} }], [["thresholds.tiny", null]]]);
  assert.equal(all(fieldsOf({}).panel, "button")[0].props.disabled, true);
});
