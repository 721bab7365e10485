/** Ticks of an axis of steps or units, which are whole, also where there are few. */

const FEW = 6; // each with its own tick

/** @param {number} length from the first to the last */
export const wholeTicks = (length) => (length < FEW ? { tick0: 0, dtick: 1 } : {});
