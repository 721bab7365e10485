"""A language is loaded when it is shown; until its texts are here, or where they do not come, the old one stays."""

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.page import Open

KOREAN = "**/i18n/ko.json"
LOADED = """() => performance.getEntriesByType("resource").map(({ name }) => name.match(/i18n\\/(.*)\\.json$/)?.[1])
    .filter(Boolean)"""


def words(page: Page) -> str:
    """All that stands around the plots."""
    return page.locator("#toolbar").inner_text() + page.locator("#inputs").inner_text()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_only_the_language_that_is_shown_is_loaded(ready: Open, language: str) -> None:
    page = ready(locale=language)
    assert page.evaluate(LOADED) == [language]
    page.locator("#language").click()
    expect(page.locator("html")).not_to_have_attribute("lang", language)
    assert sorted(page.evaluate(LOADED)) == ["en", "ko"]


def test_while_a_language_is_on_its_way_the_page_stays_in_the_old_one(ready: Open) -> None:
    page = ready()
    before = words(page)
    held: list[Route] = []
    page.route(KOREAN, lambda route: held.append(route))
    with page.expect_request(KOREAN):
        page.get_by_role("button", name="한국어").click()
    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert words(page) == before
    expect(page.locator("html")).to_have_attribute("lang", "en")
    held[0].continue_()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("heading", name="시퀀스")).to_be_visible()


def test_where_a_language_cannot_be_loaded_the_page_says_so_and_goes_on(ready: Open) -> None:
    page = ready(expected="net::ERR")
    page.route(KOREAN, lambda route: route.abort("connectionrefused"))
    page.get_by_role("button", name="한국어").click()
    expect(page.locator(".status")).to_contain_text("could not be loaded")
    page.get_by_label("Seed of the input").fill("1")
    expect(page.locator("#origin")).to_contain_text("input 1")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.unroute(KOREAN)
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
