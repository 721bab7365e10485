"""The tabs, and the one about memory: what a unit keeps, and which step wrote what is in its cell."""

import json
import math
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import UNTRAINED, Open, answer_to, answers_drawn, x_range

CONSTANT = "/?tab=memory&model=random&initialisation=xavier&forget_bias=2&signal=impulse&source=signal&steps=30"


def settled(page: Page) -> None:
    answers_drawn(page, "memory", "writes", "retention", "half-lives")


def trace(page: Page, chart: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        page.evaluate(
            """([chart, kind]) => JSON.stringify(
                 document.getElementById(chart).data.find(trace => trace.type === kind),
                 (_key, value) => ArrayBuffer.isView(value) ? [...value] : value)""",
            [chart, kind],
        )
    )
    return found


def test_a_tab_is_opened_by_click_and_by_the_arrow_keys_and_back_closes_it(ready: Open) -> None:
    page = ready()
    gates, memory = page.get_by_role("tab", name="Gates"), page.get_by_role("tab", name="Memory")
    expect(gates).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Gates")).to_be_visible()
    memory.click()
    settled(page)
    expect(page.get_by_role("tabpanel", name="Memory")).to_be_visible()
    expect(page.locator("#gates")).to_be_hidden()
    assert "tab=memory" in page.url
    page.go_back()
    expect(page.locator("#gates")).to_be_visible()
    gates.focus()
    position = page.locator("#player .position").inner_text()
    page.keyboard.press("ArrowRight")
    expect(memory).to_be_focused()
    expect(memory).to_have_attribute("aria-selected", "true")
    assert page.locator("#player .position").inner_text() == position, "the arrow moved the tab, not the cursor"
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(gates).to_be_focused()


def test_a_closed_tab_asks_for_nothing(ready: Open) -> None:
    page = ready()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/analyses/" in request.url else None)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert asked == []


def test_what_the_steps_wrote_is_drawn_summed_and_named(ready: Open) -> None:
    page = ready("/?tab=memory&time=14&unit=5")
    settled(page)
    bars = trace(page, "writes", "bar")
    cell = page.evaluate(
        "() => Number(document.querySelector('#step').innerText.match(/cell state\\s+(−?[\\d.]+)/)[1])"
    )
    assert math.isclose(sum(bars["y"]), cell, abs_tol=2e-3)
    assert all(part == 0 for part in bars["y"][15:])
    expect(page.locator("#writes-sum")).to_contain_text("C after step 14 = 3.330 = 0.000 left of the start + 3.330")
    rows = page.locator("#panel-memory tbody tr")
    expect(rows.nth(1)).to_contain_text("t 13 “b”")
    with page.expect_response(answer_to("writes")):
        rows.nth(1).get_by_role("button").click()
    expect(page.locator("#player .position")).to_contain_text("t 13 ")
    expect(page.locator("#writes-sum")).to_contain_text("C after step 13 =")


def test_the_triangle_holds_the_products_of_the_forget_gates(ready: Open) -> None:
    page = ready(CONSTANT)
    settled(page)
    triangle, gate = trace(page, "retention", "heatmap"), trace(page, "retention", "scatter")["y"]
    assert triangle["x"] == triangle["y"] == list(range(30))
    kept = [list(row.values()) if isinstance(row, dict) else row for row in triangle["z"]]
    assert math.isclose(kept[4][9], math.prod(gate[5:10]), rel_tol=1e-5)
    assert kept[7][7] == 1
    assert kept[9][4] is None


def test_zooming_in_asks_for_the_steps_on_screen(ready: Open) -> None:
    page = ready("/?tab=memory&model=random&source=signal&signal=sine&steps=2000&time=400&unit=3")
    settled(page)
    shown = trace(page, "retention", "heatmap")
    assert (len(shown["x"]), shown["x"][0], shown["x"][-1]) == (300, 0, 1999)
    with page.expect_response(answer_to("retention")):
        for _ in range(4):
            page.keyboard.press("+")
    page.wait_for_function(
        "() => document.getElementById('retention').data.find(d => d.type === 'heatmap').x.length < 300"
    )
    first, last = (round(end) for end in x_range(page, "retention"))
    shown = trace(page, "retention", "heatmap")
    assert abs(shown["x"][0] - first) <= 1
    assert abs(shown["x"][-1] - last) <= 1
    assert x_range(page, "writes") == x_range(page, "retention")


def test_a_dot_and_a_name_choose_their_unit(ready: Open) -> None:
    page = ready("/?tab=memory&time=14&unit=5")
    settled(page)
    expect(page.locator("#panel-memory .links button").first).to_have_text("unit 5 · 3.08")
    page.locator("#panel-memory .links button").nth(1).click()
    expect(page.locator("#step h2")).to_have_text("Step 14, unit 2")
    settled(page)
    page.locator("#half-lives .points path").nth(4).click(force=True)
    expect(page.locator("#step h2")).to_have_text("Step 14, unit 4")
    expect(page.locator("#panel-memory h2").nth(1)).to_have_text("How long unit 4 remembers")


def test_a_click_in_the_triangle_moves_the_cursor_to_the_later_step(ready: Open) -> None:
    page = ready("/?tab=memory&time=14&unit=5")
    settled(page)
    page.locator("#retention").scroll_into_view_if_needed()
    box = page.locator("#retention .nsewdrag").last.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25)
    expect(page.locator("#player .position")).to_contain_text(re.compile(r"t (59|60) "))
    expect(page.locator("#step h2")).to_contain_text("unit 5")


@pytest.mark.parametrize("path", ["/?tab=memory", f"{UNTRAINED}&tab=memory"])
def test_nothing_is_wider_than_a_narrow_screen(ready: Open, path: str) -> None:
    page = ready(path, viewport={"width": 390, "height": 844}, locale="ko")
    settled(page)
    expect(page.get_by_role("tab", name="기억")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
