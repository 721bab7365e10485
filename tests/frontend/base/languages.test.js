import assert from "node:assert/strict";
import test from "node:test";
import { createLanguages } from "../../../frontend/base/languages.js";
import { createStore } from "../../../frontend/base/store.js";
import { settled } from "../run.js";

/** A page in English whose texts come when they are answered for, and all that it has asked for and shown. */
async function page() {
  const asked = [];
  const answers = {};
  const languages = createLanguages((language) => {
    asked.push(language);
    return new Promise((resolve, reject) => {
      answers[language] = { resolve: () => resolve({ greeting: `Hello in ${language}` }), reject };
    });
  });
  const loading = languages.load("en");
  answers.en.resolve();
  await loading;
  const failed = [];
  const store = languages.waiting(createStore({ language: "en", time: 0 }), (error) => failed.push(error));
  const shown = [];
  store.subscribe(({ language }) => shown.push(languages.wordsOf(language)("greeting")));
  return { store, asked, answers, shown, failed };
}

test("a language is loaded when it is chosen, and shown when it is there", async () => {
  const { store, asked, answers, shown } = await page();
  assert.deepEqual(asked, ["en"]);
  store.set({ language: "ko" });
  assert.deepEqual([asked, store.get().language, shown], [["en", "ko"], "en", []]);
  answers.ko.resolve();
  await settled();
  assert.deepEqual([store.get().language, shown], ["ko", ["Hello in ko"]]);
  store.set({ language: "en" });
  assert.deepEqual(
    [asked, shown],
    [
      ["en", "ko"],
      ["Hello in ko", "Hello in en"],
    ],
  );
});

test("what changes with the language does not wait for it", async () => {
  const { store, answers } = await page();
  store.set({ language: "ko", time: 3 });
  assert.deepEqual(store.get(), { language: "en", time: 3 });
  store.set({ time: 4 });
  answers.ko.resolve();
  await settled();
  assert.deepEqual(store.get(), { language: "ko", time: 4 });
});

test("a language that cannot be loaded leaves the page as it is, and can be chosen again", async () => {
  const { store, answers, failed, shown } = await page();
  const fault = new TypeError("no network");
  store.set({ language: "ko" });
  answers.ko.reject(fault);
  await settled();
  assert.deepEqual([store.get().language, failed, shown], ["en", [fault], []]);
  store.set({ language: "ko" });
  answers.ko.resolve();
  await settled();
  assert.deepEqual(shown, ["Hello in ko"]);
});

test("of two choices the later one counts", async () => {
  const { store, answers } = await page();
  store.set({ language: "ko" });
  store.set({ language: "en" });
  answers.ko.resolve();
  await settled();
  assert.equal(store.get().language, "en");
});
