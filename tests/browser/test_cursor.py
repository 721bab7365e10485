import re

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import UNTRAINED, Open, heatmaps, x_range
from tests.wire import QUANTITIES


def position(page: Page) -> str:
    return page.locator("#player output").inner_text()


def point(page: Page, time: float, unit: float) -> tuple[float, float]:
    """Where a step and unit of the first heatmap are on screen."""
    place: tuple[float, float] = page.evaluate(
        """([time, unit]) => {
             const chart = document.getElementById("gates"), {xaxis, yaxis2, margin} = chart._fullLayout;
             const box = chart.querySelector(".svg-container").getBoundingClientRect(); // within its border
             return [box.left + xaxis._offset + xaxis.d2p(time), box.top + yaxis2._offset + yaxis2.d2p(unit)];
           }""",
        [time, unit],
    )
    return place


def cursor_lines(page: Page) -> list[float]:
    lines: list[float] = page.evaluate(
        """() => ["gates", "lines"].map(id => document.getElementById(id).layout.shapes.at(-1).x0)"""
    )
    return lines


def test_a_click_sets_the_step_and_the_unit(ready: Open) -> None:
    page = ready(UNTRAINED)
    page.mouse.click(*point(page, 120, 9))
    expect(page.locator("#player output")).to_have_text("t 120 / 199 · unit 9")
    expect(page.get_by_role("heading", name="Step 120, unit 9")).to_be_visible()
    assert cursor_lines(page) == [120, 120]


def test_hovering_previews_and_leaving_reverts(ready: Open) -> None:
    page = ready(UNTRAINED)
    page.mouse.move(*point(page, 30, 4))
    expect(page.get_by_role("heading", name="Step 30, unit 4")).to_be_visible()
    assert position(page).startswith("t 78")
    live = page.locator("#live").inner_text()
    page.mouse.move(5, 5)
    expect(page.get_by_role("heading", name="Step 78, unit 0")).to_be_visible()
    assert page.locator("#live").inner_text() == live, "a passing hover is not announced"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["ArrowRight"], "t 79 / 199 · unit 0"),
        (["ArrowLeft", "ArrowLeft"], "t 76 / 199 · unit 0"),
        (["Shift+ArrowRight"], "t 88 / 199 · unit 0"),
        (["Shift+ArrowLeft"], "t 68 / 199 · unit 0"),
        (["Home"], "t 0 / 199 · unit 0"),
        (["Home", "ArrowLeft"], "t 0 / 199 · unit 0"),
        (["End"], "t 199 / 199 · unit 0"),
        (["ArrowDown", "ArrowDown", "ArrowUp"], "t 78 / 199 · unit 1"),
    ],
)
def test_keys_move_the_cursor(ready: Open, keys: list[str], expected: str) -> None:
    page = ready(UNTRAINED)
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator("#player output")).to_have_text(expected)


def test_keys_typed_into_a_field_stay_there(ready: Open) -> None:
    page = ready(UNTRAINED)
    page.get_by_label("Seed", exact=True).press("ArrowRight")
    assert position(page).startswith("t 78")


def test_the_slider_moves_the_cursor(ready: Open) -> None:
    page = ready(UNTRAINED)
    slider = page.get_by_role("slider", name="Time step")
    slider.fill("150")
    expect(page.locator("#player output")).to_contain_text("t 150")
    slider.press("Shift+ArrowRight")
    expect(page.locator("#player output")).to_contain_text("t 160")


def test_play_moves_on_and_stops(ready: Open) -> None:
    page = ready("/?model=random&source=signal&time=190")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#player output")).to_contain_text("t 199", timeout=5_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_the_step_is_worked_out_with_the_numbers_of_the_run(ready: Open, client: httpx.Client) -> None:
    page = ready("/?model=random&source=signal&time=42&unit=7")
    request = {
        "model": {"type": "random", "hidden_size": 16, "initialisation": "xavier", "forget_bias": 1, "seed": 0},
        "sequence": {"type": "signal", "name": "sunspots", "steps": 200, "scaling": "zscore"},
    }
    layer = client.post("/api/v1/traces", json=request).json()["layers"][0]
    for name in QUANTITIES:
        shown = page.locator(f"[data-quantity={name}] output").inner_text().replace("−", "-")
        assert float(shown) == pytest.approx(layer[name][42][7], abs=5.1e-4)
        assert page.locator(f"[data-quantity={name}] math").count() >= 2
    assert float(page.locator("#step .check.good").get_attribute("data-difference") or "nan") < 1e-6


def test_the_cursor_is_announced(ready: Open) -> None:
    page = ready(UNTRAINED)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#live")).to_contain_text("Step 79, unit 0: forget gate 0.")
    expect(page.locator("#live")).to_have_attribute("aria-live", "polite")


def test_zooming_by_keys_and_by_drag_moves_both_charts(ready: Open) -> None:
    page = ready(UNTRAINED)
    page.keyboard.press("+")
    page.wait_for_function("document.getElementById('lines')._fullLayout.xaxis.range[1] < 199")
    assert x_range(page, "gates") == x_range(page, "lines") == [27.5, 127.5]
    page.keyboard.press("0")
    page.wait_for_function("document.getElementById('lines')._fullLayout.xaxis.range[1] === 199.5")
    start, end = point(page, 60, 5), point(page, 100, 5)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    page.wait_for_function("document.getElementById('lines')._fullLayout.xaxis.range[1] < 110")
    assert x_range(page, "gates") == x_range(page, "lines")
    page.wait_for_url("**zoom=*")
    assert len(heatmaps(page)[0]) == 200


def test_lines_show_several_units_of_one_quantity(ready: Open) -> None:
    page = ready(UNTRAINED)
    page.get_by_role("button", name="One quantity, several units").click()
    page.get_by_label("Quantity").select_option("output gate")
    page.get_by_label("Units", exact=True).fill("0, 3, 7-9")
    page.wait_for_function("document.getElementById('lines').data.length === 5")
    drawn = page.evaluate("document.getElementById('lines').data.map(trace => [trace.name, trace.y[42]])")
    gate = heatmaps(page)[3]
    assert drawn == [[f"unit {unit}", gate[42][unit]] for unit in (0, 3, 7, 8, 9)]
    page.get_by_label("Units", exact=True).fill("16")
    expect(page.get_by_text("Name units from 0 to 15")).to_be_visible()


def test_help_lists_the_keys_and_closes(ready: Open) -> None:
    page = ready(UNTRAINED)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_every_control_is_reached_and_named_with_the_keyboard_alone(ready: Open) -> None:
    page = ready(UNTRAINED)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const e = document.activeElement;
                 return e === document.body ? "" : e.ariaLabel || e.labels?.[0]?.textContent || e.textContent; }"""
        )
        if name == "":
            break
        assert name.strip(), page.evaluate("document.activeElement.outerHTML")
        reached.add(name.strip())
    expected = {
        "Run",
        "Share",
        "한국어",
        "Dark theme",
        "Keys and help",
        "Signal",
        "Numbers",
        "Text",
        "Steps",
        "Scaling",
    }
    expected |= {
        "Units (hidden size)",
        "Initialisation",
        "Forget bias",
        "Seed",
        "Draw another seed",
        "Time step",
        "Play",
    }
    expected |= {"One unit, six quantities", "One quantity, several units", "Zoom in at the cursor", "Show all steps"}
    assert expected <= reached


def test_a_long_run_is_drawn_with_no_more_cells_than_pixels_and_a_zoom_shows_every_step(
    ready: Open, client: httpx.Client
) -> None:
    page = ready("/?model=random&source=signal&signal=noise&steps=5000&hidden_size=4&time=2500&unit=1")
    width = page.evaluate("document.getElementById('gates')._fullLayout.xaxis._length")
    assert all(len(drawn) <= width for drawn in heatmaps(page))
    expect(page.locator("#gates .xtitle, #gates .x7title").last).to_contain_text("each column shows")
    page.mouse.click(*point(page, 1234, 2))
    time, unit = _chosen(page)
    assert abs(time - 1234) <= 3 * 5000 / width  # three pixels: the frame of the chart, and a cell
    assert unit == 2
    request = {
        "model": {"type": "random", "hidden_size": 4, "initialisation": "xavier", "forget_bias": 1, "seed": 0},
        "sequence": {"type": "signal", "name": "noise", "steps": 5000, "scaling": "zscore", "seed": 0},
    }
    forget_gate = client.post("/api/v1/traces", json=request).json()["layers"][0]["forget_gate"]
    expect(page.locator('[data-quantity="forget_gate"] header output')).to_have_text(f"{forget_gate[time][2]:.3f}")
    for _ in range(5):
        page.locator("#zoom_in").click()
    page.wait_for_function(
        "() => document.getElementById('gates').data.find(trace => trace.type === 'heatmap').dx === 1"
    )
    (first, _), drawn = x_range(page), heatmaps(page)[0]
    assert drawn[0] == pytest.approx(forget_gate[round(first + 0.5)], abs=1e-6)
    assert len(drawn) < 200


def _chosen(page: Page) -> tuple[int, int]:
    found = re.search(r"t ([\d,]+) / .* (\d+)$", position(page))
    assert found
    return int(found[1].replace(",", "")), int(found[2])
