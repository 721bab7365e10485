import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { decimal, LANGUAGES, nameOf, nextTo, significant, translator } from "../../../frontend/base/i18n.js";
import { HYPOTHESES, TASKS } from "../../../frontend/state/choices.js";
import { textsOf } from "../texts.js";

const FRONTEND = new URL("../../../frontend/", import.meta.url);
const texts = Object.fromEntries(LANGUAGES.map((language) => [language, textsOf(language)]));
const scripts = readdirSync(FRONTEND, { recursive: true }).filter((name) => name.endsWith(".js"));
const source = scripts.map((path) => readFileSync(new URL(path, FRONTEND), "utf8")).join("\n");
const PLURAL = /\{(\w+), plural,((?: \w+ \{[^{}]*\})+)\}/g;

test("a language is a file of texts and its name in the list", () => {
  assert.deepEqual(readdirSync(new URL("i18n/", FRONTEND)).sort(), LANGUAGES.map((name) => `${name}.json`).sort());
});

test("the languages are offered in turn, each by its own name", () => {
  assert.deepEqual([...new Set(LANGUAGES.map(nextTo))].sort(), [...LANGUAGES].sort());
  assert.deepEqual(["en", "ko"].map(nameOf), ["English", "한국어"]);
});

test("every language has the same texts with the same holes", () => {
  const counted = (_plural, name, forms) => (forms.includes("#") ? `{${name}}` : ""); // else it is grammar alone
  const holes = (text) => [...new Set(text.replace(PLURAL, counted).match(/%?\{\w+/g))].sort();
  for (const language of LANGUAGES) {
    assert.deepEqual(Object.keys(texts[language]).sort(), Object.keys(texts.en).sort());
    for (const key of Object.keys(texts.en)) assert.deepEqual(holes(texts[language][key]), holes(texts.en[key]), key);
  }
});

test("a plural has every form of its language", () => {
  const plurals = LANGUAGES.flatMap((language) =>
    Object.values(texts[language]).flatMap((text) =>
      [...text.matchAll(PLURAL)].map(([, , forms]) => [language, forms]),
    ),
  );
  assert.ok(plurals.length > 50);
  for (const [language, forms] of plurals) {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    assert.deepEqual([...forms.matchAll(/(\w+) \{/g)].map(([, form]) => form).sort(), pluralCategories.sort(), forms);
  }
});

test("what is counted in English has a singular", () => {
  const isAlwaysMany =
    /^(error\.(body_too_large|not_one_hot|points_range|signal_steps)|gradients\.integrated\.missed|health\.all_units|tour\.unit\.text)$/;
  const plural = /(?<!%)\{\w+\} (bytes|columns|features|layers|others|points|rows|steps|tokens|units|values)\b/;
  const keys = Object.keys(texts.en).filter((key) => plural.test(texts.en[key]) && !isAlwaysMany.test(key));
  assert.deepEqual(keys, []);
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

test("no Korean particle depends on what fills the hole before it", () => {
  const particle =
    /\{(?!(?:accuracy|kept|score|reference)\})\w+\}[”’]?(?:은|는|이|가|을|를|과|와|로|으로)(?=[ ,.(])|이\(가\)|은\(는\)|을\(를\)/;
  const dependent = Object.keys(texts.ko).filter((key) => particle.test(texts.ko[key]));
  assert.deepEqual(dependent, []);
});

test("what may have a text of its own has one where the page relies on it", () => {
  const keys = [
    ...TASKS.flatMap((name) => ["title", "look", "quantity"].map((part) => `zoo.${name}.${part}`)),
    ...["number", "mark", "sign"].map((name) => `zoo.feature.${name}`),
    ...HYPOTHESES.filter((name) => !["position", "quotes"].includes(name)).map((name) => `hypothesis.${name}.detail`),
  ];
  assert.deepEqual(
    keys.filter((key) => !(key in texts.en)),
    [],
  );
});

test("every text is used", () => {
  const written = new Set([...source.matchAll(/"([\w.]+)"/g)].map(([, key]) => key));
  const puttogether = [...source.matchAll(/`([a-z_]+\.[^`\s]*\$\{[^`]*)`/g)].map(
    ([, key]) => new RegExp(`^${key.split(/\$\{.*?\}/).join("[\\w]*")}$`),
  );
  const named = /^error\.value\./; // by the words of a refusal
  const isUsed = (key) => written.has(key) || named.test(key) || puttogether.some((pattern) => pattern.test(key));
  assert.deepEqual(
    Object.keys(texts.en).filter((key) => !isUsed(key)),
    [],
  );
});

test("one is no plural", () => {
  const t = translator({ steps: "{count, plural, one {# step} other {# steps}}" });
  assert.deepEqual(
    [0, 1, 2, 12000].map((count) => t("steps", { count })),
    ["0 steps", "1 step", "2 steps", "12,000 steps"],
  );
});

test("the language says which form a number takes", () => {
  const t = translator({ steps: "{count, plural, one {# krok} few {# kroki} many {# kroków} other {# kroku}}" }, "pl");
  assert.deepEqual(
    [1, 2, 5, 1.5].map((count) => t("steps", { count })),
    ["1 krok", "2 kroki", "5 kroków", "1.5 kroku"],
  );
});

test("holes are filled, in numbers as people write them", () => {
  const t = translator({ greeting: "{name} has {count}", range: "{low} … {high}" });
  assert.equal(t("greeting", { name: "A", count: 12000 }), "A has 12,000");
  assert.equal(t("range", { low: -10, high: 1.19e-7 }), "−10 … 1.19e−7");
  assert.equal(t("greeting", {}), "{name} has {count}");
  assert.equal(t("unknown.key"), "unknown.key");
  assert.deepEqual([t.known("range", { low: 1, high: 2 }), t.known("unknown")], ["1 … 2", null]);
});

test("numbers have a true minus sign, and zero has none", () => {
  assert.deepEqual([decimal(-0.5), decimal(-0.0001), decimal(2, 1)], ["−0.500", "0.000", "2.0"]);
  assert.deepEqual([significant(-0.00012345), significant(3e-7), significant(44.12)], ["−0.000123", "3e−7", "44.1"]);
});

test("a name in a sentence turns none of its words around", () => {
  const t = translator({ removed: "{name} is removed." });
  assert.equal(t("removed", { name: "\u202emodel" }), "[U+202E]model is removed.");
  assert.equal(t("removed", { name: "שלום" }), "\u2068שלום\u2069 is removed.");
});
