/** Reads an answer to POST /traces and places in it; prints what the page finds to have pushed the gates there. */

import { readFileSync } from "node:fs";
import { decodeTensors } from "../../../frontend/server/api.js";
import { compute, GATES } from "../../../frontend/step/cell.js";

const { answer, places } = JSON.parse(readFileSync(0, "utf8"));
const run = decodeTensors(answer);
const found = places.map(([layer, time, unit]) => {
  const { previous_cell, kept, written, cell_state, ...step } = compute(run, run.layers[layer], { time, unit });
  const gates = Object.fromEntries(GATES.map((gate) => [gate, { ...step[gate], pushes: [...step[gate].pushes] }]));
  return { previous_cell, kept, written, cell_state, gates };
});
console.log(JSON.stringify(found));
