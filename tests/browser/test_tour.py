"""The guided tour: who follows it sees which unit counts, which gate lets it, and what holding that gate does."""

import math
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import UNTRAINED, Open, another_run, heatmaps, settle
from tests.texts import TEXTS
from tests.wire import COUNTING

STOPS = ("task", "output", "unit", "cell", "written", "kept", "held", "on")
HELD = {"quantity": "forget_gate", "layer": 0, "direction": "forward", "first": 0, "last": None}


class Truth:
    """What the server says of the example, worked out here anew."""

    def __init__(self, client: httpx.Client) -> None:
        run = client.post("/api/v1/traces", json=COUNTING).json()
        self.text = "".join(run["sequence"]["characters"])
        counted = {"hypothesis": {"type": "count", "plus": "a", "minus": "b"}, "quantity": "cell_state"}
        ranking = client.post("/api/v1/analyses/ranking", json={**COUNTING, **counted}).json()
        self.unit, self.held_out = (ranking["units"][0][name] for name in ("unit", "held_out"))
        layer = run["layers"][0]
        self.forget_gate, self.cell_state = (
            [row[self.unit] for row in layer[name]] for name in ("forget_gate", "cell_state")
        )
        answer = self.what_if(client, 0.9)
        self.held_cell = [row[self.unit] for row in answer["second"]]
        self.never_emptied = [row[self.unit] for row in self.what_if(client, 1)["second"]]
        names = answer["output"]["names"]
        self.before, self.after = (
            [(max(zip(row, names, strict=True))) for row in answer["output"][which]] for which in ("first", "second")
        )
        self.changed = [time for time in range(len(self.text)) if self.before[time][1] != self.after[time][1]]
        word = re.search(r"\.(a+)(b+)(?=\.)", self.text)
        assert word
        self.peak, self.end = word.end(1) - 1, word.end(2) - 1

    def what_if(self, client: httpx.Client, value: float) -> dict[str, Any]:
        held = {**HELD, "value": value, "units": [self.unit]}
        asked = {"interventions": [held], "layer": 0, "direction": "forward", "quantity": "cell_state"}
        answer: dict[str, Any] = client.post("/api/v1/analyses/what_if", json={**COUNTING, **asked}).json()
        return answer


@pytest.fixture(scope="module")
def truth(client: httpx.Client) -> Truth:
    return Truth(client)


def told(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def expect_stop(page: Page, name: str, language: str) -> None:
    """Waits until a stop is there, with what it points at in sight."""
    expect(page.locator("#tour-title")).to_have_text(TEXTS[language][f"tour.{name}.title"].replace("{value}", "0.9"))
    expect(page.locator("#tour .busy")).to_have_count(0)
    expect(page.locator("[data-pointed]").first).to_be_visible()
    # All of what is pointed at or, where it is higher than that, its beginning.
    page.wait_for_function(
        """() => {
             const bottom = document.querySelector("footer").getBoundingClientRect().top;
             const pointed = [...document.querySelectorAll("[data-pointed]:not(#inputs)")];
             const rects = pointed.map(element => element.getBoundingClientRect());
             const top = Math.min(...rects.map(r => r.top)), last = Math.max(...rects.map(r => r.bottom));
             return rects.length > 0 && top >= -1 && (last <= bottom + 1 || top <= 80);
           }"""
    )


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page = page

    def begin(self) -> None:
        self.page.locator("#tour-start").click()

    def open_answer(self) -> None:
        self.page.locator("#tour summary").click()

    def go_on(self) -> None:
        self.page.locator("#tour-next").click()


class Keyboard:
    """No more than the keys that every reader has: Tab and Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def move_to(self, selector: str, key: str = "Tab") -> None:
        for _ in range(60):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{selector} is not reached by {key}")

    def begin(self) -> None:
        self.move_to("#tour-start")
        self.page.keyboard.press("Enter")

    def open_answer(self) -> None:
        is_after = self.page.evaluate("() => document.activeElement.closest('.tour-ways') !== null")
        self.move_to("#tour summary", "Shift+Tab" if is_after else "Tab")
        self.page.keyboard.press("Enter")

    def go_on(self) -> None:
        self.move_to("#tour-next")
        self.page.keyboard.press("Enter")


@pytest.mark.parametrize("way", [Mouse, Keyboard])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_whoever_walks_the_tour_sees_which_unit_counts_what_lets_it_and_what_holding_that_does(
    ready: Open, truth: Truth, language: str, way: type[Mouse | Keyboard]
) -> None:
    page = ready(locale=language, reduced_motion="reduce")
    reader = way(page)
    reader.begin()
    for name in STOPS:
        expect_stop(page, name, language)
        reader.open_answer()
        answer = page.locator("#tour details p")
        expect(answer).to_be_visible()
        expect(answer).not_to_contain_text(TEXTS[language]["answer.asking"])
        if name in CHECKS:
            CHECKS[name](page, truth, answer.inner_text())
        reader.go_on()
    expect(page.locator("#tour")).to_be_empty()
    expect(page.locator("[data-pointed]")).to_have_count(0)
    assert "tour" not in page.url


def check_unit(page: Page, truth: Truth, answer: str) -> None:
    first = page.locator("#ranking tbody tr").first
    expect(first).to_contain_text(re.compile(rf"(unit|유닛) {truth.unit}"))
    expect(first.locator("td").last).to_have_text(told(truth.held_out))
    assert f" {truth.unit}" in answer
    assert told(truth.held_out) in answer


def check_cell(page: Page, truth: Truth, answer: str) -> None:
    drawn = page.evaluate("() => [...document.getElementById('lines').data[4].y]")
    assert all(math.isclose(*pair, abs_tol=1e-6) for pair in zip(drawn, truth.cell_state, strict=True))
    rises = [time for time in range(1, len(drawn)) if drawn[time] > drawn[time - 1]]
    letters = {time: letter for time, letter in enumerate(truth.text) if letter != "."}
    assert [time for time in letters if letters[time] == "a"] == [time for time in letters if time in rises]
    assert told(truth.cell_state[truth.peak]) in answer
    assert told(truth.cell_state[truth.end]) in answer
    expect(page.locator("#step [data-quantity=cell_state] output")).to_have_text(told(truth.cell_state[truth.peak]))


def check_written(page: Page, truth: Truth, answer: str) -> None:
    for _ in range(truth.end):
        page.keyboard.press("ArrowRight")
        if page.locator("#player .position").inner_text().count("“b”"):
            break
    candidate = page.locator("#step [data-quantity=candidate] output")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    value = candidate.inner_text()
    assert value.startswith("−")
    assert value in answer, "the answer names a step that the reader can go to"


def check_kept(page: Page, truth: Truth, answer: str) -> None:
    drawn = page.evaluate("() => [...document.getElementById('retention').data.find(d => d.type === 'scatter').y]")
    assert all(math.isclose(*pair, abs_tol=1e-6) for pair in zip(drawn, truth.forget_gate, strict=True))
    inside = truth.forget_gate[2 : truth.end + 1]
    assert min(inside) > 0.85, "near 1 while it counts"
    assert truth.forget_gate[truth.end + 1] < 0.1, "and near 0 at the full stop"
    text = page.locator(".tour-words").inner_text()
    for value in (min(inside), max(inside)):
        assert told(value) in text
    assert f"{100 * math.prod(truth.forget_gate[truth.peak + 1 : truth.end + 1]):.0f}%" in text
    assert told(truth.forget_gate[truth.end + 1]) in answer


def check_held(page: Page, truth: Truth, answer: str) -> None:
    early = truth.changed[0]
    assert truth.peak < early < truth.end, "the first word ends too early"
    assert truth.after[early][1] == "."
    row = page.locator("#what-if-predictions + table tbody tr").first
    before, after = truth.before[early], truth.after[early]
    expect(row).to_contain_text(f"t {early}")
    expect(row).to_contain_text(f"“{before[1]}” {told(before[0])}")
    expect(row).to_contain_text(f"“{after[1]}” {told(after[0])}")
    expect(page.locator("#what-if-predictions")).to_contain_text(str(len(truth.changed)))
    assert truth.held_cell[truth.peak] < truth.cell_state[truth.peak], "the count leaks"
    for number in (early, truth.end - early, len(truth.changed)):
        assert re.search(rf"\b{number}(?!\d)", answer)
    for value in (truth.held_cell[truth.peak], truth.cell_state[truth.peak]):
        assert told(value) in answer


def check_on(page: Page, truth: Truth, _answer: str) -> None:
    text = page.locator(".tour-words").inner_text()
    assert re.search(rf"\b{truth.unit}\b|유닛 {truth.unit}", text)
    stops = [time for time, letter in enumerate(truth.text) if letter == "."]
    drifting = [truth.never_emptied[time] for time in stops]
    assert drifting[1:] == sorted(drifting[1:], reverse=True), "lower from full stop to full stop: it drifts away"
    assert min(drifting) < 2 * min(truth.cell_state)


CHECKS = {
    **{"unit": check_unit, "cell": check_cell, "written": check_written},
    **{"kept": check_kept, "held": check_held, "on": check_on},
}


def test_a_link_opens_a_stop_and_back_goes_to_the_one_before(ready: Open) -> None:
    page = ready("/?tour=2", reduced_motion="reduce")
    expect_stop(page, "output", "en")
    expect(page.locator("#tour-title")).to_be_focused()
    for _ in range(2):
        page.locator("#tour-next").click()  # at once: no stop is skipped in the history
    expect_stop(page, "cell", "en")
    page.go_back()
    expect_stop(page, "unit", "en")
    page.go_back()
    expect_stop(page, "output", "en")
    page.go_forward()
    expect_stop(page, "unit", "en")
    expect(page.locator("#ranking-detail")).to_have_value("a b")


@pytest.mark.parametrize("leave", ["Esc", "End tour", "Back"])
def test_whoever_has_a_model_and_a_text_of_their_own_gets_both_back(ready: Open, leave: str) -> None:
    page = ready("/?model=random&source=text&hidden_size=5", reduced_motion="reduce")
    with another_run(page):
        page.locator("#sequence-text").fill("my own words")
    page.locator("#sequence-text").blur()
    mine = heatmaps(page)
    page.keyboard.press("?")
    page.get_by_role("button", name="A short tour").click()
    expect_stop(page, "task", "en")
    expect(page.locator("#tour")).to_contain_text("Your own model and sequence come back")
    page.locator("#tour-next").click()
    expect_stop(page, "output", "en")
    if leave == "Back":
        page.go_back()
        expect_stop(page, "task", "en")
        page.go_back()
    elif leave == "Esc":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name=leave).click()
    expect(page.locator("#tour")).to_be_empty()
    expect(page.locator("#sequence-text")).to_have_value("my own words")
    settle(page)
    page.wait_for_function(
        "() => document.getElementById('gates').data.find(d => d.type === 'heatmap').z.length === 12"
    )
    assert heatmaps(page) == mine


def test_the_arrow_keys_move_the_cursor_and_escape_closes_a_menu_first(ready: Open) -> None:
    page = ready("/?tour=1", reduced_motion="reduce")
    expect_stop(page, "task", "en")
    page.locator("#tour-next").click()
    expect_stop(page, "output", "en")
    time = int(re.findall(r"t (\d+)", page.locator("#player .position").inner_text())[0])
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#player .position")).to_contain_text(f"t {time - 1} ")
    page.get_by_role("button", name="Save ▾").click()
    page.keyboard.press("Escape")
    expect(page.locator("#downloads")).to_be_hidden()
    expect_stop(page, "output", "en")
    page.locator("#tour-next").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_empty()
    expect(page.locator("#tour-start")).to_be_focused()


def test_whoever_goes_elsewhere_is_led_back_and_keeps_it_at_the_end(ready: Open) -> None:
    page = ready("/?tour=4", reduced_motion="reduce")
    expect_stop(page, "cell", "en")
    page.get_by_role("tab", name="Memory").click()
    page.get_by_role("button", name="Back to this stop").click()
    expect_stop(page, "cell", "en")
    with another_run(page):
        page.get_by_label("Which LSTM").select_option("Quotes and brackets")
    expect(page.locator("#tour")).to_contain_text("The tour waits here")
    page.get_by_role("button", name="End tour").click()
    expect(page.locator("#about h2")).to_contain_text("Quotes")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_on_a_narrow_screen_nothing_pointed_at_is_hidden_by_the_card(ready: Open, language: str) -> None:
    page = ready("/?tour=1", viewport={"width": 390, "height": 844}, locale=language, reduced_motion="reduce")
    for name in STOPS:
        expect_stop(page, name, language)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
        card = page.locator("#tour").bounding_box()
        assert card
        assert card["height"] < 844 / 2
        page.locator("#tour-next").click()


def test_a_plain_visit_has_no_tour_and_offers_it(ready: Open) -> None:
    page = ready()
    expect(page.locator("#tour-start")).to_have_text("Tour")
    expect(page.locator("#tour")).to_be_empty()
    page.goto(UNTRAINED)
    settle(page)
    expect(page.locator("#tour-start")).to_have_count(0)
