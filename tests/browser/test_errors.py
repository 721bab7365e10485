import re

import httpx
import pytest
from playwright.sync_api import FilePayload, Page, Route, expect
from tests.browser.page import UNTRAINED, Open, another_run, heatmaps

REFUSED = "status of 422"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Row 3, column 2 holds “x”, which is not a number."),
        ("ko", "3행 2열의 값이 숫자가 아닙니다: “x”"),
    ],
)
def test_a_wrong_cell_is_named_beside_the_numbers_and_nothing_is_lost(ready: Open, language: str, said: str) -> None:
    page = ready("/?model=random&source=numbers", locale=language, expected=REFUSED)
    before = heatmaps(page)
    numbers = page.locator("#sequence-text")
    numbers.fill("a,b\n1,2\n3,x")
    expect(page.locator("#sequence-text-error")).to_have_text(said)
    expect(numbers).to_have_value("a,b\n1,2\n3,x")
    expect(numbers).to_have_attribute("aria-invalid", "true")
    assert heatmaps(page) == before
    expect(page.locator(".status")).to_contain_text("plots show the last run" if language == "en" else "지난번 결과")
    with another_run(page):
        numbers.fill("a,b\n1,2\n3,4")
    expect(page.locator("#sequence-text-error")).to_be_hidden()


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("Units (hidden size)", "2000", "A whole number from 1 to 1,024 is needed."),
        ("Units (hidden size)", "1.5", "A whole number from 1 to 1,024 is needed."),
        ("Steps", "310", "A whole number from 1 to 309 is needed."),
        ("Seed", "", "A whole number from 0 to 4,294,967,295 is needed."),
        ("Forget bias", "one", "A number from −10 to 10 is needed."),
    ],
)
def test_a_value_out_of_bounds_stays_as_typed_and_is_not_sent(ready: Open, label: str, typed: str, said: str) -> None:
    page = ready(UNTRAINED)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/api/" in request.url else None)
    field = page.get_by_label(label, exact=True)
    field.fill(typed)
    expect(page.get_by_text(said)).to_be_visible()
    expect(field).to_have_value(typed)
    page.wait_for_timeout(400)  # longer than the debounce
    assert sent == []


def test_a_trace_beyond_the_servers_limits_says_the_limit(ready: Open) -> None:
    page = ready("/?model=random&source=signal&signal=noise&steps=2000", expected=REFUSED)
    page.get_by_label("Units (hidden size)").fill("1024")
    expect(page.locator("#alert")).to_contain_text("the server’s limit is 6,000,000")


def test_a_file_beyond_the_servers_limit_is_not_sent(ready: Open) -> None:
    page = ready("/?model=random&source=numbers")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/api/" in request.url else None)
    content: FilePayload = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"1,2\n" * (13 * 2**18)}
    page.get_by_label("Choose a file").set_input_files(content)
    expect(page.get_by_text("The file has 13,631,488 bytes; this server takes up to 12,582,912.")).to_be_visible()
    assert sent == []


def test_an_empty_field_asks_for_input_and_keeps_the_plots(ready: Open) -> None:
    page = ready("/?model=random&source=text")
    before = heatmaps(page)
    page.locator("#sequence-text").fill("")
    expect(page.get_by_text("Type or paste a text.")).to_be_visible()
    assert heatmaps(page) == before


def test_a_late_answer_to_an_old_request_is_dropped(ready: Open) -> None:
    page = ready(UNTRAINED)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/api/v1/traces*", hold_the_first)
    page.get_by_label("Units (hidden size)").fill("3")
    expect(page.get_by_text("Running…")).to_be_visible()
    with another_run(page) as answer:
        page.get_by_label("Units (hidden size)").fill("4")
    assert answer["model"]["hidden_size"] == 4
    assert len(heatmaps(page)[0][0]) == 4


def test_the_page_goes_on_working_while_a_request_runs(ready: Open) -> None:
    page = ready(UNTRAINED)
    held: list[Route] = []
    page.route("**/api/v1/traces*", lambda route: held.append(route))
    page.get_by_label("Units (hidden size)").fill("3")
    expect(page.get_by_text("Running…")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("aria-busy", "true")
    page.locator("#next").click()
    expect(page.locator("#player output")).to_contain_text("t 79")
    held[0].continue_()
    expect(page.locator("#agreement")).to_be_visible()


def test_a_server_that_is_gone_is_named_and_nothing_is_lost(ready: Open) -> None:
    page = ready(UNTRAINED, expected="net::ERR")
    page.route("**/api/v1/traces*", lambda route: route.abort("connectionrefused"))
    page.get_by_label("Units (hidden size)").fill("7")
    expect(page.locator("#alert")).to_have_text("The server does not answer. Is it still running?")
    expect(page.locator(".status")).to_have_text("The server does not answer; the plots show the last run.")
    page.unroute("**/api/v1/traces*")
    with another_run(page):
        page.get_by_role("button", name="Run").click()
    expect(page.locator("#alert")).to_be_empty()


def test_plots_of_the_present_inputs_are_not_dimmed_while_the_server_is_gone(ready: Open) -> None:
    page = ready(UNTRAINED, expected="net::ERR")
    page.context.set_offline(True)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".status")).to_contain_text("does not answer")
    expect(page.locator("body")).not_to_have_attribute("data-stale", "")
    page.get_by_label("Units (hidden size)").fill("7")
    expect(page.locator("body")).to_have_attribute("data-stale", "")


@pytest.mark.parametrize("path", ["/", UNTRAINED, "/?model=zoo&task=sunspots&source=signal"])
def test_a_page_that_opened_while_the_server_was_gone_is_whole_after_run(open_page: Open, path: str) -> None:
    page = open_page("/docs", expected="net::ERR")
    page.route("**/api/v1/*", lambda route: route.abort("connectionrefused"))
    page.goto(path)
    expect(page.locator(".status")).to_have_text("The server does not answer.")
    expect(page.locator("#alert")).to_contain_text("The server does not answer. Is it still running?")
    page.unroute("**/api/v1/*")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#agreement")).to_be_visible()
    expect(page.get_by_label("Which LSTM").locator("option", has_text="counting")).to_have_count(1)
    expect(page.locator("#alert")).to_be_empty()


def test_an_address_that_is_not_understood_is_said(ready: Open) -> None:
    page: Page = ready("/?model=random&source=signal&hidden_size=many&steps=50")
    expect(page.locator("#alert")).to_contain_text("hidden_size")
    assert len(heatmaps(page)[0]) == 50


def test_no_place_of_the_page_shows_an_untranslated_key(ready: Open, client: httpx.Client) -> None:
    keys = client.get("/i18n/en.json").json()
    page = ready(UNTRAINED)
    for source in ("Numbers", "Text", "Signal"):
        with another_run(page):
            page.get_by_role("group", name="Sequence").get_by_role("button", name=source).click()
        text = page.locator("body").inner_text()
        assert [key for key in keys if re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.])", text)] == []
