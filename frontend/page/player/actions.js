/** Actions of the reader on the cursor, the zoom and the player. */

/** @import {Point, Store} from "../../state/state.js" */

const PLAY_INTERVAL = 120; // ms a step
const SHORTEST_ZOOM = 8; // steps

/** @param {Store} store */
export function createActions({ get, set }) {
  const last = () => (get().run?.sequence.steps ?? 1) - 1;
  const clamp = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(0, Math.min(value, most));

  /** @param {number} time */
  function goTo(time) {
    set({ time: clamp(time, last()), hover: null, zoom: follow(get().zoom, clamp(time, last())) });
  }

  /** @param {number} units */
  function moveUnit(units) {
    set({ unit: clamp(get().unit + units, (get().run?.model.hidden_size ?? 1) - 1), hover: null });
  }

  /** @param {Partial<Point>} point */
  function pick({ time = get().time, unit = get().unit }) {
    set({ time, unit, hover: null });
  }

  /** @param {number} factor below 1 looks closer; Infinity shows all */
  function zoomBy(factor) {
    const [first, final] = get().zoom ?? [0, last()];
    const length = Math.max(SHORTEST_ZOOM, Math.round((final - first + 1) * factor));
    if (length > last()) return set({ zoom: null });
    const start = clamp(Math.round(get().time - length / 2), last() - length + 1);
    set({ zoom: [start, start + length - 1] });
  }

  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  function play() {
    const playing = !get().playing;
    clearInterval(timer);
    set({ playing });
    if (!playing) return;
    if (get().time >= last()) goTo(0);
    timer = setInterval(() => (get().time < last() && get().playing ? goTo(get().time + 1) : stop()), PLAY_INTERVAL);
  }

  function stop() {
    clearInterval(timer);
    set({ playing: false });
  }

  const plotEvents = {
    hover: (/** @type {{time?: number, unit?: number}} */ point) => {
      const { time, unit, playing } = get();
      if (!playing) set({ hover: { time, unit, ...point } });
    },
    leave: () => set({ hover: null }),
    pick,
    zoom: (/** @type {[number, number] | null} */ zoom) => {
      const before = get().zoom;
      if (zoom?.[0] !== before?.[0] || zoom?.[1] !== before?.[1]) set({ zoom });
    },
  };

  return {
    plotEvents,
    goTo,
    moveUnit,
    pick,
    play,
    zoomBy,
    move: (/** @type {number} */ steps) => goTo(get().time + steps),
  };
}

/**
 * The zoom, moved so that the cursor is in sight.
 * @param {[number, number] | null} zoom @param {number} time @returns {[number, number] | null}
 */
function follow(zoom, time) {
  if (!zoom || (time >= zoom[0] && time <= zoom[1])) return zoom;
  const shift = time < zoom[0] ? time - zoom[0] : time - zoom[1];
  return [zoom[0] + shift, zoom[1] + shift];
}
