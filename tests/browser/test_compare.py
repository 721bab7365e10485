"""The tab that compares two runs: run A is chosen by the reader or suggested, run B is of the present inputs."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import Open, answer_to

TAB = "/?tab=compare"
SINE = "/?tab=compare&model=random&source=signal&signal=sine&steps=31&scaling=none"
OTHER_SEED = (
    "&compared_with=%3Fsource%3Dsignal%26signal%3Dsine%26steps%3D{steps}%26scaling%3Dnone%26model%3Drandom%26seed%3D1"
)


def compared(page: Page) -> None:
    """Waits until an answer is there and drawn."""
    page.wait_for_function("() => document.getElementById('comparison')?.data?.length > 0")
    expect(page.locator("#panel-compare .answer")).to_have_attribute("aria-busy", "false")


def heatmaps(page: Page) -> list[list[list[float]]]:
    """The z of the first run, of the second and of the difference, each (T, H)."""
    drawn: list[list[list[float]]] = page.evaluate(
        """() => document.getElementById("comparison").data
             .filter(trace => trace.type === "heatmap" && trace.meta !== "features").slice(0, 3)
             .map(trace => [...trace.z].map(row => [...row]))"""
    )
    return drawn


def runs(page: Page) -> list[str]:
    """What the table tells of A and of B."""
    rows = page.locator("#panel-compare tbody tr")
    return [", ".join(rows.locator(f"td:nth-of-type({column})").all_inner_texts()) for column in (1, 2)]


def kept(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("compared_with", [""])[0]


def differ_as_drawn(page: Page) -> None:
    first, second, difference = heatmaps(page)
    for step, row in enumerate(difference):
        for unit, value in enumerate(row):
            assert value == pytest.approx(second[step][unit] - first[step][unit], abs=1e-5)


def test_run_a_is_compared_with_the_run_of_what_is_changed_after_it(ready: Open) -> None:
    page = ready(SINE)
    expect(page.locator("#panel-compare")).to_contain_text("There is no other run yet")
    page.get_by_role("button", name="Keep this run as A").click()
    expect(page.get_by_text("A is kept")).to_be_visible()
    with page.expect_response(answer_to("comparison")):
        page.get_by_label("Seed", exact=True).fill("1")
    compared(page)
    one, other = runs(page)
    assert "seed 0" in one
    assert "seed 1" in other
    differ_as_drawn(page)
    page.locator("#theme").click()
    compared(page)


@pytest.mark.parametrize(
    ("path", "suggestion", "other"),
    [
        (TAB, "another input (seed 1)", "aⁿbⁿ: counting, seed 1"),
        (TAB, "an untrained model of 6 units", "untrained, 6 units"),
        (f"{TAB}&task=echo", "Sunspots, one year ahead", "Sunspots, one year ahead (trained)"),
        (SINE, "another random seed (1)", "seed 1"),
    ],
)
def test_one_click_compares_with_a_suggestion(ready: Open, path: str, suggestion: str, other: str) -> None:
    page = ready(path)
    with page.expect_response(answer_to("comparison")):
        page.get_by_role("button", name=suggestion).click()
    compared(page)
    assert other in runs(page)[0]
    expect(page.get_by_role("button", name=suggestion)).to_have_attribute("aria-pressed", "true")
    differ_as_drawn(page)


@pytest.mark.parametrize(("steps", "said"), [(20, "A has 20 steps, B has 31"), (40, "A has 40 steps, B has 31")])
def test_unequal_lengths_are_said_and_the_common_steps_compared(ready: Open, steps: int, said: str) -> None:
    page = ready(SINE + OTHER_SEED.format(steps=steps))
    compared(page)
    expect(page.locator("#lengths")).to_have_text(f"{said}: the first {min(steps, 31)} are compared.")
    assert [len(z) for z in heatmaps(page)] == [steps, 31, min(steps, 31)]
    differ_as_drawn(page)


def test_a_link_reopens_the_comparison_and_back_undoes_it(ready: Open) -> None:
    page = ready(TAB)
    page.wait_for_timeout(1100)  # what follows within a second of another choice is one with it
    page.get_by_role("button", name="another input (seed 1)").click()
    compared(page)
    page.go_back()
    expect(page.locator("#panel-compare")).to_contain_text("There is no other run yet")
    assert kept(page) == ""
    page.go_forward()
    compared(page)
    page.get_by_label("Quantity").select_option("forget_gate")
    expect(page.locator(".differences")).to_contain_text("Largest difference in the forget gate")
    compared(page)
    drawn, findings = heatmaps(page), page.locator(".differences").inner_text()
    again = ready(urlsplit(page.url)._replace(scheme="", netloc="").geturl())
    compared(again)
    expect(again.locator(".differences")).to_have_text(re.compile(re.escape(findings.split("\n")[0])))
    assert heatmaps(again) == drawn


def test_findings_lead_to_their_step_and_unit(ready: Open) -> None:
    page = ready(TAB)
    page.get_by_role("button", name="another input (seed 1)").click()
    compared(page)
    _, _, difference = heatmaps(page)
    size, step, unit = max((abs(value), t, u) for t, row in enumerate(difference) for u, value in enumerate(row))
    link = page.locator(".differences button").first
    expect(link).to_have_text(f"step {step}, unit {unit}")
    assert f"{size:.3g}" in page.locator(".differences p").first.inner_text()
    link.click()
    expect(page.locator("#step h2")).to_have_text(f"Step {step}, unit {unit}")
    page.locator(".differences p").last.get_by_role("button").nth(3).click()
    chosen = page.locator(".differences [aria-pressed=true]").inner_text().split(" · ")[0]
    expect(page.locator("#step h2")).to_have_text(f"Step {step}, {chosen}")
    lines = page.evaluate("() => document.getElementById('comparison').data.map(trace => trace.name).filter(Boolean)")
    assert lines == [f"A · {chosen}", f"B · {chosen}"]


def test_the_two_runs_can_be_swapped_and_the_comparison_stopped(ready: Open) -> None:
    page = ready(SINE + OTHER_SEED.format(steps=31))
    compared(page)
    first, second, _ = heatmaps(page)
    with page.expect_response(answer_to("comparison")):
        page.get_by_role("button", name="Swap A and B").click()
    compared(page)
    assert heatmaps(page)[:2] == [second, first]
    expect(page.get_by_label("Seed", exact=True)).to_have_value("1")
    page.get_by_role("button", name="Stop comparing").click()
    expect(page.locator("#panel-compare")).to_contain_text("There is no other run yet")


def test_a_text_stays_in_this_browser_and_no_link_holds_it(ready: Open, open_page: Open) -> None:
    page = ready("/?tab=compare&model=random&source=text")
    page.locator("#sequence-text").fill("the secret before")
    page.get_by_role("button", name="Keep this run as A").click()
    with page.expect_response(answer_to("comparison")):
        page.locator("#sequence-text").fill("the secret after, longer")
    compared(page)
    assert "“the secret before”" in runs(page)[0]
    expect(page.get_by_text("a link does not contain them")).to_be_visible()
    assert "secret" not in page.url
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".notice")).to_contain_text("not your data")
    page.reload()
    compared(page)
    assert "“the secret before”" in runs(page)[0], "a reload keeps it"
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.locator("#sequence-text")).to_have_value("the secret before")
    other = open_page(urlsplit(page.url)._replace(scheme="", netloc="").geturl())
    expect(other.locator("#missing")).to_contain_text("Its text of 17 characters is not in this browser")
    other.locator("#sequence-text").fill("the secret before")
    expect(other.get_by_text("are not here: an address never contains them")).to_be_visible()
    expect(other.get_by_role("button", name="Keep B as A")).to_be_enabled()


def test_runs_of_different_sizes_are_refused_in_words(ready: Open) -> None:
    page = ready(f"{TAB}&compared_with=%3Fmodel%3Drandom%26hidden_size%3D5", expected="422")
    expect(page.locator("#panel-compare .answer .error")).to_have_text(
        "In layer 0 run A has 5 units and run B 6; only runs of the same size can be compared."
    )
    page.get_by_role("button", name="an untrained model of 6 units").click()
    compared(page)
    expect(page.locator("#panel-compare .answer .error")).to_have_count(0)


def test_what_cannot_be_run_is_named_with_its_run(ready: Open) -> None:
    page = ready(f"{TAB}&compared_with=%3Fmodel%3Dstored%26id%3Dgone", expected="422")
    expect(page.locator("#panel-compare .answer .error")).to_have_text("A: This model is not stored here (any more).")


def test_the_keyboard_is_enough(ready: Open) -> None:
    page = ready(SINE)
    page.get_by_role("button", name="Keep this run as A").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="another random seed (1)")).to_be_focused()
    with page.expect_response(answer_to("comparison")):
        page.keyboard.press("Enter")
    compared(page)
    expect(page.get_by_role("button", name="another random seed (1)")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Quantity")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    link = page.locator(".differences button").first.inner_text()
    expect(page.locator("#step h2")).to_have_text(link[0].upper() + link[1:])


@pytest.mark.parametrize("path", [TAB, f"{TAB}&compared_with=%3Ftask_seed%3D1", SINE + OTHER_SEED.format(steps=20)])
def test_nothing_is_wider_than_a_narrow_screen(ready: Open, path: str) -> None:
    page = ready(path, viewport={"width": 390, "height": 844}, locale="ko")
    if "compared_with" in path:
        compared(page)
    expect(page.get_by_role("tab", name="비교")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_tab_that_is_not_shown_asks_for_nothing(ready: Open) -> None:
    page = ready("/?compared_with=%3Ftask_seed%3D1")
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request.url) if "/analyses/" in request.url else None)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert asked == []
