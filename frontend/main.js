/** The composition root: the only file that wires state, server, views and the page together. */

/** @import {Palette} from "./figure.js" */
/** @import {Form} from "./controls.js" */
/** @import {State} from "./state.js" */
import { createActions } from "./actions.js";
import { asCurl, deleteModel, isThere, postAnalysis, postTrace, streamAnalysis } from "./api.js";
import { createAsker } from "./asker.js";
import { createCatalogues, needsCatalogues } from "./catalogues.js";
import { wholeFigure } from "./charts.js";
import { createDeletions } from "./deletions.js";
import { h, render } from "./dom.js";
import { createDrops, listenToDrops } from "./drops.js";
import { save, toCsv, toJson } from "./files.js";
import { createHistory, isChoice } from "./history.js";
import { decimal, LANGUAGES, translator } from "./i18n.js";
import { listenToKeys } from "./keys.js";
import { createMessages } from "./messages.js";
import { createModelList } from "./model_list.js";
import { createModelActions } from "./models.js";
import { createPanels } from "./panels.js";
import { isOfRawData } from "./pinned.js";
import { load as loadPlots, picture } from "./plot.js";
import { createPointer } from "./pointer.js";
import { resolved } from "./raw_data.js";
import { createReconnection } from "./reconnection.js";
import { createRunner } from "./runner.js";
import { createSequenceActions } from "./sequences.js";
import { createSilencing } from "./silencing.js";
import { cursorOf, isStale, layerOf, missingOf, QUANTITIES, requestOf, shownSteps } from "./state.js";
import * as stepPanel from "./step_panel.js";
import { createStore } from "./store.js";
import { shownTab, TABS } from "./tabs.js";
import { at } from "./tensor.js";
import { HELD, isElsewhere, isStrayed, STOPS, stopOf, told } from "./tour.js";
import { createTour, crossing } from "./touring.js";
import * as url from "./url.js";
import * as about from "./views/about.js";
import * as alert from "./views/alert.js";
import * as colouredText from "./views/coloured_text.js";
import * as dropOverlay from "./views/drops.js";
import { description } from "./views/gates.js";
import * as help from "./views/help.js";
import * as layers from "./views/layers.js";
import * as lines from "./views/lines.js";
import * as messageLines from "./views/messages.js";
import * as missing from "./views/missing.js";
import * as modelForm from "./views/model_form.js";
import * as origin from "./views/origin.js";
import * as player from "./views/player.js";
import * as ranking from "./views/ranking.js";
import * as sequenceForm from "./views/sequence_form.js";
import * as tabBar from "./views/tab_bar.js";
import * as toolbar from "./views/toolbar.js";
import * as tourCard from "./views/tour.js";
import { createWorkspaceActions } from "./workspace/actions.js";
import { openDatabase } from "./workspace/database.js";
import { createFinder, createKeeper } from "./workspace/keeper.js";
import { openWorkspace, sweep } from "./workspace/opening.js";
import { candidatesOf } from "./workspace/record.js";
import { openedView } from "./workspace/view.js";

const NOTICE = 2500; // ms for which a confirmation stands
const PREFERENCES = /** @type {const} */ (["language", "theme"]);
const REGIONS = { inputs: "inputs.title", step: "step.region", player: "player.region" };
/** A step of the cursor changes nothing but these, and must be quick. */
const CURSOR = /** @type {(keyof State)[]} */ (["time", "unit", "hover"]);
/** What changes nothing around the plots. */
const INSIDE = /** @type {(keyof State)[]} */ ([...CURSOR, "answers", "silencing"]);
const WIDE = matchMedia("(min-width: 760px)");

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const [gatesPlot, linesPlot, panels] = [element("gates"), element("lines"), element("panels")];
const chartWidth = () => panels.clientWidth - 2; // within its border

const [database, texts] = await Promise.all([
  openDatabase(),
  Promise.all(LANGUAGES.map(async (name) => [name, await (await fetch(`i18n/${name}.json`)).json()])).then(
    Object.fromEntries,
  ),
]);
const translators = Object.fromEntries(LANGUAGES.map((language) => [language, translator(texts[language])]));

/** What the reader prefers, before an address says otherwise. @returns {Partial<State>} */
function preferences() {
  const theme =
    localStorage.getItem("gatescope.theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const language = localStorage.getItem("gatescope.language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
  return /** @type {Partial<State>} */ ({ theme, language });
}

const usual = preferences();
const opened = database && (await openWorkspace(database, location.search));
/** The built-in examples, which a link in either language may name. */
const examples = Object.values(texts).flatMap((text) => [
  { numbers: text["example.numbers"], file: null },
  { text: text["example.text"] },
]);
const view = await openedView(database, opened?.workspace ?? null, opened?.search ?? location.search, examples);
const language = view.language ?? usual.language ?? "en";
const store = createStore(
  /** @type {State} */ ({
    ...usual,
    hypothesisDetail: "",
    beforeTour: null,
    kept: {},
    numbers: texts[language]["example.numbers"],
    text: texts[language]["example.text"],
    file: null,
    dataNames: {},
    drafts: {},
    sessionModel: null,
    ...view,
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
    width: chartWidth(),
  }),
);

const actions = createActions(store);
const messages = createMessages(store);
const modelList = createModelList(store);
const deletions = createDeletions(store, modelList, messages, deleteModel);
const modelActions = { ...createModelActions(store, modelList), remove };
const sequenceActions = createSequenceActions(store);
const catalogues = createCatalogues(store, modelList);
const tour = createTour(store);
const searchOf = (/** @type {State} */ state) => url.write(state, usual);
createFinder(store, database);
const keeper =
  database &&
  opened &&
  createKeeper(store, database, opened, { isChoice, searchOf, fail: () => notify("notice.not_kept") });
const workspaces = createWorkspaceActions(store, database, opened?.id ?? null, {
  ...{ searchOf, notify },
  save: async () => keeper?.save(),
});
const drops = createDrops(
  store,
  { ...modelActions, ...sequenceActions, openSession: workspaces.openSession },
  (key, names) => messages.show({ id: key, key, context: { names: names.join(", ") } }),
);
const plots = loadPlots();
/** The first answer may be there before what draws it. @type {typeof postTrace} */
async function postAndDraw(request, signal) {
  const [run] = await Promise.all([postTrace(request, signal), plots]);
  return run;
}
const runner = createRunner(store, postAndDraw);
for (const question of TABS.flatMap(({ questions = [] }) => questions)) createAsker(store, question, postAnalysis);
createSilencing(store, streamAnalysis);
const translate = () => /** @type {ReturnType<typeof translator>} */ (translators[store.get().language]);

/** @type {Palette | undefined} */
let colours;
/** Colours stand in the style sheet alone; a chart reads them there, once for each theme. @returns {Palette} */
function palette() {
  if (colours?.scheme !== store.get().theme) colours = readPalette();
  return colours;
}

/** @returns {Palette} */
function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    scheme: store.get().theme,
    ink: colour("ink"),
    muted: colour("muted"),
    line: colour("line"),
    surface: colour("surface"),
    accent: colour("accent"),
    series: Array.from({ length: 8 }, (_, index) => colour(`series-${index}`)),
  };
}

/** @param {string} field @param {string | null} text */
function draft(field, text) {
  const { [field]: _old, ...others } = store.get().drafts;
  store.set({ drafts: text === null ? others : { ...others, [field]: text } });
}

/** The button that was pressed goes with the model; the next one is that which undoes it. */
function remove() {
  deletions.remove();
  /** @type {HTMLElement | null} */ (document.querySelector("#messages > :last-child .undo"))?.focus();
}

/** The button goes here too. @param {string} id */
function undo(id) {
  deletions.undo(id);
  element("model-id").focus();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let noticeTimer;
/** @param {string} notice key of its text */
function notify(notice) {
  clearTimeout(noticeTimer);
  store.set({ notice });
  noticeTimer = setTimeout(() => store.set({ notice: null }), NOTICE);
}

/** @param {string} text @param {string} notice */
async function copy(text, notice) {
  try {
    await navigator.clipboard.writeText(text);
    notify(notice);
  } catch {
    notify("notice.not_copied");
  }
}

/** @param {"png" | "svg" | "csv" | "json"} format */
async function download(format) {
  const state = store.get();
  const request = requestOf(state);
  if (!state.run || !request) return;
  element("downloads").hidePopover();
  const name = `gatescope.${format}`;
  if (format === "csv") save(name, new Blob(["\ufeff", toCsv(state.run, shownSteps(state))], { type: "text/csv" }));
  else if (format === "json") save(name, new Blob([toJson(request, state.run)], { type: "application/json" }));
  else {
    const figure = wholeFigure(Object.values(shownTab(state).charts), state, palette(), translate());
    if (figure) save(name, await picture(figure, format, state.width));
  }
}

const dialog = /** @type {HTMLDialogElement} */ (element("help"));
const openHelp = () => {
  render(
    dialog,
    help.content(
      translate(),
      () => dialog.close(),
      () => {
        dialog.close();
        tour.start();
      },
    ),
  );
  dialog.showModal();
};
const isDataShared = () => ["task", "signal"].includes(store.get().source) && !isOfRawData(store.get());
async function run() {
  if (needsCatalogues(store.get())) await catalogues.fetch();
  await runner.run();
}
createReconnection(store, isThere, run);
const toolbarActions = {
  run,
  share: () => copy(location.href, isDataShared() ? "notice.link_copied" : "notice.link_without_data"),
  copyCurl: () => {
    element("downloads").hidePopover();
    copy(asCurl(location.href, requestOf(store.get()) ?? {}), "notice.curl_copied");
  },
  help: openHelp,
  download,
  saveSession: workspaces.saveSession,
  workspaces,
};

const plotEvents = {
  hover: (/** @type {{time?: number, unit?: number}} */ point) => {
    const { time, unit, playing } = store.get();
    if (!playing) store.set({ hover: { time, unit, ...point } });
  },
  leave: () => store.set({ hover: null }),
  pick: actions.pick,
  zoom: (/** @type {[number, number] | null} */ zoom) => {
    const before = store.get().zoom;
    if (zoom?.[0] !== before?.[0] || zoom?.[1] !== before?.[1]) store.set({ zoom });
  },
};
const showPanels = createPanels(panels, plotEvents);
const point = createPointer(/** @type {HTMLElement} */ (document.querySelector("footer")));

/** @param {State} state @param {State} before */
function show(state, before) {
  const t = translate();
  const form = { t, state, set: store.set, draft };
  const moved = state !== before && sameBut(CURSOR, state, before);
  if (state === before || !sameBut(INSIDE, state, before)) showSurroundings(form);
  render(element("player"), player.bar({ ...form, ...actions }));
  showTour(form, before);
  const layer = layerOf(state);
  const isMissing = missingOf(state).length > 0;
  document.body.toggleAttribute("data-missing", isMissing);
  document.body.toggleAttribute("data-stale", isStale(state));
  render(element("missing"), missing.card({ ...form, start: workspaces.begin }));
  if (isMissing) render(element("step"));
  if (!state.run || !layer || isMissing) return;
  if (!moved) render(element("origin"), origin.line(form));
  if (layer !== layerOf(before) || state.language !== before.language) {
    gatesPlot.ariaLabel = description(state.run, layer, t);
  }
  if (!moved || state.unit !== before.unit)
    render(element("about"), state.tab === "gates" && about.card({ ...form, tour: tour.start }));
  showPanels(form, palette());
  if (state.tab === "gates") {
    if (!moved || state.unit !== before.unit) showLinesAndRanking(form);
    render(element("coloured-text"), colouredText.panel(form, layer, cursorOf(state), shownSteps(state)));
  }
  render(element("step"), stepPanel.panel(form, state.run, layer, cursorOf(state)));
  if (!state.playing) announce(state);
}

/** @param {(keyof State)[]} names @param {State} state @param {State} before */
function sameBut(names, state, before) {
  const keys = /** @type {(keyof State)[]} */ (Object.keys(state));
  return keys.every((name) => state[name] === before[name] || names.includes(name));
}

/** @param {Form} form @param {State} before */
function showTour(form, before) {
  const { state } = form;
  const stop = stopOf(state.tour);
  const guide = stop && {
    ...{ name: stop.name, number: state.tour ?? 1, stops: STOPS.length, told: told(state), value: HELD },
    isStrayed: isStrayed(state, url.URL_DEFAULTS),
    wasElsewhere: state.beforeTour !== null && isElsewhere(state.beforeTour, url.URL_DEFAULTS),
    ...tour,
  };
  render(element("tour"), guide && tourCard.card(form, guide));
  if (!stop && before.tour === null) return;
  const isNew = state.tour !== before.tour || state === before;
  requestAnimationFrame(() => {
    const isLed = stop && !guide?.isStrayed;
    point(isLed ? state.tour : null, isLed ? stop.points : []); // which is drawn by then
    if (isNew) focusTour(state.tour);
  });
}

/** Onto the card when it comes, and back to where it is begun when it goes. @param {number | null} stop */
function focusTour(stop) {
  if (document.activeElement?.closest("#tour")) return;
  const where =
    stop === null
      ? (document.getElementById("tour-start") ?? document.querySelector("#toolbar #help"))
      : element("tour-title");
  if (stop !== null || document.activeElement === document.body) /** @type {HTMLElement | null} */ (where)?.focus();
}

/** All that no step of the cursor changes. @param {Form} form */
function showSurroundings(form) {
  const { t, state } = form;
  document.documentElement.lang = state.language;
  document.documentElement.dataset.theme = state.theme;
  document.body.ariaBusy = String(state.running);
  for (const [id, name] of Object.entries(REGIONS)) element(id).ariaLabel = t(name);
  render(element("toolbar"), toolbar.bar({ ...form, ...toolbarActions }));
  render(element("inputs"), inputs({ ...form, ...modelActions, ...sequenceActions }));
  const fields = [...document.querySelectorAll("#inputs [data-field]")].map((node) => node.getAttribute("data-field"));
  render(element("alert"), alert.lines({ ...form, ...modelActions }, /** @type {string[]} */ (fields)));
  render(element("drops"), dropOverlay.overlay(form, drops.kinds));
  render(element("messages"), messageLines.list({ ...form, undo, hide: messages.hide }));
  render(
    element("tabs"),
    tabBar.bar(
      form,
      TABS.map(({ name }) => name),
    ),
  );
  if (!state.run) return;
  render(element("layers"), layers.choice(form));
}

/** @param {Form} form */
function showLinesAndRanking(form) {
  const { t, state } = form;
  linesPlot.ariaLabel = t(`lines.described_${state.lines}`, {
    unit: state.unit,
    quantity: t(`quantity.${state.quantity}`),
    units: state.units.join(", "),
  });
  render(element("lines-controls"), lines.controls(form));
  render(element("ranking"), ranking.panel(form));
}

/** @param {import("./views/sequence_form.js").SequenceForm & import("./views/model_form.js").ModelForm} form */
function inputs(form) {
  const parts = [h("section", null, sequenceForm.fields(form)), h("section", null, modelForm.fields(form))];
  return h(
    "details",
    { key: "inputs", ...(WIDE.matches && { open: true }) },
    h("summary", null, form.t("inputs.title")),
    parts,
  );
}

/** Says the chosen step and unit, for who listens; a passing hover is not said. @param {State} state */
function announce(state) {
  const { run, time, unit } = state;
  const layer = layerOf(state);
  if (!layer || time >= (run?.sequence.steps ?? 0)) return;
  const t = translate();
  const told = QUANTITIES.filter((name) => unit < (layer[name].shape[1] ?? 0));
  const values = told.map((name) => `${t(`quantity.${name}`)} ${decimal(at(layer[name], time, unit))}`);
  render(element("live"), `${t("step.title", { time, unit })}: ${values.join(", ")}`);
}

store.subscribe(show);
if (view.refused?.length === 0) history.replaceState(null, "", location.pathname + searchOf(store.get()));
if (database) sweep(database);
store.subscribe((state, before) => {
  for (const name of PREFERENCES)
    if (state[name] !== before[name]) localStorage.setItem(`gatescope.${name}`, state[name]);
});
createHistory(store, usual, (state, search) => {
  const { values } = url.read(search);
  return { ...resolved(values, [...candidatesOf(state), ...examples]), ...crossing(state, values.tour ?? null) };
});
listenToKeys(document, { ...actions, help: openHelp, leave: tour.end });
addEventListener("pagehide", deletions.finishAll);
new ResizeObserver(() => store.set({ width: chartWidth() })).observe(panels);
listenToDrops(document, store, drops.receive);
show(store.get(), store.get());
await Promise.all([run(), catalogues.fetch()]);
