"""The tab What if: interventions and changes, and their consequences beside the plain run."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect
from tests.browser.page import UNTRAINED, Open, answer_to, answers_drawn

HELD = "/?tab=whatif&hold=f*5*0.9"
MODEL = {"type": "zoo", "name": "anbn"}
SEQUENCE = {"type": "task", "name": "anbn", "seed": 0}


def sent(response: Response) -> dict[str, Any]:
    """What was asked for."""
    asked: dict[str, Any] = json.loads(response.request.post_data or "")
    return asked


def settled(page: Page) -> None:
    expect(page.locator("#what-if-result")).not_to_be_empty()
    answers_drawn(page, "whatif", "what-if")


def lines(page: Page) -> list[list[float]]:
    """The chosen unit before and after, as drawn."""
    drawn: list[list[float]] = json.loads(
        page.evaluate(
            """() => JSON.stringify(document.getElementById("what-if").data
                 .filter(trace => / · unit \\d+$/.test(trace.name)).map(trace => [...trace.y]))"""
        )
    )
    return drawn


def test_a_preset_holds_the_forget_gate_and_shows_before_and_after(ready: Open) -> None:
    page = ready("/?tab=whatif&unit=5")
    expect(page.locator("#panel-whatif .empty")).to_contain_text("Nothing is held yet")
    with page.expect_response(answer_to("what_if")) as response:
        page.get_by_role("button", name="Hold the forget gate of unit 5 at 0.9").click()
    assert sent(response.value)["interventions"] == [
        {
            **{"quantity": "forget_gate", "value": 0.9, "units": [5], "first": 0, "last": None},
            **{"layer": 0, "direction": "forward"},
        }
    ]
    settled(page)
    before, after = lines(page)
    assert before != after
    expect(page.locator("#what-if-result")).to_contain_text(
        "The output changes by at most 0.981: the probability of “b” at step 16."
    )
    expect(page.locator("#what-if-result")).to_contain_text("The mean surprise at what came next")
    expect(page.locator("#what-if-predictions")).to_contain_text(re.compile(r"^[1-9]\d* of 80 predictions change"))
    step = page.locator("#panel-whatif tbody button").first
    time = step.inner_text()
    step.click()
    expect(page.locator("#player .position")).to_contain_text(f"{time} ")


def test_the_steps_of_an_intervention_are_marked(ready: Open) -> None:
    page = ready(f"{HELD}*20*50")
    settled(page)
    shapes = page.evaluate("() => document.getElementById('what-if').layout.shapes")
    assert [(shape["x0"], shape["x1"]) for shape in shapes if shape.get("fillcolor")] == [(19.5, 50.5)]
    before, after = lines(page)
    assert before[:20] == after[:20]
    assert before[20:51] != after[20:51]
    page.keyboard.press("ArrowRight")
    expect(page.locator("#player .position")).to_contain_text("t 15 ")
    moved = page.evaluate("() => document.getElementById('what-if').layout.shapes.filter(shape => shape.fillcolor)")
    assert len(moved) == 1, "the cursor moves alone"


def test_a_link_reopens_it_and_back_undoes_it(ready: Open) -> None:
    page = ready("/?tab=whatif")
    page.get_by_role("button", name="Silence unit 5 (h = 0)").click()
    page.wait_for_url(re.compile(r"hold=h\*5\*0"))
    settled(page)
    said = page.locator("#what-if-result").inner_text()
    page.wait_for_timeout(1100)  # what follows at once is the same entry of the history
    page.get_by_role("button", name="Set the forget bias").click()
    page.wait_for_url(re.compile(r"change=fb\*0"))
    page.go_back()
    expect(page.get_by_label("Forget bias of units")).to_have_count(0)
    again = ready(page.url)
    settled(again)
    assert again.locator("#what-if-result").inner_text() == said
    expect(again.get_by_role("textbox", name="Units")).to_have_value("5")
    page.go_back()
    expect(page.locator("#panel-whatif .empty")).to_be_visible()


def test_a_wrong_unit_says_so_beside_its_row_and_nothing_typed_is_lost(ready: Open) -> None:
    page = ready(f"{HELD}_h*0*0", expected="422")
    settled(page)
    rows = page.locator(".what-if-row")
    units = rows.nth(1).get_by_label("Units")
    with page.expect_response(re.compile("/analyses/what_if")) as response:
        units.fill("0, 99")
    assert response.value.status == 422
    expect(rows.nth(1)).to_contain_text("There is no unit 99; the last one is 5.")
    expect(rows.nth(0)).not_to_contain_text("99")
    expect(units).to_have_value("0, 99")
    units.fill("0, x")
    expect(rows.nth(1)).to_contain_text("Name units such as 0, 3, 7-9")
    expect(units).to_have_value("0, x")
    rows.nth(0).get_by_role("button", name="Remove").click()
    expect(page.locator(".what-if-row")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Units")).to_have_value("0, x")
    with page.expect_response(answer_to("what_if")):
        page.get_by_role("textbox", name="Units").fill("0")
    settled(page)


def test_a_row_is_switched_off_and_on_by_the_keyboard_alone(ready: Open) -> None:
    page = ready("/?tab=whatif")
    page.locator("[data-preset=close]").focus()
    page.keyboard.press("Enter")
    settled(page)
    box = page.get_by_label("on", exact=True)
    for _ in range(30):
        if box.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#panel-whatif .empty")).to_be_visible()
    assert "off" in page.url
    page.keyboard.press("Space")
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".what-if-row")).to_have_count(0)


def test_a_value_is_typed_as_people_type_it(ready: Open) -> None:
    page = ready(HELD)
    settled(page)
    value = page.get_by_label("at", exact=True)
    value.fill("")
    value.press_sequentially("0.25")
    expect(value).to_have_value("0.25")
    page.wait_for_url(re.compile(r"hold=f\*5\*0\.25"))
    last = page.get_by_label("to step")
    expect(last).to_have_attribute("placeholder", "the end")
    last.fill("9")
    page.wait_for_url(re.compile(r"hold=f\*5\*0\.25\*\*9"))


def test_one_weight_is_changed_with_what_it_is_now_in_sight(ready: Open) -> None:
    page = ready("/?tab=whatif&unit=5")
    page.get_by_role("button", name="Change one weight").click()
    row = page.locator(".what-if-row")
    expect(row.get_by_label("Row")).to_have_value("11")
    now = page.request.post("/api/v1/traces?weights=true", data={"model": MODEL, "sequence": SEQUENCE}).json()
    weight = now["model"]["state_dict"]["weight_hh_l0"][11][5]
    expect(row).to_contain_text(f"now {weight:.3f} · forget gate of unit 5".replace("-", "−"))
    settled(page)
    with page.expect_response(answer_to("what_if")) as response:
        row.get_by_label("Weight in").select_option("bias_ih_l0")
    assert sent(response.value)["changes"] == [
        {"type": "weight", "name": "bias_ih_l0", "row": 11, "column": None, "value": 0}
    ]
    expect(row.get_by_label("Column")).to_have_count(0)


def test_another_start_changes_the_first_step(ready: Open) -> None:
    page = ready("/?tab=whatif&start=c*5*2")
    settled(page)
    before, after = lines(page)
    assert before[0] != after[0]
    assert page.get_by_label("Start from", exact=True).input_value() == "cell_state"


def test_each_unit_is_silenced_in_turn_ranked_and_may_be_held(ready: Open) -> None:
    page = ready("/?tab=whatif")
    page.locator("#silence").click()
    rows = page.locator("#silenced tbody tr")
    expect(rows).to_have_count(6)
    changes = [float(text) for text in page.locator("#silenced tbody td:nth-child(2)").all_inner_texts()]
    assert changes == sorted(changes, reverse=True)
    expect(page.locator("#silenced-score")).to_contain_text("100.0 %")

    def row(unit: int) -> Locator:
        return rows.filter(has=page.get_by_role("button", name=f"unit {unit}", exact=True))

    counter = row(5)
    expect(counter).to_contain_text("85.0 %")
    for other in range(5):
        expect(row(other)).to_contain_text("100.0 %")
    row(3).get_by_role("button", name="unit 3", exact=True).click()
    expect(page.locator("#step h2")).to_have_text("Step 14, unit 3")
    counter.get_by_role("button", name="Silence unit 5 (h = 0)").click()
    page.wait_for_url(re.compile(r"hold=h\*5\*0"))
    settled(page)


def test_progress_is_told_and_cancel_ends_it(ready: Open) -> None:
    page = ready("/?tab=whatif&model=random&source=signal&signal=noise&steps=4000&hidden_size=64&unit=0")
    silence = page.locator("#silence")
    silence.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".silencing [role=status]")).to_have_text(re.compile(r"^\d+ of 64$"))
    expect(page.get_by_role("progressbar", name="Silence each unit in turn")).to_be_visible()
    expect(silence).to_have_text("Cancel")
    expect(silence).to_be_focused()
    with page.expect_event("requestfailed", lambda request: "/analyses/silencing" in request.url):
        page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(silence).to_have_text("Silence each unit in turn")
    expect(page.locator("#silenced")).to_have_count(0)


def test_the_page_says_when_the_connection_breaks(ready: Open) -> None:
    page = ready("/?tab=whatif", expected="Failed to load resource")
    page.route("**/analyses/silencing", lambda route: route.abort())
    page.locator("#silence").click()
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    expect(page.locator("#silence")).to_have_text("Silence each unit in turn")


def test_the_charts_keep_their_height_when_the_window_changes_its_own(ready: Open) -> None:
    page = ready(HELD)
    settled(page)
    chart = page.locator("#what-if")
    height = chart.evaluate("element => element.clientHeight")
    page.set_viewport_size({"width": 1440, "height": 700})
    page.wait_for_timeout(600)
    assert chart.evaluate("element => element.clientHeight") == height


@pytest.mark.parametrize("path", [f"{HELD}_h*0-2-4*0&change=whh0*7*1*0&start=c*5*2", f"{UNTRAINED}&tab=whatif"])
def test_nothing_is_wider_than_a_narrow_screen(ready: Open, path: str) -> None:
    page = ready(path, viewport={"width": 390, "height": 844}, locale="ko")
    expect(page.get_by_role("tab", name="만약에")).to_be_visible()
    if "hold" in path:
        settled(page)
    page.locator("#silence").click()
    expect(page.locator("#silenced")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
