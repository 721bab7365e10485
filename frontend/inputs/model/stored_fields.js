/** The fields of a stored model: which part of it is run, its vocabulary and its name. */

/** @import {Key} from "../../base/i18n.js" */
/** @import {Content} from "../../base/dom.js" */
/** @import {Form} from "../../controls/form.js" */
/** @import {StoredLSTM, StoredModel} from "../../state/answers.js" */
/** @import {ModelForm} from "./form.js" */
import { h } from "../../base/dom.js";
import { errorsOf } from "../../controls/faults.js";
import { chip, fileButton, labelled, selectField } from "../../controls/fields.js";
import { lstmOf, storedOf } from "../../state/selectors.js";

const NONE = ""; // no part

/** @param {ModelForm} form @returns {Content[]} */
export function storedFields(form) {
  const { t, state } = form;
  const model = storedOf(state);
  const lstm = lstmOf(state);
  if (model?.damaged === "description") return [damagedField(form)];
  if (!model || !lstm) return [];
  return [
    model.lstms.length > 1 && lstmField(form, model, lstm),
    h("p", { class: "hint", key: "shape" }, shape(lstm, t)),
    Object.keys(lstm.fronts).length > 0 && frontField(form, lstm),
    Object.keys(lstm.read_outs).length > 0 && readOutField(form, lstm),
    state.readOut !== null && softmaxField(form),
    vocabularyField(form, model),
    unsupported(model, t),
    omitted(model, t),
    nameField(form, model),
  ];
}

/** @param {ModelForm} form @param {StoredModel} model @param {StoredLSTM} lstm  the present one */
function lstmField(form, model, lstm) {
  const { t, chooseLstm } = form;
  const find = (/** @type {string} */ name) => model.lstms.find((candidate) => candidate.name === name) ?? lstm;
  return selectField(form, {
    field: "model.lstm",
    label: t("model.lstm"),
    value: lstm.name,
    options: model.lstms.map(({ name }) => [name, name || t("model.whole_file")]),
    set: (name) => chooseLstm(model, find(name)),
  });
}

/** @param {ModelForm} form @param {StoredLSTM} lstm */
function frontField(form, { fronts }) {
  const { t, state, chooseFront } = form;
  return selectField(form, {
    field: "model.front",
    label: t("model.front"),
    value: state.front ?? NONE,
    options: partsOf(fronts, "model.front_size", t),
    set: (name) => chooseFront(name || null),
  });
}

/** @param {Form} form @param {StoredLSTM} lstm */
function readOutField(form, { read_outs }) {
  const { t, state, set } = form;
  return selectField(form, {
    field: "model.read_out",
    label: t("model.read_out"),
    value: state.readOut ?? NONE,
    options: partsOf(read_outs, "model.read_out_size", t),
    set: (name) => set({ readOut: name || null, ...(name === NONE && { softmax: false }) }),
  });
}

/** @param {Record<string, number>} parts  sizes by name @param {Key} key  of the text of one @param {Form["t"]} t */
function partsOf(parts, key, t) {
  const options = Object.entries(parts).map(([name, size]) => [name, t(key, { name, size })]);
  return /** @type {[string, string][]} */ ([[NONE, t("model.no_part")], ...options]);
}

/** @param {Form} form */
function softmaxField({ t, state, set }) {
  const box = { type: "checkbox", checked: state.softmax, onchange: () => set({ softmax: !state.softmax }) };
  return h("label", { class: "box", key: "softmax" }, h("input", box), h("span", null, t("model.softmax")));
}

/** @param {StoredLSTM} lstm @param {Form["t"]} t */
function shape({ input_size, hidden_size, proj_size, num_layers, bidirectional }, t) {
  const parts = [t("model.shape", { input_size, hidden_size, num_layers })];
  if (proj_size > 0) parts.push(t("model.shape_projected", { proj_size }));
  if (bidirectional) parts.push(t("model.shape_bidirectional"));
  return parts.join(", ");
}

/** @param {ModelForm} form @param {StoredModel} model */
function vocabularyField(form, { vocabulary }) {
  const { t, change } = form;
  const read = async (/** @type {File} */ file) => change({ vocabulary: await file.text() }, "model.vocabulary");
  const accept = ".json,.txt,.vocab";
  const body = vocabulary
    ? chip({
        text: t("model.vocabulary_size", { count: vocabulary.length }),
        label: t("model.remove_vocabulary"),
        remove: () => change({ vocabulary: null }, "model.vocabulary"),
      })
    : [
        ...fileButton({ id: "model-vocabulary-input", accept, label: t("model.add_vocabulary"), choose: read }),
        h("span", { class: "hint" }, t("model.vocabulary_explained")),
      ];
  return h(
    "div",
    { class: vocabulary ? "field" : "field file", key: `vocabulary-${vocabulary !== null}` },
    body,
    errorsOf(form, "model.vocabulary"),
  );
}

/** @param {StoredModel} model @param {Form["t"]} t */
function unsupported({ unsupported: others }, t) {
  const names = Object.entries(others).map(([name, kind]) =>
    t("model.other", { name: name || t("model.whole_file"), kind }),
  );
  return (
    names.length > 0 &&
    h("p", { class: "hint", key: "unsupported" }, t("model.unsupported", { others: names.join("; ") }))
  );
}

/** @param {StoredModel} model @param {Form["t"]} t */
const omitted = ({ omitted: count = 0 }, t) =>
  count > 0 && h("p", { class: "hint", key: "omitted" }, t("model.omitted", { count }));

/** A model that can only be deleted, or mended by its file. @param {ModelForm} form */
function damagedField({ t, remove }) {
  const button = h("button", { type: "button", id: "delete-model", onclick: remove }, t("model.delete"));
  return h("div", { class: "field", key: "damaged" }, h("p", { class: "hint" }, t("error.damaged")), button);
}

/** @param {ModelForm} form @param {StoredModel} model */
function nameField(form, { name }) {
  const { t, change, remove } = form;
  const rename = (/** @type {any} */ event) => {
    const text = event.target.value.trim();
    if (text !== "" && text !== name) change({ name: text }, "model.name");
  };
  const input = h("input", { id: "model-name", value: name, maxlength: 120, onchange: rename, autocomplete: "off" });
  const button = h("button", { type: "button", id: "delete-model", onclick: remove }, t("model.delete"));
  return labelled(
    "model.name",
    t("model.name"),
    h("div", { class: "control" }, input, button),
    errorsOf(form, "model.name"),
  );
}
