/** The bar of tabs above the plots. Arrow keys move among them. */

/** @import {State} from "../../state/state.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
import { h } from "../../base/dom.js";

/** @type {Record<string, (index: number, count: number) => number>} */
const MOVES = {
  ArrowLeft: (index, count) => (index + count - 1) % count,
  ArrowRight: (index, count) => (index + 1) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

/** @param {Form} form @param {State["tab"][]} names @returns {Content[]} */
export function bar({ t, state, set }, names) {
  if (names.length < 2) return [];
  const onkeydown = (/** @type {any} */ event) => {
    const next = MOVES[event.key]?.(names.indexOf(state.tab), names.length);
    if (next === undefined) return;
    event.preventDefault();
    set({ tab: names[next] });
    event.currentTarget.children[next].focus();
  };
  const tab = (/** @type {State["tab"]} */ name) => {
    const isShown = name === state.tab;
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-selected": String(isShown),
        "aria-controls": `panel-${name}`,
        tabindex: isShown ? 0 : -1,
        onclick: () => set({ tab: name }),
      },
      t(`tab.${name}`),
    );
  };
  return [h("div", { role: "tablist", "aria-label": t("tabs.title"), onkeydown }, names.map(tab))];
}
