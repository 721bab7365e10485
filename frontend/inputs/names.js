/** The names of the model and the sequence of a run. */

/** @import {Translate} from "../base/i18n.js" */
/** @import {Inputs} from "../state/state.js" */

const LONGEST_EXCERPT = 40; // characters

/** @param {Inputs} inputs @param {Translate} t */
export function modelName({ model, task, storedName, lstm, hiddenSize, seed }, t) {
  if (model === "zoo") return t(`zoo.${task}.title`);
  if (model === "random") return t("origin.random", { units: hiddenSize, seed });
  return [storedName ?? t("origin.stored"), lstm].filter(Boolean).join(" › ");
}

/** @param {Inputs} inputs @param {Translate} t @param {string} text  or its beginning */
export function sequenceName({ source, task, taskSeed, signal, file, dataName }, t, text) {
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
