import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { decimal, LANGUAGES, significant, translator } from "../../frontend/base/i18n.js";
import { INITIALISATIONS, QUANTITIES, SCALINGS, SOURCES, TASKS } from "../../frontend/state/choices.js";
import { TABS } from "../../frontend/tabs/tabs.js";
import { STOPS } from "../../frontend/tour/stops.js";

const FRONTEND = new URL("../../frontend/", import.meta.url);
const read = (path) => readFileSync(new URL(path, FRONTEND), "utf8");
const texts = Object.fromEntries(LANGUAGES.map((language) => [language, JSON.parse(read(`i18n/${language}.json`))]));
const scripts = readdirSync(FRONTEND, { recursive: true }).filter((name) => name.endsWith(".js"));
const source = scripts.map(read).join("\n");

test("both languages have the same texts with the same holes", () => {
  const holes = (text) => (text.match(/\{\w+\}|%\{\w+/g) ?? []).sort();
  assert.deepEqual(Object.keys(texts.ko).sort(), Object.keys(texts.en).sort());
  for (const key of Object.keys(texts.en)) assert.deepEqual(holes(texts.ko[key]), holes(texts.en[key]), key);
});

test("Korean is written in Korean", () => {
  const notKorean = Object.entries(texts.ko).filter(
    ([key, text]) =>
      !/[가-힣]/.test(text) &&
      !/^(gates|output)\.hover|^model\.other|^gradients\.(kept|line|reach\.|integrated\.hover)|^zoo\.anbn\.quantity/.test(
        key,
      ),
  );
  assert.deepEqual(Object.fromEntries(notKorean), {
    "initialisation.chrono": "Chrono",
    "initialisation.xavier": "Xavier(Glorot)",
  });
});

test("every key that is written out exists", () => {
  const written = [...source.matchAll(/\bt\(\s*"([\w.]+)"/g), ...source.matchAll(/"((?:keys|notice|error)\.[\w.]+)"/g)];
  assert.ok(written.length > 50);
  for (const [, key] of written) assert.ok(key in texts.en, key);
});

test("every key that is put together exists", () => {
  const families = {
    quantity: [...QUANTITIES, "sequence"],
    source: SOURCES,
    scaling: SCALINGS.flatMap((name) => [name, `${name}.explained`]),
    initialisation: INITIALISATIONS.flatMap((name) => [name, `${name}.explained`]),
    zoo: TASKS.flatMap((name) => ["title", "look", "quantity"].map((part) => `${name}.${part}`)),
    tab: TABS.map(({ name }) => name),
    tour: STOPS.flatMap(({ name }) => ["title", "text", "question", "answer"].map((part) => `${name}.${part}`)),
    "whatif.preset": ["hold", "open", "close", "silence", "empty_cell", "bias", "weight", "start"],
    "whatif.loss": ["probability", "value"],
    "whatif.silencing": ["accuracy", "loss", "plain.accuracy", "plain.loss", "change.output", "change.hidden_state"],
    download: ["png", "svg", "csv", "json"],
    drop: ["session", "model", "vocabulary", "data"].flatMap((name) => [name, `${name}.goes`]),
    missing: ["numbers", "text", "drop_numbers", "drop_text", "choose_model", "choose_numbers"],
  };
  for (const [family, names] of Object.entries(families))
    for (const name of names) assert.ok(`${family}.${name}` in texts.en, `${family}.${name}`);
});

test("no text is left over", () => {
  const puttogether =
    /^(quantity|source|scaling|initialisation|signal|parameter|download|drop|missing|error|example|toolbar|player|lines|status|output|layers|zoo|hypothesis|ranking|tab|tour|gradients|whatif\.(preset|loss|silencing))\.|^health\.\w+\.(one|many|meaning)$|^health\.threshold\./;
  const unused = Object.keys(texts.en).filter((key) => !puttogether.test(key) && !source.includes(`"${key}"`));
  assert.deepEqual(unused, []);
});

test("one is no plural", () => {
  const t = translator({ steps: "{count} {count|step|steps}" });
  assert.deepEqual(
    [0, 1, 2].map((count) => t("steps", { count })),
    ["0 steps", "1 step", "2 steps"],
  );
});

test("holes are filled, in numbers as people write them", () => {
  const t = translator({ greeting: "{name} has {count}", range: "{low} … {high}" });
  assert.equal(t("greeting", { name: "A", count: 12000 }), "A has 12,000");
  assert.equal(t("range", { low: -10, high: 1.19e-7 }), "−10 … 1.19e−7");
  assert.equal(t("greeting", {}), "{name} has {count}");
  assert.equal(t("unknown.key"), "unknown.key");
  assert.deepEqual([t.has("range"), t.has("unknown")], [true, false]);
});

test("numbers have a true minus sign, and zero has none", () => {
  assert.deepEqual([decimal(-0.5), decimal(-0.0001), decimal(2, 1)], ["−0.500", "0.000", "2.0"]);
  assert.deepEqual([significant(-0.00012345), significant(3e-7), significant(44.12)], ["−0.000123", "3e−7", "44.1"]);
});
