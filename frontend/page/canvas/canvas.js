/** Draws the run: the chosen tab, and the step; or what is missing for a run. */

/** @import {Palette} from "../../charts/palette.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {State} from "../../state/state.js" */
import { render } from "../../base/dom.js";
import { isStale } from "../../state/inputs.js";
import { missingOf } from "../../state/requests.js";
import { cursorOf, layerOf } from "../../state/selectors.js";
import * as step from "../../step/panel.js";
import { shownTab } from "../../tabs/tabs.js";
import { announcement } from "../notices/announcer.js";
import * as about from "./about.js";
import * as missing from "./missing.js";
import * as origin from "./origin.js";
import { createPanels } from "./panels.js";

/**
 * @typedef {object} CanvasActions
 * @property {() => Palette} palette
 * @property {() => void} startTour
 * @property {() => void} begin  another workspace
 * @property {Parameters<typeof createPanels>[1]} plotEvents
 */

/**
 * @param {(id: string) => HTMLElement} element @param {CanvasActions} page
 * @returns {(form: Form, before: State, isMoved: boolean) => void} isMoved: nothing but the cursor has changed
 */
export function createCanvas(element, { palette, startTour, begin, plotEvents }) {
  const showPanels = createPanels(element("panels"), plotEvents);

  return (form, before, isMoved) => {
    const { t, state } = form;
    const layer = layerOf(state);
    const isMissing = missingOf(state).length > 0;
    document.body.toggleAttribute("data-missing", isMissing);
    document.body.toggleAttribute("data-stale", isStale(state));
    render(element("missing"), missing.card({ ...form, start: begin }));
    if (isMissing) render(element("step"));
    if (!state.run || !layer || isMissing) return;
    const isOtherUnit = !isMoved || state.unit !== before.unit;
    if (!isMoved) render(element("origin"), origin.line(form));
    if (isOtherUnit) {
      render(element("about"), shownTab(state).introducesModel && about.card({ ...form, tour: startTour }));
    }
    showPanels(form, palette());
    render(element("step"), step.panel(form, state.run, layer, cursorOf(state)));
    const words = announcement(state, t);
    if (words !== null) render(element("live"), words);
  };
}
