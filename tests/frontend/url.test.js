import assert from "node:assert/strict";
import test from "node:test";
import { PROPERTIES, read, write } from "../../frontend/url.js";
import { makeState } from "./run.js";

const usual = { language: "en", theme: "light" };

test("what is as usual is not in the address", () => {
  const { values } = read("");
  assert.equal(write({ ...values, ...usual }, usual), "");
});

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
];
for (const change of CHANGES) {
  test(`the address brings back ${JSON.stringify(change)}`, () => {
    const { values, refused } = read(write(makeState(change), usual));
    assert.deepEqual(refused, []);
    for (const [name, value] of Object.entries(change)) assert.deepEqual(values[name], value);
  });
}

test("raw data never goes into the address", () => {
  const address = write(
    makeState({ numbers: "1 2 3", text: "secret", file: { name: "secret", text: "secret" } }),
    usual,
  );
  assert.ok(!address.includes("secret"));
  assert.ok(PROPERTIES.every(({ property }) => !["numbers", "text", "file"].includes(property)));
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
