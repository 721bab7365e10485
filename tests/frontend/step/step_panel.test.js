import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import { picture, rangeOf } from "../../../frontend/step/cell_update.js";
import { panel } from "../../../frontend/step/panel.js";
import { all, wordsOf } from "../elements.js";
import { makeRun, makeState, tensor } from "../run.js";
import { translatorOf } from "../texts.js";

const t = translator({});
const named = translatorOf("en");
const point = { time: 1, unit: 0 };

/** A text of ten tokens into ten units: every weight of the forget gate of unit 0 is its place in tenths, in turns of sign. */
function textRun() {
  const run = makeRun();
  const size = 10;
  const rows = (columns) =>
    tensor(
      Array.from({ length: 4 * size }, (_, row) =>
        Array.from({ length: columns }, (_, column) =>
          row === size ? ((column % 2 ? -1 : 1) * (column + 1)) / 10 : 0,
        ),
      ),
    );
  run.model.input_size = size;
  run.model.hidden_size = size;
  const state_dict = { weight_ih_l0: rows(size), weight_hh_l0: rows(size) };
  for (const name of ["bias_ih_l0", "bias_hh_l0"]) {
    state_dict[name] = { data: new Float32Array(4 * size).fill(0.5), shape: [4 * size] };
  }
  run.model.state_dict = state_dict;
  run.sequence.features = [..."abcdefghi "];
  run.sequence.characters = ["a", " ", "c"];
  run.sequence.values = tensor(
    [0, 9, 2].map((hot) => run.sequence.features.map((_, feature) => Number(feature === hot))),
  );
  const [layer] = run.layers;
  for (const name of ["forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state"]) {
    layer[name] = tensor([1, 2, 3].map(() => Array(size).fill(1)));
  }
  for (const name of ["hidden_state", "cell_state"])
    layer.initial_state[name] = { data: new Float32Array(size), shape: [size] };
  return run;
}

const drawn = (run, patch = {}, set = () => {}, at = point) =>
  panel({ t: named, state: makeState({ run, ...patch }), set, draft() {} }, run, run.layers[0], at);
const rowsOf = (content) => all(content, "li").map(({ children: [name, value] }) => [wordsOf(name), wordsOf(value)]);

test("a value that is not what the equations give is said", () => {
  const run = makeRun();
  const form = { t, state: makeState({ run }), set() {} };
  assert.doesNotMatch(JSON.stringify(panel(form, run, run.layers[0], point)), /step\.disagrees/);
  run.layers[0].candidate.data[2] += 0.01; // step 1, unit 0
  assert.match(JSON.stringify(panel(form, run, run.layers[0], point)), /step\.disagrees/);
});

test("with a projection a unit beyond the hidden states says where it went", () => {
  const run = makeRun();
  run.model.proj_size = 1;
  run.model.state_dict.weight_hr_l0 = tensor([[2, 4]]);
  run.layers[0].hidden_state = tensor([[1], [1], [1]]);
  const content = panel({ t, state: makeState({ run }), set() {} }, run, run.layers[0], { time: 0, unit: 1 });
  assert.match(JSON.stringify(content), /step\.not_projected/);
});

test("the six largest pushes are listed with their names, the others together, and their sum", () => {
  const content = drawn(textRun());
  assert.deepEqual(rowsOf(content), [
    ["“␣”", "−1.000"],
    ["unit 9", "−1.000"],
    ["bias", "+1.000"],
    ["unit 8", "+0.900"],
    ["unit 7", "−0.800"],
    ["unit 6", "+0.700"],
    ["6 more", "−0.300"],
  ]);
  const texts = wordsOf(content);
  assert.match(texts, /9 that are 0Sum−0\.500/);
});

test("all pushes are listed where the reader asked for them", () => {
  const rows = rowsOf(drawn(textRun(), { pushedWhole: ["forget_gate"] }));
  assert.equal(rows.length, 13);
  assert.deepEqual(rows.at(-2), ["unit 0", "+0.100"]);
  assert.equal(rows.at(-1)[0], "The largest only");
});

test("a closed gate names the two largest, and draws no bar", () => {
  const content = drawn(textRun(), { pushed: [] });
  assert.deepEqual(all(content, "li"), []);
  const [forget] = all(content, "summary").map(wordsOf);
  assert.equal(forget, "What pushed it“␣” −1.000, unit 9 −1.000, …");
});

test("bars lie on the side of their sign, and the largest fills its side", () => {
  const [pushes] = all(drawn(textRun()), "svg").filter(({ props }) => props.class === "rows");
  const bars = all(pushes, "rect").map(({ props }) => [props.class, props.x, props.width]);
  assert.deepEqual(bars[0], ["negative", 0, 50]);
  assert.deepEqual(bars[2], ["positive", 50, 50]);
});

test("opening and closing a gate keeps the order of the equations", () => {
  const patches = [];
  const content = drawn(textRun(), { pushed: ["candidate"] }, (patch) => patches.push(patch));
  for (const { props } of all(content, "summary")) props.onclick({ preventDefault() {} });
  assert.deepEqual(patches, [
    { pushed: ["forget_gate", "candidate"] },
    { pushed: ["input_gate", "candidate"] },
    { pushed: [] },
    { pushed: ["candidate", "output_gate"] },
  ]);
});

test("the name of a unit leads to it at the step before; from the initial state, only to the unit", () => {
  const patches = [];
  const click = (at) => {
    const [unit] = all(
      all(
        drawn(textRun(), {}, (patch) => patches.push(patch), at),
        "ol",
      ),
      "button",
    );
    unit.props.onclick();
  };
  click(point);
  const run = textRun();
  run.layers[0].initial_state.hidden_state.data.fill(1);
  const [unit] = all(
    all(
      drawn(run, {}, (patch) => patches.push(patch), { time: 0, unit: 0 }),
      "ol",
    ),
    "button",
  );
  unit.props.onclick();
  const place = { layer: 0, direction: "forward", unit: 9, hover: null };
  assert.deepEqual(patches, [{ ...place, time: 0 }, place]);
});

test("the picture of the cell update goes from what was kept to the new state, and says its numbers", () => {
  const update = { previous_cell: 2, kept: 1, written: -3, cell_state: -2 };
  const content = picture(update, [-2, 2], named);
  const bars = all(content, "rect").map(({ props }) => [props.class, props.x, props.width]);
  assert.deepEqual(bars, [
    ["previous", 50, 50],
    ["positive", 50, 25],
    ["negative", 0, 75],
    ["negative", 0, 50],
  ]);
  const [image] = all(content, "div").filter(({ props }) => props.role === "img");
  assert.match(image.props["aria-label"], /2\.000, the forget gate kept 1\.000; −3\.000 was written.*−2\.000/);
});

test("its scale is the unit’s whole run, zero and the initial state included", () => {
  const run = makeRun();
  run.layers[0].initial_state.cell_state.data[1] = -0.5;
  const [low, high] = rangeOf(run.layers[0], 1);
  assert.deepEqual([low, Math.fround(high)], [-0.5, Math.fround(0.7875)]);
  assert.equal(rangeOf(run.layers[0], 0)[0], 0);
});
