/** Downloads and copies of a run: pictures, numbers, a link, a command for a shell. */

import { save } from "../../base/saving.js";
/** @import {Palette} from "../../charts/palette.js" */
/** @import {Key, Translate} from "../../base/i18n.js" */
/** @import {Store} from "../../state/state.js" */
import { wholeFigure } from "../../charts/charts.js";
import { picture } from "../../charts/plot.js";
import { asCurl } from "../../server/api.js";
import { isOfRawData } from "../../state/pinned.js";
import { isRaw } from "../../state/raw_data.js";
import { requestOf } from "../../state/requests.js";
import { shownSteps } from "../../state/selectors.js";
import { shownTab } from "../../tabs/tabs.js";
import { toCsv, toJson } from "./exports.js";

/** @typedef {"png" | "svg" | "csv" | "json"} Format */

/**
 * @param {Store} store
 * @param {{palette: () => Palette, translate: () => Translate, copy: (text: string, notice: Key) => void}} page
 */
export function createDownloads({ get }, { palette, translate, copy }) {
  const closeMenu = () => document.getElementById("downloads")?.hidePopover();

  /** @param {Format} format */
  async function download(format) {
    const state = get();
    const request = requestOf(state);
    if (!state.run || !request) return;
    closeMenu();
    const name = `gatescope.${format}`;
    if (format === "csv") save(name, new Blob(["\ufeff", toCsv(state.run, shownSteps(state))], { type: "text/csv" }));
    else if (format === "json") save(name, new Blob([toJson(request, state.run)], { type: "application/json" }));
    else {
      const figure = wholeFigure(Object.values(shownTab(state).charts), state, palette(), translate());
      if (figure) save(name, await picture(figure, format, state.width));
    }
  }

  function copyCurl() {
    closeMenu();
    copy(asCurl(location.href, requestOf(get()) ?? {}), "notice.curl_copied");
  }

  function share() {
    const isWhole = !isRaw(get().source) && !isOfRawData(get());
    copy(location.href, isWhole ? "notice.link_copied" : "notice.link_without_data");
  }

  return { download, copyCurl, share };
}
