/** The parts of the page around the plots, which a step of the cursor does not change. */

/** @import {Key} from "../base/i18n.js" */
/** @import {Form} from "../controls/form.js" */
/** @import {ModelActions} from "../inputs/model/form.js" */
/** @import {SequenceForm} from "../inputs/sequence/form.js" */
/** @import {Kind} from "./drops/drops.js" */
/** @import {ToolbarActions} from "./toolbar/toolbar.js" */
/** @import {MenuForm} from "./toolbar/workspace_menu.js" */
import { h, render } from "../base/dom.js";
import * as modelForm from "../inputs/model/form.js";
import * as sequenceForm from "../inputs/sequence/form.js";
import { TABS } from "../tabs/tabs.js";
import * as layers from "./canvas/layers.js";
import * as tabBar from "./canvas/tab_bar.js";
import * as dropOverlay from "./drops/overlay.js";
import * as alert from "./notices/alert.js";
import * as messageList from "./notices/message_list.js";
import * as toolbar from "./toolbar/toolbar.js";

/** @type {Record<string, Key>} */
const REGIONS = { inputs: "inputs.title", step: "step.region", player: "player.region" };
const WIDE = matchMedia("(min-width: 760px)");
const TAB_NAMES = TABS.map(({ name }) => name);

/**
 * @typedef {object} Surroundings  what can be done in them
 * @property {ToolbarActions & Pick<MenuForm, "workspaces">} toolbar
 * @property {ModelActions & Omit<SequenceForm, keyof Form>} inputs
 * @property {{undo: (id: string) => void, hide: (id: string) => void}} messages
 * @property {Kind[]} kinds  of files that can be dropped
 */

/** @param {(id: string) => HTMLElement} element @param {Surroundings} actions @returns {(form: Form) => void} */
export function createSurroundings(element, actions) {
  return (form) => {
    const { t, state } = form;
    document.documentElement.lang = state.language;
    document.documentElement.dataset.theme = state.theme;
    document.body.ariaBusy = String(state.running);
    for (const [id, name] of Object.entries(REGIONS)) element(id).ariaLabel = t(name);
    render(element("toolbar"), toolbar.bar({ ...form, ...actions.toolbar }));
    render(element("inputs"), inputs({ ...form, ...actions.inputs }));
    render(element("alert"), alert.lines({ ...form, ...actions.inputs }, fieldsOn(element("inputs"))));
    render(element("drops"), dropOverlay.overlay(form, actions.kinds));
    render(element("messages"), messageList.list({ ...form, ...actions.messages }));
    render(element("tabs"), tabBar.bar(form, TAB_NAMES));
    if (state.run) render(element("layers"), layers.choice(form));
  };
}

/** The fields that show their own faults. @param {HTMLElement} form */
const fieldsOn = (form) =>
  [...form.querySelectorAll("[data-field]")].map((node) => node.getAttribute("data-field") ?? "");

/** @param {SequenceForm & import("../inputs/model/form.js").ModelForm} form */
function inputs(form) {
  const parts = [h("section", null, sequenceForm.fields(form)), h("section", null, modelForm.fields(form))];
  return h(
    "details",
    { key: "inputs", ...(WIDE.matches && { open: true }) },
    h("summary", null, form.t("inputs.title")),
    parts,
  );
}
