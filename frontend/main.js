/** The composition root: creates the parts of the page and connects them; nothing imports it. */

/** @import {State} from "./state/state.js" */
import { createHistory, isChoice } from "./address/history.js";
import * as url from "./address/url.js";
import { render } from "./base/dom.js";
import { createLanguages } from "./base/languages.js";
import { createStore } from "./base/store.js";
import { load as loadPlots } from "./charts/plot.js";
import { createDeletions } from "./inputs/deletions.js";
import { createModelList } from "./inputs/model_list.js";
import { createModelActions } from "./inputs/models.js";
import { createSequenceActions } from "./inputs/sequences.js";
import { createActions } from "./page/actions.js";
import { createCanvas } from "./page/canvas.js";
import { createDownloads } from "./page/downloads.js";
import { createDrops, listenToDrops } from "./page/drops.js";
import { createGuide } from "./page/guide.js";
import { createHelp } from "./page/help.js";
import { listenToKeys } from "./page/keys.js";
import { createNotices } from "./page/notices.js";
import { createPalette } from "./page/palette.js";
import * as player from "./page/player.js";
import { keepPreferences, preferences } from "./page/preferences.js";
import { createSurroundings } from "./page/surroundings.js";
import { createTour, crossing } from "./page/touring.js";
import { deleteModel, isThere, postAnalysis, postTrace, streamAnalysis } from "./server/api.js";
import { createAsker } from "./server/asker.js";
import { createCatalogues, needsCatalogues } from "./server/catalogues.js";
import { createReconnection } from "./server/reconnection.js";
import { createRunner } from "./server/runner.js";
import { BEGINNING } from "./state/beginning.js";
import { createMessages } from "./state/messages.js";
import { resolved } from "./state/raw_data.js";
import { createDrafts, sameBut } from "./state/state.js";
import { TABS } from "./tabs/tabs.js";
import { createSilencing } from "./tabs/what_if/silencing.js";
import { createWorkspaceActions } from "./workspace/actions.js";
import { openDatabase } from "./workspace/database.js";
import { createFinder, createKeeper } from "./workspace/keeper.js";
import { openWorkspace, sweep } from "./workspace/opening.js";
import { candidatesOf } from "./workspace/record.js";
import { examplesIn, openedView } from "./workspace/view.js";

/** A step of the cursor changes nothing but these, and must be quick. */
const CURSOR = /** @type {(keyof State)[]} */ (["time", "unit", "hover"]);
/** What changes nothing around the plots. */
const INSIDE = /** @type {(keyof State)[]} */ ([...CURSOR, "answers", "silencing"]);

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const panels = element("panels");
const chartWidth = () => panels.clientWidth - 2; // within its border
const fetchExamples = async () => (await fetch("inputs/examples.json")).json();

const [database, examplesOf] = await Promise.all([openDatabase(), fetchExamples()]);
const usual = preferences();
const examples = examplesIn(examplesOf);
const opened = database && (await openWorkspace(database, location.search));
const view = await openedView(database, opened?.workspace ?? null, opened?.search ?? location.search, examples);
const { language = "en" } = { ...usual, ...view };
const languages = createLanguages();
await languages.load(language);
const first = examplesOf[language] ?? examplesOf.en;
const initial = /** @type {State} */ ({ ...usual, ...BEGINNING, ...first, ...view, width: chartWidth() });
const store = languages.waiting(createStore(initial), () => notify("notice.language_not_loaded"));
const translate = () => languages.wordsOf(store.get().language);
const paletteOf = createPalette();
const palette = () => paletteOf(store.get().theme);
const searchOf = (/** @type {State} */ state) => url.write(state, usual);

const actions = createActions(store);
const tour = createTour(store);
const { notify, copy } = createNotices(store);
const messages = createMessages(store);
const modelList = createModelList(store);
const deletions = createDeletions(store, modelList, messages, deleteModel);
const inputs = {
  ...createModelActions(store, modelList),
  ...createSequenceActions(store),
  remove: deletions.removeAndFocus,
  examples,
};
const fail = () => notify("notice.not_kept");
createFinder(store, database);
const keeper = database && opened && createKeeper(store, database, opened, { isChoice, searchOf, fail });
const save = async () => keeper?.save();
const workspaces = createWorkspaceActions(store, database, opened?.id ?? null, { searchOf, save, notify });
const drops = createDrops(store, { ...inputs, openSession: workspaces.openSession }, (key, names) =>
  messages.show({ id: key, key, context: { names: names.join(", ") } }),
);

const plots = loadPlots();
const catalogues = createCatalogues(store, modelList);
/** The first answer may be there before what draws it. @type {typeof postTrace} */
const postAndDraw = async (request, signal) => (await Promise.all([postTrace(request, signal), plots]))[0];
const runner = createRunner(store, postAndDraw);
for (const question of TABS.flatMap(({ questions = [] }) => questions)) createAsker(store, question, postAnalysis);
createSilencing(store, streamAnalysis);
async function run() {
  if (needsCatalogues(store.get())) await catalogues.fetch();
  await runner.run();
}
createReconnection(store, isThere, run);

const help = createHelp(/** @type {HTMLDialogElement} */ (element("help")), translate, tour.start);
const downloads = createDownloads(store, { palette, translate, copy });
const showSurroundings = createSurroundings(element, {
  toolbar: { run, help, ...downloads, saveSession: workspaces.saveSession, workspaces },
  inputs,
  messages: { undo: deletions.undoAndFocus, hide: messages.hide },
  kinds: drops.kinds,
});
const showTour = createGuide(element("tour"), /** @type {HTMLElement} */ (document.querySelector("footer")), tour);
const page = { palette, startTour: tour.start, begin: workspaces.begin, plotEvents: actions.plotEvents };
const showCanvas = createCanvas(element, page);
const draft = createDrafts(store);

/** @param {State} state @param {State} before */
function show(state, before) {
  const form = { t: translate(), state, set: store.set, draft };
  const isFirst = state === before;
  if (isFirst || !sameBut(INSIDE, state, before)) showSurroundings(form);
  render(element("player"), player.bar({ ...form, ...actions }));
  showTour(form, before);
  showCanvas(form, before, !isFirst && sameBut(CURSOR, state, before));
}

store.subscribe(show);
if (view.refused?.length === 0) history.replaceState(null, "", location.pathname + searchOf(store.get()));
if (database) sweep(database);
keepPreferences(store);
createHistory(store, usual, (state, search) => {
  const { values } = url.read(search);
  return { ...resolved(values, [...candidatesOf(state), ...examples]), ...crossing(state, values.tour ?? null) };
});
listenToKeys(document, { ...actions, help, leave: tour.end });
listenToDrops(document, store, drops.receive);
addEventListener("pagehide", deletions.finishAll);
new ResizeObserver(() => store.set({ width: chartWidth() })).observe(panels);
show(store.get(), store.get());
await Promise.all([run(), catalogues.fetch()]);
