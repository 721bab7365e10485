"""Every way in meets every question: models of strangers walk through every place of the page, and once more."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import Open, another_run, settle
from tests.browser.places import PLACES, hidden_states_and_output
from tests.browser.strangers import STRANGERS, Stranger
from tests.browser.walk import Walk
from tests.conftest import running_server

from gatescope.web.settings import Settings

TABS = """async () => (await import("/tabs/tabs.js")).TABS.map(({name, charts, questions = [], options = []}) => [name,
  {charts: Object.keys(charts), questions: questions.map(({name}) => name), options: options.map(({key}) => key)}])"""


class Server:
    """A server that can be stopped and started anew, on the same port and with the same stored models."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data_dir=str(data))
        self.stack = ExitStack()
        self.client = self.stack.enter_context(running_server(self.settings))

    def stop(self) -> None:
        self.stack.close()

    def start(self) -> None:
        self.stack.enter_context(running_server(self.settings, self.client.base_url.port or 0))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data")
    yield server
    server.stop()


@pytest.fixture
def client(server: Server) -> httpx.Client:
    """The server that the page is opened on."""
    return server.client


def upload(page: Page, stranger: Stranger) -> Walk:
    """The way in: the model, then what belongs to it."""
    walk = Walk(page, stranger)
    with another_run(page):
        page.get_by_label("Upload a model").set_input_files(stranger.file)
    if stranger.table:
        page.get_by_role("button", name="Numbers", exact=True).click()
        with another_run(page):
            page.get_by_label("Choose a file").set_input_files(stranger.table)
    else:
        assert stranger.vocabulary
        page.locator("#sequence-text").or_(page.locator("#model-vocabulary-input")).first.wait_for(state="attached")
        page.get_by_label("Add a vocabulary").set_input_files(stranger.vocabulary)
        expect(page.locator("#inputs")).to_contain_text("Vocabulary of")
        with another_run(page):
            page.locator("#sequence-text").fill(stranger.text)
    walk.listen()
    return walk


def again(walk: Walk) -> None:
    """Every tab shows what it showed before."""
    for tab in dict.fromkeys(each.tab for each in PLACES):
        walk.page.locator(f"#tab-{tab}").click()
        asked = {"whatif", "compare"}  # only when something is held, or kept
        walk.settled(*(chart for each in PLACES if each.tab == tab not in asked for chart in each.charts))
        expect(walk.panel(tab).locator(".error:visible")).to_have_count(0)
    walk.page.locator("#tab-gates").click()
    hidden_states_and_output(walk)
    assert walk.refused == []


@pytest.mark.parametrize("name", STRANGERS)
def test_a_model_of_a_stranger_meets_every_question(open_page: Open, server: Server, tmp_path: Path, name: str) -> None:
    page = open_page(expected="Failed to load resource")
    settle(page)
    walk = upload(page, STRANGERS[name](tmp_path))
    for each in PLACES:
        each.visit(walk)
    page.reload()
    again(walk)
    server.stop()
    page.locator("#tab-memory").click()
    page.keyboard.press("ArrowDown")
    walk.is_refused(walk.panel("memory").locator(".error:visible").first, "The server does not answer", status=None)
    server.start()
    page.get_by_role("button", name="Run", exact=True).click()
    again(walk)


def test_no_tab_chart_question_or_choice_is_left_out_of_the_walk(open_page: Open) -> None:
    tabs: dict[str, dict[str, list[str]]] = dict(open_page().evaluate(TABS))
    assert {each.tab for each in PLACES} == set(tabs)
    for tab, parts in tabs.items():
        for kind, names in parts.items():
            met = {name for each in PLACES if each.tab == tab for name in getattr(each, kind)}
            assert met - {"silencing"} == set(names), f"{kind} of {tab}"
