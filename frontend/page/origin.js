/** Which model and which sequence the plots are of; and what is said where they are not of the present inputs. */

/** @import {Form} from "../controls/controls.js" */
/** @import {Content} from "../base/dom.js" */
/** @import {Translate} from "../base/i18n.js" */
/** @import {Ran} from "../state/state.js" */
import { h } from "../base/dom.js";
import { isStale } from "../state/state.js";

const LONGEST_EXCERPT = 40; // characters

/** @param {Form} form @returns {Content} */
export function line({ t, state }) {
  const { run, ran } = state;
  if (!run || !ran) return null;
  const count = run.sequence.steps;
  const stale = isStale(state);
  const excerpt = run.sequence.characters?.join("") ?? ran.text;
  return h(
    "p",
    { class: stale ? "origin stale" : "origin", role: "status" },
    stale && h("strong", null, t("origin.stale")),
    h("span", { class: "origin-model" }, modelWords(ran, t)),
    " · ",
    h("span", { class: "origin-sequence" }, sequenceWords(ran, t, excerpt)),
    " · ",
    h("span", null, t("origin.steps", { count })),
  );
}

/** @param {Ran} ran @param {Translate} t */
export function modelWords({ model, task, storedName, lstm, hiddenSize, seed }, t) {
  if (model === "zoo") return t(`zoo.${task}.title`);
  if (model === "random") return t("origin.random", { units: hiddenSize, seed });
  return [storedName ?? t("origin.stored"), lstm].filter(Boolean).join(" › ");
}

/** @param {Ran} ran @param {Translate} t @param {string} text  that was fed, or its beginning */
export function sequenceWords({ source, task, taskSeed, signal, file, dataName }, t, text) {
  if (source === "task") return t("origin.task", { task: t(`zoo.${task}.title`), seed: taskSeed });
  if (source === "signal") return t.known(`signal.${signal}`) ?? signal;
  const name = file?.name ?? dataName;
  if (name) return name;
  return source === "numbers" ? t("origin.numbers") : `“${shortened(text)}”`;
}

/** @param {string} text */
function shortened(text) {
  const characters = [...text.slice(0, 2 * LONGEST_EXCERPT + 1)].map((character) =>
    character < " " ? " " : character,
  );
  return characters.length > LONGEST_EXCERPT
    ? `${characters.slice(0, LONGEST_EXCERPT).join("").trimEnd()}…`
    : characters.join("");
}
