/** Which unit follows …? A hypothesis to choose, and the units that follow it best, with chance beside them. */

import { h } from "../../base/dom.js";
import { decimal } from "../../base/i18n.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {RankedUnit, Ranking} from "../../state/answers.js" */
import { answered } from "../../controls/answer.js";
import { idOf } from "../../controls/faults.js";
import { placeLink } from "../../controls/place_link.js";
import { quantitySelect } from "../../controls/quantity_select.js";
import { table } from "../../controls/table.js";
import { HYPOTHESES, TEXT_HYPOTHESES } from "../../state/choices.js";

const MOST_SHOWN = 8;
const HEAD = /** @type {const} */ (["ranking.unit", "ranking.first_half", "ranking.held_out"]);

/** @param {Form} form @returns {Content} */
export function panel(form) {
  const { t, state, set } = form;
  const ontoggle = (/** @type {any} */ event) => set({ rankingOpen: event.target.open });
  return h(
    "details",
    { ontoggle, ...(state.rankingOpen && { open: true }) },
    h("summary", null, t("ranking.title")),
    state.rankingOpen && [
      h("div", { class: "choices" }, choices(form)),
      answered(form, "ranking", (ranking) => best(form, ranking)),
    ],
  );
}

/** @param {Form} form @returns {Content[]} */
function choices(form) {
  const { t, state, set } = form;
  // A hypothesis about text stays when the text is gone: the answer says why it does not fit.
  const fits = (/** @type {string} */ name) => state.run?.sequence.characters || !TEXT_HYPOTHESES.includes(name);
  const onchange = (/** @type {any} */ event) => set({ hypothesis: event.target.value });
  const known = HYPOTHESES.filter((name) => fits(name) || name === state.hypothesis);
  const detail = t.known(`hypothesis.${state.hypothesis}.detail`);
  return [
    quantitySelect(form, idOf("ranking.quantity"), t("ranking.quantity")),
    h("span", null, t("ranking.follows")),
    h(
      "select",
      { id: idOf("ranking.hypothesis"), "aria-label": t("ranking.hypothesis"), value: state.hypothesis, onchange },
      known.map((name) => h("option", { value: name }, t(`hypothesis.${name}`))),
    ),
    detail !== null &&
      // A series may have several lines, which an input element would join.
      h(state.hypothesis === "series" ? "textarea" : "input", {
        id: "ranking-detail",
        key: `detail-${state.hypothesis === "series"}`,
        value: state.hypothesisDetail,
        "aria-label": detail,
        placeholder: detail,
        autocomplete: "off",
        oninput: (/** @type {any} */ event) => set({ hypothesisDetail: event.target.value }),
      }),
  ];
}

/** @param {Form} form @param {Ranking} ranking @returns {Content[]} */
function best(form, ranking) {
  const { t, state } = form;
  const several = (state.run?.layers.length ?? 0) > 1;
  const head = HEAD.map((key) => t(key));
  const row = (/** @type {RankedUnit} */ { layer, direction, unit, correlation, held_out }) => {
    const place = several ? `${t("layers.layer", { index: layer })}, ${t(`layers.${direction}`)}, ` : "";
    const isChosen = unit === state.unit && layer === state.layer && direction === state.direction;
    return h(
      "tr",
      { "aria-selected": String(isChosen) },
      h("td", null, placeLink(form, { layer, direction, unit }, `${place}${t("lines.unit", { unit })}`)),
      h("td", null, decimal(correlation)),
      h("td", { class: Math.abs(held_out) > ranking.chance ? "good" : "" }, decimal(held_out)),
    );
  };
  return [
    table({ class: "ranking" }, head, ranking.units.slice(0, MOST_SHOWN).map(row)),
    h("p", { class: "hint", id: "chance" }, t("ranking.chance", { chance: decimal(ranking.chance) })),
  ];
}
