/** What the page knows before anything is asked, chosen or answered. */

/** @import {State} from "./state.js" */

/** @type {Partial<State>} */
export const BEGINNING = {
  hypothesisDetail: "",
  beforeTour: null,
  kept: {},
  file: null,
  dataNames: {},
  drafts: {},
  sessionModel: null,
  workspaces: [],
  signals: [],
  models: [],
  zoo: [],
  uploading: null,
  limits: {},
  isCatalogued: false,
  run: null,
  ran: null,
  running: false,
  problem: null,
  answers: {},
  silencing: null,
  unitToCome: null,
  hover: null,
  playing: false,
  notice: null,
  messages: [],
  isDropping: false,
};
