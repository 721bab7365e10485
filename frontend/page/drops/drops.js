/** The kinds of files that can be dropped on the page, in the order in which a drop takes them. */

/** @import {Key} from "../../base/i18n.js" */
/** @import {Store} from "../../state/state.js" */
import { isModelFile, USUAL } from "../../inputs/model/file_types.js";
import { takesText } from "../../inputs/sequence/actions.js";
import { storedOf } from "../../state/selectors.js";
import { SUFFIX } from "../../workspace/session.js";
import { isVocabulary } from "./vocabulary.js";

const NUMBERS = /\.(csv|tsv|json|npy)$/i;
const TEXT = /\.(txt|md)$/i;

/**
 * @typedef {object} Kind
 * @property {"session" | "model" | "vocabulary" | "data"} name
 * @property {string} endings  of its files, for the reader
 * @property {number} most  how many of one drop are taken
 * @property {(file: File) => boolean | Promise<boolean>} test
 * @property {(files: File[]) => unknown} take  false, or a promise of it: what is left of the drop is not taken
 */
/**
 * @typedef {object} DropActions
 * @property {(file: File) => Promise<unknown>} openSession
 * @property {(files: File[]) => Promise<boolean>} uploadAll
 * @property {(change: {vocabulary: string}, field: string) => Promise<boolean>} change
 * @property {(file: File) => Promise<void>} attach
 * @property {(file: File) => Promise<void>} attachText
 */

/**
 * @param {Store} store @param {DropActions} actions
 * @param {(key: Key, names: string[]) => void} tell  which files were not taken, and why
 */
export function createDrops({ get }, { openSession, uploadAll, change, attach, attachText }, tell) {
  /** @type {Kind[]} */
  const kinds = [
    {
      name: "session",
      endings: SUFFIX,
      most: 1,
      test: ({ name }) => name.toLowerCase().endsWith(SUFFIX),
      take: takeSession,
    },
    {
      name: "model",
      endings: USUAL.join(" "),
      most: Number.POSITIVE_INFINITY,
      test: isModelFile,
      take: uploadAll,
    },
    { name: "vocabulary", endings: ".json .vocab", most: 1, test: isVocabulary, take: takeVocabulary },
    {
      name: "data",
      endings: ".csv .tsv .json .npy .txt .md",
      most: 1,
      test: ({ name }) => NUMBERS.test(name) || TEXT.test(name),
      take: ([file]) => file && (TEXT.test(file.name) && takesText(get()) ? attachText(file) : attach(file)),
    },
  ];

  /** Opens another view, so that the rest of the drop has no place. @param {File[]} files */
  async function takeSession([file]) {
    if (file) await openSession(file);
    return false;
  }

  /** @param {File[]} files */
  async function takeVocabulary([file]) {
    if (!file) return;
    if (!storedOf(get()) || get().model !== "stored") return tell("drop.vocabulary_alone", [file.name]);
    return change({ vocabulary: await file.text() }, "model.vocabulary");
  }

  /** @param {Key} key @param {File[]} files */
  const refuse = (key, files) =>
    files.length > 0 &&
    tell(
      key,
      files.map(({ name }) => name),
    );

  /** @param {File[]} files @param {File[]} [folders] */
  async function receive(files, folders = []) {
    refuse("drop.folder", folders);
    let rest = files;
    for (const { name, most, test, take } of kinds) {
      const fits = await Promise.all(rest.map(test));
      const ofKind = rest.filter((_, index) => fits[index]);
      if (ofKind.length === 0) continue;
      rest = rest.filter((_, index) => !fits[index]);
      if (name !== "model") refuse(`drop.one_${name}`, ofKind.slice(most));
      if ((await take(ofKind.slice(0, most))) === false) return refuse("drop.broken_off", rest);
    }
    refuse("drop.unknown", rest);
  }

  return { kinds, receive };
}
