import assert from "node:assert/strict";
import test from "node:test";
import { IN_ADDRESS } from "../../../frontend/address/all_properties.js";
import { read, write } from "../../../frontend/address/url.js";
import { makeState, USUAL } from "../run.js";

test("what is as usual is not in the address", () => {
  const { values } = read("");
  assert.equal(write({ ...values, ...USUAL }, USUAL), "");
});

const held = { quantity: "forget_gate", value: 0.9, units: [1], first: 0, last: null, layer: 0, direction: "forward" };
const CHANGES = [
  { source: "text" },
  { signal: "two_tones", steps: 33 },
  { parameters: { second_period: 2.5, amplitude: -1e-7 } },
  { signalSeed: 2 ** 32 - 1, seed: 12 },
  { scaling: "none", columns: [2, 0, 11] },
  { hiddenSize: 1, initialisation: "chrono", forgetBias: -0.5 },
  { time: 0, unit: 7, zoom: [3, 40] },
  { lines: "quantity", quantity: "output_gate", units: [5] },
  { pushed: [], pushedWhole: ["candidate", "output_gate"] },
  { language: "ko", theme: "dark" },
  { interventions: [{ ...held, off: false }] },
  {
    interventions: [
      { ...held, quantity: "candidate", value: -1e-7, units: [0, 12], first: 3, last: 3, off: true },
      { ...held, quantity: "hidden_state", units: null, layer: 1, direction: "backward", off: false },
    ],
  },
  {
    changes: [
      { type: "forget_bias", value: 3, units: null, layer: 0, direction: "forward" },
      { type: "forget_bias", value: -0.5, units: [2, 3], layer: 2, direction: "backward" },
      { type: "weight", name: "weight_hh_l0", row: 0, column: 3, value: 0.5 },
      { type: "weight", name: "bias_ih_l1_reverse", row: 17, column: null, value: 1e21 },
      { type: "weight", name: "weight_hr_l0", row: 0, column: 0, value: 0 },
    ],
  },
  { initial: [{ quantity: "cell_state", value: 2, units: [1], layer: 0, direction: "backward" }] },
];
for (const change of CHANGES) {
  test(`the address brings back ${JSON.stringify(change)}`, () => {
    const { values, refused } = read(write(makeState(change), USUAL));
    assert.deepEqual(refused, []);
    for (const [name, value] of Object.entries(change)) assert.deepEqual(values[name], value);
  });
}

test("an intervention is short in the address, and as people may write it", () => {
  assert.equal(write(makeState({ interventions: [held] }), USUAL).match(/hold=([^&]*)/)?.[1], "f*1*0.9");
  assert.deepEqual(read("?hold=f*1*0.9").values.interventions, [{ ...held, off: false }]);
});

test("raw data never goes into the address", () => {
  const address = write(
    makeState({ numbers: "1 2 3", text: "secret", file: { name: "secret", text: "secret" } }),
    USUAL,
  );
  assert.ok(!address.includes("secret"));
  assert.ok(IN_ADDRESS.every(({ property }) => !["numbers", "text", "file"].includes(property)));
});

const REFUSED = [
  "hidden_size=0",
  "hidden_size=1e3",
  "seed=4294967296",
  "forget_bias=",
  "forget_bias=one",
  "source=camera",
  "zoom=9-3",
  "columns=1,2",
  "parameters=period",
  "parameters=period~x",
  "signal=%3Cscript%3E",
  "nonsense=1",
  "hold=",
  "hold=f*1",
  "hold=f*1*nine",
  "hold=x*1*0.9",
  "hold=f*1,2*0.9",
  "hold=f*1*0.9*5*x",
  "hold=f*1*0.9****b*off*more",
  "hold=f*1*0.9_",
  `hold=${Array(65).fill("f*1*0.9").join("_")}`,
  "change=fb",
  "change=wxx0*0*0*1",
  "change=whh0*0**",
  "start=f*1*1",
];
for (const part of REFUSED) {
  test(`${part} is refused by name and the rest is kept`, () => {
    const { values, refused } = read(`?${part}&steps=12`);
    assert.deepEqual(refused, [part.split("=")[0]]);
    assert.equal(values.steps, 12);
    assert.equal(values.hiddenSize, 16);
  });
}

test("a gate that there is not is refused", () => {
  assert.deepEqual(read("?pushed=forget_gate-cell_state").refused, ["pushed"]);
});
