/** The line above the plots: their model and their sequence, and whether they are still of the present inputs. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
import { h } from "../../base/dom.js";
import { modelName, sequenceName } from "../../inputs/names.js";
import { isStale } from "../../state/inputs.js";

/** @param {Form} form @returns {Content} */
export function line({ t, state }) {
  const { run, runInputs } = state;
  if (!run || !runInputs) return null;
  const count = run.sequence.steps;
  const stale = isStale(state);
  const excerpt = run.sequence.characters?.join("") ?? runInputs.text;
  return h(
    "p",
    { class: stale ? "origin stale" : "origin", role: "status" },
    stale && h("strong", null, t("origin.stale")),
    h("span", { class: "origin-model" }, modelName(runInputs, t)),
    " · ",
    h("span", { class: "origin-sequence" }, sequenceName(runInputs, t, excerpt)),
    " · ",
    h("span", null, t("origin.steps", { count })),
  );
}
