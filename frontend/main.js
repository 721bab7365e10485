/** The composition root: creates the parts of the page and connects them; nothing imports it. */

import { DEFAULTS, FIRST_VIEW } from "./address/all_properties.js";
/** @import {State} from "./state/state.js" */
import { createHistory, isChoice } from "./address/history.js";
import * as url from "./address/url.js";
import { createLanguages } from "./base/languages.js";
import { createStore } from "./base/store.js";
import { createPalette } from "./charts/palette.js";
import { load as loadPlots } from "./charts/plot.js";
import { createForm } from "./controls/form.js";
import { createInputs } from "./inputs/inputs.js";
import { createDrops } from "./page/drops/drops.js";
import { listenToDrops } from "./page/drops/listener.js";
import { createNotices } from "./page/notices/notices.js";
import { createActions } from "./page/player/actions.js";
import { listenToKeys } from "./page/player/keys.js";
import { keepPreferences, preferences } from "./page/preferences.js";
import { createScreen } from "./page/screen.js";
import { createDownloads } from "./page/toolbar/downloads.js";
import { createHelp } from "./page/toolbar/help.js";
import { isThere, postAnalysis, postTrace, streamAnalysis } from "./server/api.js";
import { createAsker } from "./server/asker.js";
import { createCatalogues, needsCatalogues } from "./server/catalogues.js";
import { createReconnection } from "./server/reconnection.js";
import { createRunner } from "./server/runner.js";
import { createMessages } from "./state/messages.js";
import { resolved } from "./state/raw_data.js";
import { TABS } from "./tabs/tabs.js";
import { createSilencing } from "./tabs/what_if/silencing.js";
import { createTour } from "./tour/tour.js";
import { openDatabase } from "./workspace/database.js";
import { openWorkspace, sweep } from "./workspace/opening.js";
import { candidatesOf } from "./workspace/record.js";
import { examplesIn, openedView } from "./workspace/view.js";
import { createWorkspace } from "./workspace/workspace.js";

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
const initial = /** @type {State} */ ({ ...usual, ...DEFAULTS, ...first, ...view, width: chartWidth() });
const store = languages.waiting(createStore(initial), () => notify("notice.language_not_loaded"));
const translate = () => languages.wordsOf(store.get().language);
const paletteOf = createPalette();
const palette = () => paletteOf(store.get().theme);
const searchOf = (/** @type {State} */ state) => url.write(state, usual);

const actions = createActions(store);
const tour = createTour(store, FIRST_VIEW);
const { notify, copy } = createNotices(store);
const messages = createMessages(store);
const inputs = createInputs(store, messages, examples);
const workspaces = createWorkspace(store, database, opened, { isChoice, searchOf, notify });
const drops = createDrops(store, { ...inputs.actions, openSession: workspaces.openSession }, (key, names) =>
  messages.show({ id: key, key, context: { names: names.join(", ") } }),
);

const plots = loadPlots();
const catalogues = createCatalogues(store, inputs.modelList);
/** Waits for the library that draws, too. @type {typeof postTrace} */
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
const formOf = createForm(store, translate);
const surroundings = {
  toolbar: { run, help, ...downloads, saveSession: workspaces.saveSession, workspaces },
  inputs: inputs.actions,
  messages: { undo: inputs.deletions.undoAndFocus, hide: messages.hide },
  kinds: drops.kinds,
};
const canvas = { palette, startTour: tour.start, begin: workspaces.begin, plotEvents: actions.plotEvents };
const draw = createScreen(element, { surroundings, player: actions, tour, canvas }, FIRST_VIEW);
const show = (/** @type {State} */ state, /** @type {State} */ before) => draw(formOf(state), before);

store.subscribe(show);
if (view.refused?.length === 0) history.replaceState(null, "", location.pathname + searchOf(store.get()));
if (database) sweep(database);
keepPreferences(store);
createHistory(store, usual, (state, search) => {
  const { values } = url.read(search);
  return { ...resolved(values, [...candidatesOf(state), ...examples]), ...tour.crossing(state, values.tour ?? null) };
});
listenToKeys(document, { ...actions, help, leave: tour.end });
listenToDrops(document, store, drops.receive);
addEventListener("pagehide", inputs.deletions.finishAll);
new ResizeObserver(() => store.set({ width: chartWidth() })).observe(panels);
show(store.get(), store.get());
await Promise.all([run(), catalogues.fetch()]);
