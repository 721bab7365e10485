import assert from "node:assert/strict";
import test from "node:test";
import { IN_ADDRESS, PROPERTIES } from "../../../frontend/address/all_properties.js";

const PARTS = {
  property: PROPERTIES.map(({ property }) => property),
  key: IN_ADDRESS.map(({ key }) => key),
};
for (const [name, values] of Object.entries(PARTS)) {
  test(`no ${name} of the state stands twice`, () => assert.deepEqual(values, [...new Set(values)]));
}

test("what has a key has a way to be written, and what a first visit begins with can be", () => {
  for (const { key, type, usual } of IN_ADDRESS) {
    if (usual !== null && usual !== undefined && type.write(usual) !== "")
      assert.deepEqual(type.read(type.write(usual)), usual, key);
  }
});

test("the reader's own data has no key", () => {
  assert.ok(PROPERTIES.every(({ isRaw, isStored, key }) => !(isRaw || isStored) || key === undefined));
});
