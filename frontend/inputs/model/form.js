/** The form of the model: a shipped, a stored or an untrained one. */

import { h } from "../../base/dom.js";
/** @import {Form} from "../../controls/form.js" */
/** @import {StoredLSTM, StoredModel} from "../../state/answers.js" */
/** @import {State} from "../../state/state.js" */
/** @import {Content} from "../../base/dom.js" */
import { errorsOf } from "../../controls/faults.js";
import { fileButton, selectField } from "../../controls/fields.js";
import { storedOf } from "../../state/selectors.js";
import * as endings from "./file_types.js";
import { randomFields } from "./random_fields.js";
import { storedFields } from "./stored_fields.js";

const RANDOM = "random";
const ZOO = "zoo:"; // before the name of a shipped model, which no id of a stored one holds

/**
 * @typedef {object} ModelActions
 * @property {(files: File[]) => void} uploadAll
 * @property {(id: string) => void} choose
 * @property {(name: string) => void} chooseZoo
 * @property {() => void} chooseRandom
 * @property {(model: StoredModel, lstm: StoredLSTM) => void} chooseLstm
 * @property {(front: string | null) => void} chooseFront
 * @property {(change: {name?: string, vocabulary?: string | null}, field: string) => void} change
 * @property {() => void} remove
 */
/** @typedef {Form & ModelActions} ModelForm */

/** @param {ModelForm} form @returns {Content[]} */
export function fields(form) {
  const { t, state } = form;
  return [
    h("h2", null, t("model.title")),
    selectField(form, {
      field: "model.id",
      label: t("model.which"),
      value: chosenIn(state),
      options: [
        ...state.zoo.map(({ name }) => option(ZOO + name, t.known(`zoo.${name}.title`) ?? name, t("model.shipped"))),
        ...state.models.map(({ id, name, damaged }) =>
          option(id, damaged ? t("model.damaged", { name }) : name, t("model.yours")),
        ),
        [RANDOM, t("model.random")],
      ],
      set: (value) => choose(form, value),
    }),
    uploadField(form),
    ...(state.model === "stored" ? storedFields(form) : []),
    ...(state.model === "random" ? randomFields(form) : []),
  ];
}

/** @param {State} state */
function chosenIn(state) {
  if (state.model === "zoo") return ZOO + state.task;
  return state.model === "random" ? RANDOM : (storedOf(state)?.id ?? state.stored ?? "");
}

/** @param {string} value @param {string} text @param {string} group @returns {[string, string, string]} */
const option = (value, text, group) => [value, text, group];

/** @param {ModelForm} form @param {string} value */
function choose({ choose: chooseStored, chooseZoo, chooseRandom }, value) {
  if (value === RANDOM) chooseRandom();
  else if (value.startsWith(ZOO)) chooseZoo(value.slice(ZOO.length));
  else chooseStored(value);
}

/** @param {ModelForm} form */
function uploadField(form) {
  const { t, state, uploadAll } = form;
  const hint = state.uploading
    ? t("model.uploading", { name: state.uploading })
    : t("model.drop", { endings: endings.USUAL.join(", ") });
  return h(
    "div",
    { class: "field file", key: "upload" },
    ...fileButton({
      id: "model-file-input",
      accept: endings.ALL.join(","),
      label: t("model.upload"),
      choose: (file) => uploadAll([file]),
    }),
    h("span", { class: state.uploading ? "busy" : "hint", role: "status" }, hint),
    errorsOf(form, "model.file"),
  );
}
