/** Files dropped on the page: of which kind each is, and where it goes. A drop is taken kind by kind, in this order. */

/** @import {Key} from "../base/i18n.js" */
/** @import {State} from "../state/state.js" */
import { isModelFile } from "../inputs/models.js";
import { takesText } from "../inputs/sequences.js";
import { storedOf } from "../state/state.js";
import { SUFFIX } from "../workspace/session.js";

const NUMBERS = /\.(csv|tsv|json|npy)$/i;
const TEXT = /\.(txt|md)$/i;
const LARGEST_VOCABULARY = 2 ** 24; // bytes

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
 * @param {{get: () => State}} store @param {DropActions} actions
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
      endings: ".safetensors .pt .pth .ckpt .onnx .keras .h5",
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

  /** Another view than that which the rest would go to. @param {File[]} files */
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

/** Tokens and their numbers, numbers and their tokens, or a list of tokens: told by what is in it. @param {File} file */
export async function isVocabulary(file) {
  if (/\.vocab$/i.test(file.name)) return true;
  if (!/\.json$/i.test(file.name) || file.size > LARGEST_VOCABULARY) return false;
  const content = await file
    .text()
    .then(JSON.parse)
    .catch(() => null);
  if (content === null || typeof content !== "object") return false;
  const [keys, values] = [Object.keys(content), Object.values(content)];
  const areTexts = values.every((value) => typeof value === "string");
  const areNumbers = Array.isArray(content) || keys.every((key) => /^\d+$/.test(key));
  return values.length > 0 && (areTexts ? areNumbers : !Array.isArray(content) && values.every(Number.isInteger));
}

/**
 * Shows while files are dragged over the page that they can be dropped, and takes them.
 * @param {Document} page @param {{get: () => State, set: (patch: Partial<State>) => void}} store
 * @param {(files: File[], folders: File[]) => void} receive
 */
export function listenToDrops(page, { get, set }, receive) {
  const end = () => set({ isDropping: false });
  const over = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return; // a word that is dragged into a field
    event.preventDefault();
    set({ isDropping: true });
  };
  page.addEventListener("dragenter", over);
  page.addEventListener("dragover", over);
  page.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && end());
  page.addEventListener("pointermove", end); // which there is not while something is dragged
  page.addEventListener("drop", (event) => {
    end();
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === "file");
    if (items.length === 0) return;
    event.preventDefault();
    const dropped = items.map((item) => ({ file: item.getAsFile(), isFolder: item.webkitGetAsEntry()?.isDirectory }));
    const those = (/** @type {boolean} */ areFolders) =>
      dropped.flatMap(({ file, isFolder = false }) => (file && isFolder === areFolders ? [file] : []));
    receive(those(false), those(true));
  });
  addEventListener("keydown", leave, { capture: true });

  /** Before Escape means anything else. @param {KeyboardEvent} event */
  function leave(event) {
    if (event.key !== "Escape" || !get().isDropping) return;
    event.stopPropagation();
    end();
  }
}
