/** What the run is drawn as: the tab that is shown, and the step; or what is missing for it. */

/** @import {Palette} from "../charts/palette.js" */
/** @import {Form} from "../controls/controls.js" */
/** @import {State} from "../state/state.js" */
import { render } from "../base/dom.js";
import { cursorOf, isStale, layerOf, missingOf } from "../state/state.js";
import * as step from "../step/panel.js";
import { shownTab } from "../tabs/tabs.js";
import * as about from "./about.js";
import { announcement } from "./announcer.js";
import * as missing from "./missing.js";
import * as origin from "./origin.js";
import { createPanels } from "./panels.js";

/**
 * @param {(id: string) => HTMLElement} element
 * @param {{palette: () => Palette, startTour: () => void, begin: () => void, plotEvents: Parameters<typeof createPanels>[1]}} page
 *   begin: another workspace
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
    const said = announcement(state, t);
    if (said !== null) render(element("live"), said);
  };
}
