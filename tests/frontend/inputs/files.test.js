import assert from "node:assert/strict";
import test from "node:test";
import { decodeText, readFile } from "../../../frontend/inputs/sequence/files.js";
import { toCsv, toJson } from "../../../frontend/page/toolbar/exports.js";
import { makeRun, tensor } from "../run.js";

const ENCODED = {
  "UTF-8": [0xec, 0x98, 0xa8],
  "UTF-8 with a mark": [0xef, 0xbb, 0xbf, 0xec, 0x98, 0xa8],
  "UTF-16 little-endian": [0xff, 0xfe, 0x28, 0xc6],
  "UTF-16 big-endian": [0xfe, 0xff, 0xc6, 0x28],
  "EUC-KR": [0xbf, 0xc2],
};
for (const [encoding, bytes] of Object.entries(ENCODED)) {
  test(`온 in ${encoding} is read`, () => assert.equal(decodeText(Uint8Array.from(bytes)), "온"));
}

test("a Western file is read too", () => assert.equal(decodeText(Uint8Array.from([0x66, 0xfc, 0x72])), "für"));

test("a short text can be edited, a long one is attached", async () => {
  assert.deepEqual(await readFile(new File(["1,2"], "a.csv")), { numbers: "1,2", file: null });
  const long = "1\n".repeat(200_000);
  assert.deepEqual(await readFile(new File([long], "a.csv")), { file: { name: "a.csv", text: long } });
});

test("CSV holds a line for each step and unit on screen", () => {
  const lines = toCsv(makeRun(), [1, 2]).split("\r\n");
  assert.equal(
    lines[0],
    "layer,direction,time,unit,x x0,forget_gate,input_gate,candidate,output_gate,cell_state,hidden_state",
  );
  assert.equal(lines.length, 1 + 2 * 2 + 1);
  assert.match(lines[3], /^0,forward,2,0,3,0\.5,0\.75,0\.6/);
});

test("characters that mean something in CSV are quoted", () => {
  const run = makeRun();
  run.sequence.characters = ['"', ",", "\n"];
  assert.match(toCsv(run, [0, 2]), /0,0,"""",.*1,0,",",.*2,0,"\n",/s);
});

test("JSON holds the request and the tensors as lists", () => {
  const content = JSON.parse(toJson({ model: 1 }, makeRun()));
  assert.deepEqual(content.request, { model: 1 });
  assert.deepEqual(content.layers[0].forget_gate, [
    [0.5, 0.5],
    [0.5, 0.5],
    [0.5, 0.5],
  ]);
  assert.deepEqual(content.layers[0].initial_state.cell_state, [0, 0]);
  assert.deepEqual(tensor([[1]]).shape, [1, 1]);
});
