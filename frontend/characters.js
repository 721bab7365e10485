/** How characters without ink of their own are shown. */

const SIGNS = /** @type {Record<string, string>} */ ({ " ": "␣", "\n": "↵", "\r\n": "↵", "\r": "↵", "\t": "⇥" });

/** @param {string} character */
export const visible = (character) => SIGNS[character] ?? character;
