/** The texts of the languages: each is loaded when it is to be shown, and no earlier. */

/** @import {Language, Translate} from "./i18n.js" */
/** @import {createStore} from "./store.js" */
import { translator } from "./i18n.js";

/** @param {Language} language @returns {Promise<Record<string, string>>} */
async function fetchTexts(language) {
  const answer = await fetch(`i18n/${language}.json`);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer.json();
}

export function createLanguages(fetched = fetchTexts) {
  /** @type {Map<Language, Translate>} */
  const loaded = new Map();

  /** @param {Language} language */
  async function load(language) {
    loaded.set(language, translator(await fetched(language), language));
  }

  /**
   * The store with a language that changes when its texts are here. The old one stays until then, and where they do not
   * come; what else changes does so at once.
   * @template {{language: Language}} State
   * @param {ReturnType<typeof createStore<State>>} store @param {() => void} fail
   */
  function waiting(store, fail) {
    /** @type {Language | undefined} */
    let wanted;

    /** @param {Partial<State>} patch */
    function set(patch) {
      const { language, ...others } = patch;
      if (language !== undefined) wanted = language;
      if (language === undefined || loaded.has(language)) return store.set(patch);
      store.set(/** @type {Partial<State>} */ (others));
      const show = () => wanted === language && store.set(/** @type {Partial<State>} */ ({ language }));
      load(language).then(show, fail);
    }

    return { ...store, set };
  }

  /** @param {Language} language that is loaded */
  const wordsOf = (language) => /** @type {Translate} */ (loaded.get(language));

  return { load, waiting, wordsOf };
}
