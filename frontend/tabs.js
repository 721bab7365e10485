/** The tabs above the plots, in their order: one table. */

/** @import {Type} from "./address_types.js" */
/** @import {Question} from "./asker.js" */
/** @import {Chart} from "./charts.js" */
/** @import {Form} from "./controls.js" */
/** @import {Content} from "./dom.js" */
/** @import {State} from "./state.js" */
import { compare } from "./tabs/compare.js";
import { gates } from "./tabs/gates.js";
import { gradients } from "./tabs/gradients.js";
import { health } from "./tabs/health.js";
import { memory } from "./tabs/memory.js";
import { whatIf } from "./tabs/whatif.js";

/**
 * @typedef {object} Tab
 * @property {string} name  its title is `tab.<name>`
 * @property {(form: Form) => Content} [panel]  what stands in it, with the places of its charts; it is drawn while shown
 * @property {Record<string, Chart>} charts  by the id of their place
 * @property {Question[]} [questions]  what the server is asked for it
 * @property {{property: keyof State, key: string, type: Type, usual: any}[]} [options]  what the reader chooses in it, kept in the address
 */

/** @type {Tab[]} */
export const TABS = [gates, memory, gradients, health, whatIf, compare];

/** @param {Pick<State, "tab">} state @returns {Tab} */
export const shownTab = ({ tab }) => TABS.find(({ name }) => name === tab) ?? gates;
