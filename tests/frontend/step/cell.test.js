import assert from "node:assert/strict";
import test from "node:test";
import { compute, difference, GATES, originOf } from "../../../frontend/step/cell.js";
import { makeRun, near, tensor } from "../run.js";

test("a step is worked out from the weights as by hand", () => {
  const run = makeRun();
  const [layer] = run.layers;
  const step = compute(run, layer, { time: 1, unit: 0 });
  near(step.forget_gate.value, 0.5);
  near(step.input_gate.sum, Math.log(3));
  near(step.candidate.value, 0.6);
  near(step.output_gate.value, 0.25);
  near(step.previous_cell, 0.45);
  near(step.cell_state, 0.675);
  near(step.hidden_state, Math.tanh(0.675) / 4);
  assert.ok(difference(step, layer, { time: 1, unit: 0 }) < 1e-7);
});

test("each gate is split into what the input, the hidden state and the bias pushed", () => {
  const run = makeRun();
  const [layer] = run.layers;
  run.model.state_dict.weight_ih_l0 = tensor([[0], [0], [0], [2], [0], [0], [0], [0]]); // i i f f C̃ C̃ o o
  run.model.state_dict.weight_hh_l0 = tensor([
    [0, 0],
    [0, 0],
    [0, 0],
    [4, 8],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  layer.hidden_state = tensor([
    [0.5, 0.25],
    [0, 0],
    [0, 0],
  ]);
  const { forget_gate } = compute(run, layer, { time: 1, unit: 1 });
  assert.deepEqual([forget_gate.input, forget_gate.hidden, forget_gate.bias, forget_gate.sum], [4, 4, 0, 8]);
});

test("the first step starts from the initial state", () => {
  const run = makeRun();
  const [layer] = run.layers;
  layer.initial_state.cell_state.data[1] = 2;
  near(compute(run, layer, { time: 0, unit: 1 }).cell_state, 0.5 * 2 + 0.45);
});

test("a plotted value that is not what the equations give is found", () => {
  const run = makeRun();
  const [layer] = run.layers;
  layer.candidate.data[2] += 0.01; // step 1, unit 0
  assert.ok(difference(compute(run, layer, { time: 1, unit: 0 }), layer, { time: 1, unit: 0 }) > 0.009);
});

test("backward, a step starts from the one after it, and the last from the initial state", () => {
  const run = makeRun();
  const [layer] = run.layers;
  layer.direction = "backward";
  for (const [name, { data, shape }] of Object.entries(run.model.state_dict)) {
    run.model.state_dict[`${name}_reverse`] = { data, shape };
  }
  const [first, second, last] = [0, 1, 2].map((time) => compute(run, layer, { time, unit: 0 }).previous_cell);
  assert.deepEqual([first, second, last], [layer.cell_state.data[2], layer.cell_state.data[4], 0]);
});

test("a layer above takes the hidden states below it, both directions side by side", () => {
  const run = makeRun();
  const [below] = run.layers;
  const above = { ...below, layer: 1 };
  run.layers = [
    below,
    {
      ...below,
      direction: "backward",
      hidden_state: tensor([
        [5, 6],
        [7, 8],
        [9, 10],
      ]),
    },
    above,
  ];
  const weights = run.model.state_dict;
  Object.assign(weights, {
    weight_ih_l1: tensor(Array.from({ length: 8 }, (_, row) => (row === 2 ? [0, 0, 1, 10] : [0, 0, 0, 0]))),
    weight_hh_l1: weights.weight_hh_l0,
    bias_ih_l1: weights.bias_ih_l0,
    bias_hh_l1: weights.bias_hh_l0,
  });
  assert.equal(compute(run, above, { time: 1, unit: 0 }).forget_gate.input, 7 + 80);
});

test("with a projection a hidden state is made of all units, and there are fewer of them", () => {
  const run = makeRun();
  const [layer] = run.layers;
  run.model.proj_size = 1;
  run.model.state_dict.weight_hr_l0 = tensor([[2, 4]]);
  layer.hidden_state = tensor([[1], [1], [1]]);
  const opened = Math.tanh(layer.cell_state.data[0]) / 4;
  near(compute(run, layer, { time: 0, unit: 0 }).hidden_state, 6 * opened);
  assert.equal(compute(run, layer, { time: 0, unit: 1 }).hidden_state, null);
});

/** Two layers of two units in two directions, with weights and states drawn from a simple series. */
function deepRun() {
  const run = makeRun();
  let drawn = 1;
  const draw = () => {
    drawn = (drawn * 16807) % 2147483647;
    return drawn / 2147483647 - 0.5;
  };
  const filled = (rows, columns) => tensor(Array.from({ length: rows }, () => Array.from({ length: columns }, draw)));
  const [first] = run.layers;
  run.layers = [0, 1].flatMap((layer) =>
    ["forward", "backward"].map((direction) => {
      const end = `_l${layer}${direction === "backward" ? "_reverse" : ""}`;
      Object.assign(run.model.state_dict, {
        [`weight_ih${end}`]: filled(8, layer === 0 ? 1 : 4),
        [`weight_hh${end}`]: filled(8, 2),
        [`bias_ih${end}`]: filled(8, 1),
        [`bias_hh${end}`]: filled(8, 1),
      });
      return { ...first, layer, direction, hidden_state: filled(3, 2), cell_state: filled(3, 2) };
    }),
  );
  run.model.bidirectional = true;
  return run;
}

test("what the entries pushed sums to the pre-activation, in every layer and direction, at every step", () => {
  const run = deepRun();
  for (const layer of run.layers) {
    for (const time of [0, 1, 2]) {
      const step = compute(run, layer, { time, unit: 1 });
      for (const gate of GATES) {
        const { pushes, sum } = step[gate];
        const sizes = pushes.reduce((total, push) => total + Math.abs(push), 0);
        const total = pushes.reduce((all, push) => all + push, 0);
        assert.ok(Math.abs(total - sum) <= 1e-12 * sizes);
      }
    }
  }
});

test("what the forget gate keeps and what is written make the new cell state", () => {
  const { forget_gate, previous_cell, kept, written, cell_state } = compute(makeRun(), makeRun().layers[0], {
    time: 1,
    unit: 0,
  });
  assert.equal(kept, forget_gate.value * previous_cell);
  near(written, 0.45);
  assert.equal(kept + written, cell_state);
});

test("each push is known by where it came from", () => {
  const run = deepRun();
  const [bottom, , , top] = run.layers; // the last one runs backward
  const origins = (layer, time, count) =>
    Array.from({ length: count }, (_, index) => originOf(run, layer, time, index));
  assert.deepEqual(origins(bottom, 0, 4), [
    { kind: "feature", feature: 0 },
    { kind: "hidden", place: { layer: 0, direction: "forward", unit: 0, time: null } },
    { kind: "hidden", place: { layer: 0, direction: "forward", unit: 1, time: null } },
    { kind: "bias" },
  ]);
  assert.deepEqual(origins(top, 1, 7), [
    { kind: "below", place: { layer: 0, direction: "forward", unit: 0, time: 1 } },
    { kind: "below", place: { layer: 0, direction: "forward", unit: 1, time: 1 } },
    { kind: "below", place: { layer: 0, direction: "backward", unit: 0, time: 1 } },
    { kind: "below", place: { layer: 0, direction: "backward", unit: 1, time: 1 } },
    { kind: "hidden", place: { layer: 1, direction: "backward", unit: 0, time: 2 } },
    { kind: "hidden", place: { layer: 1, direction: "backward", unit: 1, time: 2 } },
    { kind: "bias" },
  ]);
});
