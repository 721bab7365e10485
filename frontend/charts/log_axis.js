/** Sizes that span decades: what can be drawn of them on a logarithmic axis, and the axis. */

const MOST_DECADES = 60; // what lies deeper is no more than nothing

/** Sizes without their sign; what is 0, as on the wire whatever lies below float32, is a gap. @param {Float32Array} values */
export const sizes = (values) =>
  Float64Array.from(values, (value) => {
    const size = Math.abs(value);
    return size > 0 && Number.isFinite(size) ? size : Number.NaN;
  });

/** The axis that holds them. @param {Float64Array[]} lines */
export function logAxis(lines) {
  const decades = lines.flatMap((values) => [...values].filter((value) => value > 0).map(Math.log10));
  const most = Math.ceil(decades.reduce((largest, value) => Math.max(largest, value), -1));
  const least = Math.floor(decades.reduce((smallest, value) => Math.min(smallest, value), most - 1));
  return {
    type: "log",
    range: [Math.max(least, most - MOST_DECADES) - 0.1, most + 0.1],
    exponentformat: "e", // others are written with tags, which would become inline styles
    dtick: Math.max(1, Math.ceil((most - least) / 5)),
    showgrid: true,
  };
}
