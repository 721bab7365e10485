/** Draws the chosen tab: its panel, and the charts in that. */

import { render } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Palette} from "../../charts/palette.js" */
/** @import {PlotEvents} from "../../charts/plot.js" */
import { createChart } from "../../charts/charts.js";
import { shownTab, TABS } from "../../tabs/tabs.js";

/** @param {HTMLElement} parent @param {PlotEvents} on */
export function createPanels(parent, on) {
  /** @type {WeakMap<HTMLElement, ReturnType<typeof createChart>>} */
  const charts = new WeakMap();
  const panels = new Map(TABS.map(({ name }) => [name, panelOf(parent, name)]));

  /** @param {Form} form */
  function showPanel(form) {
    const tab = shownTab(form.state);
    for (const [name, panel] of panels) panel.hidden = name !== tab.name;
    const panel = panels.get(tab.name);
    if (panel) render(panel, tab.panel(form));
  }

  /** @param {Form} form @param {Palette} palette */
  function showCharts({ state, t }, palette) {
    for (const [id, chart] of Object.entries(shownTab(state).charts)) {
      const element = document.getElementById(id);
      if (!element) continue;
      const drawChart = charts.get(element) ?? createChart(element, chart, on);
      charts.set(element, drawChart);
      drawChart(state, palette, t);
    }
  }

  return (/** @type {Form} */ form, /** @type {Palette} */ palette) => {
    showPanel(form);
    showCharts(form, palette);
  };
}

/** The panel of a tab: the one in the page, else a new one. @param {HTMLElement} parent @param {string} name */
function panelOf(parent, name) {
  const panel = document.createElement("div");
  Object.assign(panel, { id: `panel-${name}`, role: "tabpanel", hidden: true });
  panel.setAttribute("aria-labelledby", `tab-${name}`);
  parent.append(panel);
  return panel;
}
