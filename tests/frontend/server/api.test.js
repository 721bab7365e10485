import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { asCurl, decodeTensors } from "../../../frontend/server/api.js";

test("tensors are decoded wherever they stand in an answer", () => {
  const tensor = { dtype: "f4", shape: "1", bdata: "AACAPw==" };
  const { a, b } = decodeTensors({ a: [{ deep: tensor }], b: [null, "text", 3, { dtype: "f4" }] });
  assert.deepEqual([...a[0].deep.data], [1]);
  assert.deepEqual(b, [null, "text", 3, { dtype: "f4" }]);
});

test("a shell reads from the curl command what was typed", () => {
  const request = { text: `it's "quoted" $HOME \`id\` \\ 끝\n` };
  const command = asCurl("http://localhost:1/page?x=1", request).replace("curl", "printf '%s\\n'");
  const words = execFileSync("bash", ["-c", command], { encoding: "utf8" }).split("\n");
  assert.deepEqual(words.slice(0, 5), [
    "-sS",
    "http://localhost:1/api/v1/traces",
    "-H",
    "Content-Type: application/json",
    "--data-raw",
  ]);
  assert.deepEqual(JSON.parse(words[5]), request);
});
