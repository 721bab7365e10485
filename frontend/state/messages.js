/** Messages above the player, each for a while; some offer to undo what they tell of. */

/** @import {Message, Store} from "./state.js" */

export const STANDS = 10_000; // ms

/** @param {Store} store */
export function createMessages({ get, set }) {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  const timers = new Map();

  /** @param {string} id */
  function hide(id) {
    clearTimeout(timers.get(id));
    timers.delete(id);
    set({ messages: get().messages.filter((message) => message.id !== id) });
  }

  /** Replaces a message of the same id. @param {Message} message */
  function show(message) {
    clearTimeout(timers.get(message.id));
    timers.set(
      message.id,
      setTimeout(() => hide(message.id), STANDS),
    );
    set({ messages: [...get().messages.filter(({ id }) => id !== message.id), message] });
  }

  return { show, hide };
}
