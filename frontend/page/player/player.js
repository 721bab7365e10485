/** The player at the foot of the page: play, the slider of the cursor, its position, and zoom. */

/** @import {KeyBehind} from "../../base/i18n.js" */
/** @import {Form} from "../../controls/form.js" */
import { visible } from "../../base/characters.js";
import { h } from "../../base/dom.js";

/**
 * @typedef {object} PlayerActions
 * @property {(time: number) => void} goTo
 * @property {() => void} play starts or stops
 * @property {(factor: number) => void} zoomBy
 */

/** @param {Form & PlayerActions} form */
export function bar(form) {
  const { t, state, goTo } = form;
  const last = (state.run?.sequence.steps ?? 1) - 1;
  const idle = !state.run;
  const button = (
    /** @type {KeyBehind<"player">} */ name,
    /** @type {string} */ sign,
    /** @type {() => void} */ onclick,
  ) =>
    h(
      "button",
      {
        type: "button",
        class: "icon",
        id: name,
        title: t(`player.${name}`),
        "aria-label": t(`player.${name}`),
        disabled: idle,
        onclick,
      },
      sign,
    );
  const slider = h("input", {
    type: "range",
    id: "time",
    min: 0,
    max: last,
    value: String(Math.min(state.time, last)),
    disabled: idle,
    "aria-label": t("player.time"),
    "aria-valuetext": t("player.position", { time: state.time, last }),
    oninput: (/** @type {any} */ event) => goTo(Number(event.target.value)),
  });
  return [
    button("previous", "‹", () => goTo(state.time - 1)),
    button(state.playing ? "pause" : "play", state.playing ? "❚❚" : "▶", form.play),
    button("next", "›", () => goTo(state.time + 1)),
    slider,
    h("output", { class: "position", for: "time" }, position(form, last)),
    button("zoom_in", "+", () => form.zoomBy(0.5)),
    button("zoom_out", "−", () => form.zoomBy(2)),
    button("zoom_all", "⤢", () => form.zoomBy(Infinity)),
  ];
}

/** @param {Form} form @param {number} last */
function position({ t, state: { run, time, unit } }, last) {
  const character = run?.sequence.characters?.[time];
  return [
    h("b", null, `t ${time}`),
    ` / ${last}`,
    character === undefined ? "" : ` “${visible(character)}”`,
    ` · ${t("player.unit", { unit })}`,
  ];
}
