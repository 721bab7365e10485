"""The step panel: what pushed each gate, as the server tells it, and the cell update as a picture."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from tests.browser.page import Open, another_run
from tests.wire import COUNTING

QUOTES = {
    "model": {"type": "zoo", "name": "quotes"},
    "sequence": {"type": "task", "name": "quotes", "seed": 0},
}


def pushes(page: Page, gate: str = "forget_gate") -> Locator:
    return page.locator(f"[data-quantity={gate}] .pushed")


def listed(page: Page, gate: str = "forget_gate") -> list[tuple[str, float]]:
    """Names and numbers, as they are read."""
    rows = [row.inner_text().split("\n") for row in pushes(page, gate).locator("li").all()]
    return [(row[0].strip(), number(row[1])) for row in rows if len(row) == 2]


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def bars(page: Page, gate: str = "forget_gate") -> list[float]:
    """The lengths of the bars with their signs, as shares of the largest."""
    drawn: list[float] = page.evaluate(
        """gate => [...document.querySelectorAll(`[data-quantity=${gate}] .pushed .rows rect`)].map(rect =>
             (rect.classList.contains("negative") ? -1 : 1) * rect.width.baseVal.value / 50)""",
        gate,
    )
    return drawn


def told(client: httpx.Client, request: dict[str, Any], **place: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/api/v1/analyses/contributions", json={**request, **place}).json()
    return answer


def by_size(gate: dict[str, Any]) -> list[float]:
    return sorted((part["value"] for part in gate["parts"] if part["value"]), key=abs, reverse=True)


def test_the_bars_are_what_the_server_tells_largest_first_and_their_sum_is_shown(
    ready: Open, client: httpx.Client
) -> None:
    page = ready("/?task=quotes&time=30&unit=3")
    gate = told(client, QUOTES, unit=3, step=30)["gates"]["forget_gate"]
    largest = by_size(gate)
    shown = [*largest[:6], sum(largest[6:])]
    rows = listed(page)
    assert [value for _, value in rows] == pytest.approx(shown, abs=5.1e-4)
    scale = max(map(abs, shown))
    assert bars(page) == pytest.approx([value / scale for value in shown], abs=1e-4)
    assert rows[-1][0] == f"{len(largest) - 6} more"
    expect(pushes(page).locator(".sum")).to_contain_text(f"{gate['pre_activation']:.3f}".replace("-", "−"))
    pushes(page).get_by_role("button", name="more").click()
    expect(pushes(page).locator("li")).to_have_count(len(largest) + 1)
    assert [value for _, value in listed(page)] == pytest.approx(largest, abs=5.1e-4)
    page.wait_for_url("**all_pushes=forget_gate*")
    pushes(page).get_by_role("button", name="The largest only").click()
    expect(pushes(page).locator("li")).to_have_count(7)


def test_which_gates_are_open_is_in_the_address_and_back_closes_them(ready: Open) -> None:
    page = ready("/?time=14&unit=5")
    expect(pushes(page, "forget_gate").locator("li").first).to_have_text(re.compile("bias.*4.506"))
    expect(pushes(page, "output_gate").locator("summary")).to_contain_text("“b” +3.903, bias +2.114")
    expect(pushes(page, "output_gate").locator("li")).to_have_count(0)
    pushes(page, "output_gate").locator("summary").click()
    expect(pushes(page, "output_gate").locator("li").first).to_have_text(re.compile("“b”.*3.903"))
    page.wait_for_url("**pushed=forget_gate-output_gate*")
    page.reload()
    expect(pushes(page, "output_gate").locator("li").first).to_be_visible()
    pushes(page, "forget_gate").locator("summary").click()
    pushes(page, "output_gate").locator("summary").click()
    page.wait_for_url("**pushed=none*")
    expect(page.locator("#step .pushed li")).to_have_count(0)


def test_a_gate_is_opened_with_the_keyboard_and_stays_open_while_the_cursor_moves(
    ready: Open, client: httpx.Client
) -> None:
    page = ready("/?time=14&unit=1&pushed=none")
    pushes(page, "candidate").locator("summary").press("Enter")
    expect(pushes(page, "candidate")).to_have_attribute("open", "")
    pushes(page, "candidate").locator("summary").press("ArrowRight")
    expect(page.locator("#step h2")).to_have_text("Step 15, unit 1")
    largest = by_size(told(client, COUNTING, unit=1, step=15)["gates"]["candidate"])
    assert [value for _, value in listed(page, "candidate")][:6] == pytest.approx(largest[:6], abs=5.1e-4)
    pushes(page, "candidate").locator("summary").press("Space")
    expect(pushes(page, "candidate").locator("li")).to_have_count(0)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_unit_that_pushed_is_followed_to_the_step_before(ready: Open) -> None:
    page = ready("/?time=14&unit=5")
    pushes(page).get_by_role("button", name="unit 0").click()
    expect(page.locator("#step h2")).to_have_text("Step 13, unit 0")
    expect(page.locator("#player output")).to_contain_text("t 13")
    page.wait_for_url("**unit=0*")
    page.go_back()
    expect(page.locator("#step h2")).to_contain_text("unit 5")


def test_above_the_first_layer_the_layer_below_is_the_input(ready: Open, client: httpx.Client, tmp_path: Path) -> None:
    torch.manual_seed(0)
    torch.save(torch.nn.LSTM(1, 8, 2, bidirectional=True).state_dict(), tmp_path / "deep.pt")
    page = ready("/?model=random&source=signal&time=20&unit=2")
    with another_run(page), page.expect_request("**/api/v1/traces*") as request:
        page.get_by_label("Upload a model").set_input_files(tmp_path / "deep.pt")
    page.get_by_role("button", name="Layer 1").click()
    page.get_by_role("button", name="backward", exact=True).click()
    expect(page.locator("#step")).to_contain_text("Layer 1, backward")
    place = {"layer": 1, "direction": "backward", "unit": 2, "step": 20}
    parts = told(client, request.value.post_data_json or {}, **place)["gates"]["forget_gate"]["parts"]
    largest = sorted(parts, key=lambda part: abs(part["value"]), reverse=True)[:6]
    rows = listed(page)[:6]
    assert [value for _, value in rows] == pytest.approx([part["value"] for part in largest], abs=5.1e-4)
    assert [name for name, _ in rows] == [
        re.sub(r"(forward|backward) (unit \d+)", r"\2 \1", part["name"]) for part in largest
    ]
    name = next(name for name, _ in rows if name.startswith("layer 0"))
    pushes(page).get_by_role("button", name=name).click()
    unit, direction = re.findall(r"unit (\d+) (\w+)", name)[0]
    expect(page.locator("#step h2")).to_have_text(f"Step 20, unit {unit}")
    expect(page.locator("#step")).to_contain_text(f"Layer 0, {direction}")


@pytest.mark.parametrize("locale", ["en", "ko"])
def test_the_cell_update_is_a_picture_with_its_numbers(ready: Open, client: httpx.Client, locale: str) -> None:
    page = ready("/?time=14&unit=5", locale=locale)
    answer = told(client, COUNTING, unit=5, step=14)
    update = [answer[name] for name in ("previous_cell_state", "kept", "written", "cell_state")]
    values = page.locator("#step .update-values span")
    assert [number(text) for text in values.all_inner_texts()] == pytest.approx(update, abs=5.1e-4)
    described = page.locator("#step .update-picture").get_attribute("aria-label") or ""
    found = [number(text) for text in re.findall(r"−?\d+\.\d{3}", described)]
    assert found == pytest.approx(update, abs=5.1e-4)
    before, kept, written, new = page.evaluate(
        """() => [...document.querySelectorAll("#step .update-picture rect")]
             .map(({x, width}) => [x.baseVal.value, x.baseVal.value + width.baseVal.value])"""
    )
    assert before[0] == kept[0] == new[0], "they begin at zero"
    assert written == pytest.approx([new[1], kept[1]], abs=1e-3), "what was written leads down from what was kept"


@pytest.mark.parametrize("path", ["/?time=14&unit=5", "/?task=quotes&time=30&unit=3&all_pushes=forget_gate"])
@pytest.mark.parametrize("locale", ["en", "ko"])
def test_nothing_of_it_is_wider_than_a_narrow_screen(ready: Open, path: str, locale: str) -> None:
    page = ready(path, viewport={"width": 390, "height": 844}, locale=locale)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "() => [...document.querySelectorAll('#step section')].every(e => e.scrollWidth <= e.clientWidth)"
    )


def test_a_step_that_starts_from_nothing_lists_what_pushed_and_counts_the_rest(ready: Open) -> None:
    page = ready("/?time=0&unit=1")
    assert [name for name, _ in listed(page)] == ["bias", "“.”"] or [name for name, _ in listed(page)] == [
        "“.”",
        "bias",
    ]
    expect(pushes(page)).to_contain_text("8 that are 0")
