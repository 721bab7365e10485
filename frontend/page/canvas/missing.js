/** What a link names and is not here, in place of the plots, and what to drop. */

/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Missing} from "../../state/state.js" */
import { h } from "../../base/dom.js";
import { lengthOf } from "../../state/raw_data.js";
import { missingOf } from "../../state/requests.js";

/** @param {Form & {start: () => void}} form @returns {Content} */
export function card({ t, state, start }) {
  const missing = missingOf(state);
  if (missing.length === 0) return null;
  const example = h("button", { type: "button", id: "missing-start", onclick: start }, t("missing.start"));
  const ways = missing.map((each) => way(each, t)).filter(Boolean);
  return h(
    "div",
    { class: "missing", role: "region", "aria-labelledby": "missing-title" },
    h("h2", { id: "missing-title" }, t("missing.title")),
    missing.map((each) => part(each, t)),
    h("p", { class: "hint" }, t("missing.kept"), " ", t("missing.session")),
    h("div", { class: "missing-ways" }, ways, example),
  );
}

/** @param {Missing} missing @param {Form["t"]} t */
function part(missing, t) {
  if (missing.type === "model") {
    const words = missing.name === null ? t("missing.model") : t("missing.model_named", { name: missing.name });
    return h("p", null, words, " ", t("missing.drop_model"));
  }
  const count = lengthOf(missing.data);
  return h("p", null, t(`missing.${missing.source}`, { count }), " ", t(`missing.drop_${missing.source}`));
}

/**
 * A button that opens the system's choice of a file, as the one among the inputs does.
 * @param {Missing} missing @param {Form["t"]} t
 */
function way(missing, t) {
  const [name, input] =
    missing.type === "model"
      ? /** @type {const} */ (["model", "model-file-input"])
      : /** @type {const} */ ([missing.source, "file"]);
  const choose = () => document.getElementById(input)?.click();
  return (
    name !== "text" &&
    h("button", { type: "button", class: "primary", key: name, onclick: choose }, t(`missing.choose_${name}`))
  );
}
