/** Asks a server that does not answer again and again, and goes on when it is back. */

/** @import {Store} from "../state/state.js" */

const INTERVAL = 2000; // ms

/**
 * @param {Store} store @param {() => Promise<boolean>} isThere  whether the server answers at all
 * @param {() => void} goOn
 */
export function createReconnection({ get, subscribe }, isThere, goOn) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function look() {
    const { problem } = get();
    const isBack = await isThere();
    if (get().problem !== problem) return; // the reader was faster
    if (isBack) goOn();
    else timer = setTimeout(look, INTERVAL);
  }

  subscribe((state, before) => {
    if (state.problem === before.problem) return;
    clearTimeout(timer);
    if (state.problem?.status === 0) timer = setTimeout(look, INTERVAL);
  });
}
