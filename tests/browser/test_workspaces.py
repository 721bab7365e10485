"""What the reader typed, dropped and chose outlives reloads, second tabs, tours, failed requests and the browser."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserType, FilePayload, Page, Playwright, expect
from tests.browser.page import Open, another_run, settle

TEXT = "/?model=random&source=text"
NUMBERS = "/?model=random&source=numbers&scaling=none"
CSV: FilePayload = {"name": "prices.csv", "mimeType": "text/csv", "buffer": b"open,close\n1,2\n3,5\n8,13\n"}


def typed(page: Page, text: str) -> None:
    with another_run(page):
        page.locator("#sequence-text").fill(text)


def kept(page: Page) -> None:
    """Waits until the workspace is written: what is on screen is then in the address, and the list holds it."""
    page.evaluate(
        """async () => {
             const done = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
             const database = await done(indexedDB.open("gatescope"));
             for (let isKept = false; !isKept; await new Promise(resolve => { setTimeout(resolve, 50); })) {
               const all = await done(database.transaction("workspaces").objectStore("workspaces").getAll());
               isKept = all.some(({search}) => search === location.search);
             }
             database.close();
           }"""
    )


def another_tab(page: Page, path: str = "/") -> Page:
    tab = page.context.new_page()
    tab.goto(path)
    settle(tab)
    return tab


def text_of(page: Page) -> str:
    return page.locator("#sequence-text").input_value()


def workspaces(page: Page) -> list[str]:
    """The titles in the menu, which is left open."""
    page.get_by_role("button", name="Workspace").click()
    titles = page.locator("#workspaces .workspace-title span")
    expect(titles.first).to_be_visible()
    return titles.all_inner_texts()


def test_two_tabs_keep_a_text_each(ready: Open) -> None:
    first = ready(TEXT)
    typed(first, "of the first tab")
    kept(first)
    second = another_tab(first)
    assert text_of(second) == "of the first tab"  # a copy of the newest to begin with
    typed(second, "of the second tab")
    kept(second)
    for tab in (first, second):
        tab.reload()
        settle(tab)
    assert [text_of(first), text_of(second)] == ["of the first tab", "of the second tab"]


def test_a_duplicated_tab_becomes_a_workspace_of_its_own(ready: Open) -> None:
    first = ready(TEXT)
    typed(first, "the original")
    kept(first)
    with first.context.expect_page() as opened:
        first.evaluate("() => window.open(location.href)")  # which copies what the tab holds for itself
    second = opened.value
    settle(second)
    typed(second, "the copy")
    kept(second)
    first.reload()
    settle(first)
    assert text_of(first) == "the original"


def test_the_newest_workspace_opens_by_default_and_an_older_one_can_be_picked_or_removed(ready: Open) -> None:
    page = ready(TEXT)
    typed(page, "the older one")
    kept(page)
    tab = another_tab(page)
    typed(tab, "the newer one")
    kept(tab)
    context = page.context
    page.close()
    tab.close()
    page = context.new_page()
    page.goto("/")
    settle(page)
    assert text_of(page) == "the newer one"
    assert workspaces(page) == ["“the newer one”", "“the older one”"]
    page.get_by_role("button", name=re.compile("the older one")).click()
    expect(page.locator("#sequence-text")).to_have_value("the older one")
    settle(page)
    assert len(workspaces(page)) == 2
    page.get_by_role("button", name="Remove this workspace").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Remove this workspace").click()
    page.keyboard.press("Escape")
    expect(page.locator("#workspaces")).to_be_hidden()
    assert workspaces(page) == ["“the older one”"]
    page.locator("#new-workspace").click()
    settle(page)
    expect(page.get_by_label("Which LSTM").locator("option:checked")).to_have_text("aⁿbⁿ: counting")


def test_a_dropped_file_and_what_was_chosen_around_it_survive_a_reload(ready: Open) -> None:
    page = ready(NUMBERS)
    with another_run(page):
        page.get_by_label("Choose a file").set_input_files(CSV)
    with another_run(page) as answer:
        page.get_by_label("open", exact=True).uncheck()
    assert answer["sequence"]["features"] == ["close"]
    expect(page.locator("#origin")).to_contain_text("prices.csv")
    kept(page)
    page.reload()
    settle(page)
    expect(page.get_by_label("open", exact=True)).not_to_be_checked()
    expect(page.locator("#origin")).to_contain_text("prices.csv · 3 steps")


def test_a_large_file_survives_a_reload(ready: Open) -> None:
    page = ready(NUMBERS)
    rows = "".join(f"{step % 7},{step % 11}\n" for step in range(19_000))
    file: FilePayload = {"name": "long.csv", "mimeType": "text/csv", "buffer": (rows + " " * 200_000).encode()}
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.locator("#origin")).to_contain_text("long.csv · 19,000 steps")
    kept(page)
    page.reload()
    settle(page)
    expect(page.locator("#inputs .chip")).to_contain_text("long.csv")
    expect(page.locator("#origin")).to_contain_text("long.csv · 19,000 steps")


@pytest.mark.parametrize("database", ["writes what comes last", "drops what comes last"])
def test_what_is_typed_a_moment_before_a_reload_is_there_after_it(ready: Open, database: str) -> None:
    page = ready(TEXT)
    typed(page, "some time ago")
    kept(page)
    page.evaluate(
        """(drops) => {
             const field = document.getElementById("sequence-text");
             field.value = "just now";
             field.dispatchEvent(new InputEvent("input", {bubbles: true}));
             if (drops) IDBDatabase.prototype.transaction = () => { throw new DOMException("gone", "AbortError"); };
             location.reload();
           }""",
        database == "drops what comes last",
    )
    expect(page.locator("#sequence-text")).to_have_value("just now")
    settle(page)
    expect(page.locator("#sequence-text")).to_have_value("just now")
    page.reload()
    settle(page)
    expect(page.locator("#sequence-text")).to_have_value("just now")


def test_what_changes_without_a_pause_is_written_all_the_same(ready: Open) -> None:
    page = ready(TEXT)
    page.evaluate(
        """() => new Promise((resolve, reject) => {
             setTimeout(() => reject(new Error("nothing was written in ten seconds")), 10_000);
             const field = document.getElementById("sequence-text");
             const timer = setInterval(() => {
               field.value += ".";
               field.dispatchEvent(new InputEvent("input", {bubbles: true}));
             }, 50);
             const commit = IDBTransaction.prototype.commit;
             IDBTransaction.prototype.commit = function () {
               commit.call(this);
               clearInterval(timer);
               resolve();
             };
           })"""
    )
    kept(page)
    page.reload()
    settle(page)
    expect(page.locator("#sequence-text")).to_have_value(re.compile(r"\.\.\.$"))


def test_interventions_and_half_typed_fields_survive_a_reload(ready: Open) -> None:
    page = ready(TEXT)
    typed(page, "hold the gate")
    page.get_by_label("Units (hidden size)").fill("none yet")
    page.get_by_role("tab", name="What if").click()
    page.get_by_role("button", name="Hold it open (1)").click()
    expect(page.locator("#what-if")).to_be_visible()
    kept(page)
    page.reload()
    settle(page)
    expect(page.locator("#what-if")).to_be_visible()
    expect(page.get_by_label("Units (hidden size)")).to_have_value("none yet")


def test_a_reload_in_the_middle_of_a_tour_keeps_the_readers_own_work(ready: Open) -> None:
    page = ready(TEXT)
    typed(page, "before the tour")
    page.get_by_role("button", name="Keys and help").click()
    page.locator("dialog").get_by_role("button", name=re.compile("tour")).click()
    expect(page.locator("#tour-title")).to_be_visible()
    page.locator("#tour-next").click()
    kept(page)
    page.reload()
    settle(page)
    expect(page.locator("#tour-title")).to_be_visible()
    page.locator("#tour-end").click()
    expect(page.locator("#sequence-text")).to_have_value("before the tour")
    expect(page.locator("#origin")).to_contain_text("before the tour")


def test_a_failed_request_loses_nothing(ready: Open) -> None:
    page = ready(TEXT, expected="net::ERR")
    typed(page, "the first text")
    page.route("**/api/v1/traces*", lambda route: route.abort("connectionrefused"))
    page.locator("#sequence-text").fill("typed while the server was gone")
    expect(page.locator("#alert")).to_contain_text("The server does not answer")
    expect(page.locator("#origin")).to_contain_text("Not of the present inputs. Last run:")
    expect(page.locator("#origin")).to_contain_text("the first text")
    kept(page)
    page.unroute("**/api/v1/traces*")
    page.reload()
    settle(page)
    assert text_of(page) == "typed while the server was gone"


def test_a_closed_browser_loses_nothing(
    client: httpx.Client, playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> None:
    browser: BrowserType = playwright.chromium
    origin = str(client.base_url).rstrip("/")

    def started() -> Page:
        context = browser.launch_persistent_context(str(tmp_path), locale="en", **browser_type_launch_args)
        page = context.new_page()
        page.goto(origin)
        settle(page)
        return page

    page = started()
    page.goto(origin + TEXT)
    settle(page)
    typed(page, "typed yesterday")
    kept(page)
    page.context.close()
    page = started()
    assert text_of(page) == "typed yesterday"
    page.context.close()


def test_back_brings_back_what_was_typed_before(ready: Open) -> None:
    page = ready(TEXT)
    typed(page, "one")
    kept(page)
    with another_run(page):
        page.get_by_label("Units (hidden size)").fill("4")
    typed(page, "two")
    kept(page)
    with another_run(page):
        page.go_back()
    assert text_of(page) == "one"
    page.reload()
    settle(page)
    with another_run(page):
        page.go_forward()
    assert text_of(page) == "two"


def test_what_is_typed_keeps_its_entry_when_a_choice_follows_at_once(ready: Open) -> None:
    page = ready(TEXT)
    before = page.url
    page.locator("#sequence-text").fill("one")
    page.wait_for_url(lambda url: url != before)
    page.get_by_label("Units (hidden size)").fill("4")
    with another_run(page):
        page.go_back()
    assert text_of(page) == "one"
    expect(page.get_by_label("Units (hidden size)")).to_have_value("16")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Its text of 12 characters is not in this browser"),
        ("ko", "입력한 텍스트(12자)가 이 브라우저에 없습니다."),
    ],
)
def test_a_link_whose_data_the_receiver_lacks_says_so_in_place_of_the_plots(
    ready: Open, open_page: Open, language: str, says: str, theme: str
) -> None:
    sender = ready(TEXT)
    typed(sender, "secret words")
    sender.get_by_label("Units (hidden size)").fill("7")
    sender.get_by_role("tab", name="Memory").click()
    kept(sender)
    link = sender.evaluate("() => location.href")
    assert "secret" not in link
    receiver = open_page(link, locale=language, color_scheme=theme)
    card = receiver.locator("#missing")
    expect(card).to_contain_text(says)
    expect(receiver.locator("#panels")).to_be_hidden()
    expect(receiver.locator("#agreement")).to_have_count(0)
    assert text_of(receiver) == ""
    with receiver.expect_response("**/api/v1/analyses/retention*"):
        receiver.locator("#sequence-text").fill("secret words")
    expect(card).to_be_empty()
    expect(receiver.locator("#retention")).to_be_visible()  # the rest of the view has been kept
    expect(receiver.locator("#model-hidden_size")).to_have_value("7")
    assert receiver.evaluate("() => location.href") == link


def test_a_link_to_the_built_in_example_opens_it_in_any_language(ready: Open) -> None:
    sender = ready(TEXT)
    sender.get_by_label("Units (hidden size)").fill("5")
    sender.wait_for_url("**hidden_size=5*")
    receiver = ready(sender.url, locale="ko")
    assert text_of(receiver) == text_of(sender)


def test_the_plots_say_which_model_and_which_sequence_they_are_of(ready: Open) -> None:
    page = ready("/")
    expect(page.locator("#origin")).to_have_text(re.compile(r"^aⁿbⁿ: counting · aⁿbⁿ: counting, input 0 · \d+ steps$"))
    page = ready("/?model=random&source=signal&steps=40")
    expect(page.locator("#origin")).to_have_text("Untrained LSTM, 16 units, seed 0 · Sunspots · 40 steps")


def test_plots_of_another_input_are_dimmed_under_a_line_that_says_of_which_run_they_are(ready: Open) -> None:
    page = ready(NUMBERS, expected="status of 422")
    with another_run(page):
        page.get_by_label("Choose a file").set_input_files(CSV)
    page.locator("#sequence-text").fill("a,b\n1,2\n3,x")
    expect(page.locator("#origin")).to_have_text(
        "Not of the present inputs. Last run:Untrained LSTM, 16 units, seed 0 · prices.csv · 3 steps"
    )
    assert page.locator("#panels").evaluate("node => Number(getComputedStyle(node).opacity)") < 1
    with another_run(page):
        page.locator("#sequence-text").fill("a,b\n1,2")
    expect(page.locator("#origin")).to_have_text("Untrained LSTM, 16 units, seed 0 · pasted numbers · 1 step")
    assert page.locator("#panels").evaluate("node => Number(getComputedStyle(node).opacity)") == 1


def test_of_a_run_that_is_not_on_screen_no_tab_asks_anything(ready: Open) -> None:
    page = ready(TEXT, expected="net::ERR")
    typed(page, "the first text")
    page.route("**/api/v1/traces*", lambda route: route.abort("connectionrefused"))
    page.locator("#sequence-text").fill("never run")
    expect(page.locator("#origin")).to_contain_text("Last run:")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/analyses/" in request.url else None)
    for tab in ("Memory", "Gradients", "Health"):
        page.get_by_role("tab", name=tab).click()
    page.wait_for_timeout(600)  # longer than the debounce
    assert asked == []
    with page.expect_request("**/analyses/health*") as request:
        page.unroute("**/api/v1/traces*")
    assert "never run" in (request.value.post_data or "")


def test_a_server_that_is_back_is_found_without_a_click(ready: Open) -> None:
    page = ready(TEXT, expected="net::ERR")
    page.context.set_offline(True)
    page.locator("#sequence-text").fill("typed meanwhile")
    expect(page.locator("#alert")).to_contain_text("The server does not answer")
    page.context.set_offline(False)
    expect(page.locator("#origin")).to_contain_text("typed meanwhile")
    expect(page.locator("#alert")).to_be_empty()


def test_a_fault_that_is_not_of_the_run_dims_nothing(ready: Open, tmp_path: Path) -> None:
    page = ready(TEXT, expected="status of 422")
    (tmp_path / "model.pt").write_bytes(b"no model")
    page.get_by_label("Upload a model").set_input_files(tmp_path / "model.pt")
    expect(page.locator("[data-field='model.file']")).to_contain_text("no safetensors")
    expect(page.locator("#origin")).not_to_contain_text("Last run")
    expect(page.locator("body:not([data-stale])")).to_be_visible()
