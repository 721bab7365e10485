"""The tab about health: saturated gates as dots, and what stands out in sentences that link to the units."""

from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Response, expect
from tests.browser.page import UNTRAINED, Open, answers_drawn

from gatescope.analysis import Thresholds

GATES = ("forget_gate", "input_gate", "output_gate")
HEALTH = "/?tab=health"
SENTENCE = "The cell state of unit 5 is saturated: |tanh(C)| is above 0.97 for 55 % of the steps."


def settled(page: Page) -> None:
    answers_drawn(page, "health", *(f"saturation-{gate}" for gate in GATES))


def dots(page: Page, gate: str) -> dict[str, list[Any]]:
    """Where the units stand."""
    found: dict[str, list[Any]] = page.evaluate(
        """gate => {
             const { x, y } = document.getElementById(`saturation-${gate}`).data.find(({ meta }) => meta === "units");
             return { open: [...x], shut: [...y] };
           }""",
        gate,
    )
    return found


def asks_health(exchange: Request | Response) -> bool:
    return "/analyses/health" in exchange.url


def open_thresholds(page: Page) -> None:
    page.locator("#panel-health summary").first.click()


def threshold(page: Page, label: str) -> Any:
    return page.locator("#panel-health").get_by_label(label)


def test_each_unit_is_a_dot_at_its_shares_of_the_plotted_gates(ready: Open) -> None:
    page = ready("/")
    gates = page.evaluate(
        """() => document.getElementById("gates").data.filter(({ type, meta }) => type === "heatmap" && !meta)
             .map(({ z }) => z.map(row => [...row]))"""
    )
    page.get_by_role("tab", name="Health").click()
    settled(page)
    for gate, place in zip(GATES, (0, 1, 3), strict=True):
        units = list(zip(*gates[place], strict=True))
        found = dots(page, gate)
        assert found["open"] == pytest.approx([sum(value > 0.9 for value in unit) / len(unit) for unit in units])
        assert found["shut"] == pytest.approx([sum(value < 0.1 for value in unit) / len(unit) for unit in units])


def test_what_stands_out_is_said_and_its_unit_is_a_link_that_the_keyboard_reaches(ready: Open) -> None:
    page = ready(f"{HEALTH}&unit=2")
    settled(page)
    finding = page.locator(".findings li")
    expect(finding.locator("p").first).to_have_text(SENTENCE)
    link = finding.get_by_role("button", name="unit 5")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#step h2")).to_have_text("Step 14, unit 5")
    expect(link).to_have_attribute("aria-pressed", "true")
    expect(link).to_be_focused()
    assert "unit=" not in page.url, "it is the usual one"
    expect(page.locator("#panel-health thead th").first).to_have_text("unit 5")
    page.get_by_role("button", name="Show unit 5 under Gates").click()
    expect(page.get_by_role("tab", name="Gates")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#step h2")).to_have_text("Step 14, unit 5")


def test_a_click_on_a_dot_chooses_its_unit(ready: Open) -> None:
    page = ready(HEALTH)
    settled(page)
    page.locator("#saturation-forget_gate .points path").nth(2).click(force=True)
    expect(page.locator("#step h2")).to_have_text("Step 14, unit 2")
    chosen = page.evaluate("() => document.getElementById('saturation-forget_gate').data[1].x.length")
    assert chosen == 1
    found = dots(page, "forget_gate")
    row = page.locator("#panel-health tbody tr").first
    expect(row).to_contain_text(f"{100 * found['open'][2]:.0f}%")


def test_the_page_asks_with_the_thresholds_that_the_server_has(ready: Open) -> None:
    page = ready("/")
    with page.expect_request(asks_health) as asked:
        page.get_by_role("tab", name="Health").click()
    request: Any = asked.value.post_data_json
    assert request["thresholds"] == asdict(Thresholds())


def test_a_threshold_is_changed_kept_in_the_address_and_reset(ready: Open) -> None:
    page = ready(HEALTH)
    settled(page)
    open_thresholds(page)
    with page.expect_response(asks_health):
        threshold(page, "Saturated: share of steps, more than").fill("0.9")
    expect(page.locator("#panel-health")).to_contain_text("Nothing stands out at these thresholds.")
    expect(page.locator("#panel-health summary").first).to_have_text("Thresholds (1 changed)")
    assert "thresholds=saturated*share%7E0.9" in page.url
    page.reload()
    settled(page)
    expect(page.locator("#panel-health")).to_contain_text("Nothing stands out at these thresholds.")
    open_thresholds(page)
    page.get_by_role("button", name="Back to the usual ones").click()
    expect(page.locator(".findings li p").first).to_have_text(SENTENCE)
    assert "thresholds" not in page.url
    page.go_back()
    expect(page.locator("#panel-health")).to_contain_text("Nothing stands out at these thresholds.")


def test_the_thresholds_of_the_gates_move_the_dots_and_what_is_said_of_them(ready: Open) -> None:
    page = ready(f"{HEALTH}&thresholds=left~0.4_right~0.6")
    settled(page)
    found = dots(page, "forget_gate")
    assert all(0 <= opened + shut <= 1 + 1e-6 for opened, shut in zip(found["open"], found["shut"], strict=True))
    expect(page.locator("#saturation-forget_gate .xtitle")).to_have_text("open: steps above 0.6")
    expect(page.locator("#saturation-forget_gate .ytitle")).to_have_text("shut: steps below 0.4")
    expect(page.locator("#panel-health thead")).to_contain_text("open (> 0.6)")


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("Shut: a gate below", "0.95", "A number from 0 to 0.9 is needed."),
        ("Open: a gate above", "0.05", "A number from 0.1 to 1 is needed."),
        ("Held there", "98", "A number from 0 to 1 is needed."),
        ("Drifts: |C| rises", "a lot", "A number from 0 to 1,000 is needed."),
        ("Steps needed", "2.5", "A whole number from 1 to 10,000 is needed."),
    ],
)
def test_a_wrong_threshold_is_said_beside_its_field_and_not_sent(
    ready: Open, label: str, typed: str, said: str
) -> None:
    page = ready(HEALTH)
    settled(page)
    open_thresholds(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if asks_health(request) else None)
    field = threshold(page, label)
    field.fill(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"[id='{field.get_attribute('aria-describedby')}']")).to_have_text(said)
    page.wait_for_timeout(500)
    assert asked == []
    expect(page.locator(".findings li p").first).to_have_text(SENTENCE)


def test_thresholds_that_no_form_would_take_are_refused_in_the_address(ready: Open) -> None:
    page = ready(f"{HEALTH}&thresholds=left~0.9_right~0.1")
    expect(page.locator("#alert")).to_contain_text("thresholds")
    settled(page)
    expect(page.locator(".findings li p").first).to_have_text(SENTENCE)


def test_in_korean_the_units_are_listed_as_korean_does(ready: Open) -> None:
    page = ready(f"{HEALTH}&task=quotes", locale="ko")
    settled(page)
    expect(page.locator(".findings li p").first).to_have_text(
        "유닛 18 및 22: 셀 상태가 포화되어 있습니다. 전체 시점의 91–97%에서 |tanh(C)| 값이 0.97보다 큽니다."
    )


def test_of_too_few_steps_no_unit_is_judged(ready: Open) -> None:
    page = ready(f"{UNTRAINED}&tab=health&steps=5")
    settled(page)
    expect(page.locator("#panel-health")).to_contain_text("The sequence has 5 steps.")


@pytest.mark.parametrize("path", [HEALTH, f"{UNTRAINED}&tab=health&forget_bias=6"])
def test_nothing_is_wider_than_a_narrow_screen(ready: Open, path: str) -> None:
    page = ready(path, viewport={"width": 390, "height": 844}, locale="ko")
    settled(page)
    open_thresholds(page)
    expect(page.get_by_role("tab", name="진단")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
