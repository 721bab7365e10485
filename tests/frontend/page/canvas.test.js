import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../frontend/base/i18n.js";
import * as layers from "../../../frontend/page/canvas/layers.js";
import { bar as tabBar } from "../../../frontend/page/canvas/tab_bar.js";
import { makeRun, makeState } from "../run.js";

const t = translator({});

test("layers and directions are chosen where there are several", () => {
  const run = makeRun();
  const form = { t, state: { run, layer: 0, direction: "forward" }, set: () => {} };
  assert.deepEqual(layers.choice(form), []);
  run.layers = [run.layers[0], { ...run.layers[0], direction: "backward" }];
  run.model.bidirectional = true;
  const texts = JSON.stringify(layers.choice(form));
  assert.match(texts, /layers\.backward/);
  assert.doesNotMatch(texts, /layers\.layer"/);
});

test("the arrow keys go round the tabs, and only the chosen one is in the order of the tabulator", () => {
  const patches = [];
  const names = ["gates", "memory", "health"];
  const [list] = tabBar({ t, state: makeState({ tab: "gates" }), set: (patch) => patches.push(patch) }, names);
  assert.deepEqual(
    list.children.map(({ props }) => [props.tabindex, props["aria-selected"]]),
    [
      [0, "true"],
      [-1, "false"],
      [-1, "false"],
    ],
  );
  const focused = [];
  const children = names.map((name) => ({ focus: () => focused.push(name) }));
  for (const key of ["ArrowLeft", "ArrowRight", "End", "Home", "x"])
    list.props.onkeydown({ key, preventDefault() {}, currentTarget: { children } });
  assert.deepEqual(focused, ["health", "memory", "health", "gates"]);
  assert.deepEqual(patches[0], { tab: "health" });
});

test("a single tab needs no bar", () => {
  assert.deepEqual(tabBar({ t, state: makeState(), set: () => {} }, ["gates"]), []);
});
