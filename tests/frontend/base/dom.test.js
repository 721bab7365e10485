import assert from "node:assert/strict";
import test from "node:test";
import { h } from "../../../frontend/base/dom.js";

test("a description leaves out what is not there and writes numbers as text", () => {
  assert.deepEqual(h("p", null, "a", 1, null, false, [["b"], undefined]), {
    tag: "p",
    props: {},
    children: ["a", "1", "b"],
  });
});
