/** The tabs above the plots, in their order: one table. */

/** @import {Type} from "../state/address_types.js" */
/** @import {Question} from "../server/asker.js" */
/** @import {Chart} from "../charts/charts.js" */
/** @import {Form} from "../controls/controls.js" */
/** @import {Content} from "../base/dom.js" */
/** @import {State} from "../state/state.js" */
import { compare } from "./compare/tab.js";
import { gates } from "./gates/tab.js";
import { gradients } from "./gradients/tab.js";
import { health } from "./health/tab.js";
import { memory } from "./memory/tab.js";
import { whatIf } from "./what_if/tab.js";

/** @typedef {{property: keyof State, key: string, type: Type, usual: any}} Option  of the address */
/**
 * @typedef {object} Tab
 * @property {string} name  its title is `tab.<name>`
 * @property {(form: Form) => Content} panel  what stands in it, with the places of its charts; it is drawn while shown
 * @property {Record<string, Chart>} charts  by the id of their place
 * @property {Question[]} [questions]  what the server is asked for it
 * @property {boolean} [introducesModel]  whether a shipped model is described above it
 * @property {Option[]} [options]  what the reader chooses in it
 */

/** @type {Tab[]} */
export const TABS = [gates, memory, gradients, health, whatIf, compare];

/** @param {Pick<State, "tab">} state @returns {Tab} */
export const shownTab = ({ tab }) => TABS.find(({ name }) => name === tab) ?? gates;
