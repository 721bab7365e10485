/** Short confirmations at the head of the page. */

/** @import {Key} from "../../base/i18n.js" */
/** @import {Store} from "../../state/state.js" */

const STANDS = 2500; // ms

/** @param {Store} store */
export function createNotices({ set }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {Key} notice */
  function notify(notice) {
    clearTimeout(timer);
    set({ notice });
    timer = setTimeout(() => set({ notice: null }), STANDS);
  }

  /** Puts a text on the clipboard. @param {string} text @param {Key} notice */
  async function copy(text, notice) {
    try {
      await navigator.clipboard.writeText(text);
      notify(notice);
    } catch {
      notify("notice.not_copied");
    }
  }

  return { notify, copy };
}
