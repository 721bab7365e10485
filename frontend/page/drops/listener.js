/** Listens for files that are dragged over the page. */

/** @import {Store} from "../../state/state.js" */

/**
 * Shows that files can be dropped while they are dragged over the page, and takes them.
 * @param {Document} page @param {Store} store
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

  /** Escape ends this first. @param {KeyboardEvent} event */
  function leave(event) {
    if (event.key !== "Escape" || !get().isDropping) return;
    event.stopPropagation();
    end();
  }
}
