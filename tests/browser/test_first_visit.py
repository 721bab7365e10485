import re

import httpx
import numpy as np
import pytest
from playwright.sync_api import expect
from tests.browser.page import Open, heatmaps
from tests.wire import COUNTING, QUANTITIES

VIEWS = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_first_visit_shows_six_heatmaps_of_a_real_run(
    ready: Open, client: httpx.Client, view: str, theme: str, language: str
) -> None:
    page = ready(viewport=VIEWS[view], color_scheme=theme, locale=language)
    answer = client.post("/api/v1/traces", json=COUNTING).json()
    for drawn, name in zip(heatmaps(page), QUANTITIES, strict=True):
        assert np.allclose(drawn, answer["layers"][0][name], rtol=0, atol=1e-6)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.locator("#agreement")).to_contain_text("torch.nn.LSTM")
    expect(page.locator("#step h3")).to_have_count(6)
    brightness = page.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g)[0]")
    assert (int(brightness) > 128) == (theme == "light")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing stands out to the right"


def test_a_reader_of_another_language_gets_english(ready: Open) -> None:
    expect(ready(locale="fr").locator("html")).to_have_attribute("lang", "en")


def test_language_and_theme_are_switched_and_remembered(ready: Open) -> None:
    page = ready()
    page.get_by_role("button", name="한국어").click()
    page.get_by_role("button", name="어두운 테마").click()
    expect(page.get_by_role("heading", name="시퀀스")).to_be_visible()
    assert page.evaluate("document.getElementById('gates').layout.annotations.some(a => a.text === '망각 게이트')")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_api_documentation_works_without_a_network(open_page: Open) -> None:
    page = open_page("/docs")
    expect(page.get_by_text("/api/v1/traces")).to_be_visible(timeout=15_000)


def test_the_charts_have_text_alternatives(ready: Open) -> None:
    page = ready()
    gates = page.get_by_role("img", name="Heatmaps of 6 units over 80 steps.")
    expect(gates).to_have_attribute("aria-label", compile_all(QUANTITIES))
    expect(page.get_by_role("img", name="Line plots of the three gates")).to_be_attached()


def compile_all(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(".*".join(f"The {name.replace('_', ' ')} lies between" for name in names))
