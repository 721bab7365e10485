"""The trained models that are shipped: chosen, described, run on fresh inputs."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import Open, another_run

TITLES = {
    "reber": "Embedded Reber grammar: the first choice kept",
    "adding": "Adding: two numbers out of fifty",
    "quotes": "Quotes and brackets",
    "sunspots": "Sunspots, one year ahead",
    "echo": "Echo: four steps later",
}


def drawn(page: Page, kind: str) -> int:
    count: int = page.evaluate(
        f"() => document.getElementById('gates').data.filter(trace => trace.type === '{kind}').length"
    )
    return count


@pytest.mark.parametrize("name", TITLES)
def test_a_shipped_model_is_described_and_run_on_an_input_of_its_task(ready: Open, name: str) -> None:
    page = ready()
    with another_run(page) as answer:
        page.get_by_label("Which LSTM").select_option(TITLES[name])
    assert answer["model"]["name"] == name
    expect(page.locator("#about h2")).to_have_text(TITLES[name])
    expect(page.locator("#about p")).not_to_contain_text("{")
    expect(page.locator("#about p")).not_to_contain_text("NaN")
    assert answer["output"]["targets"] is not None
    assert drawn(page, "heatmap") == (7 if answer["output"]["kind"] == "probability" else 6)
    if name == "sunspots":
        expect(page.locator("#inputs .hint", has_text="there is only one")).to_be_visible()
        return
    with another_run(page) as other:
        page.get_by_role("button", name="Another input").click()
    assert other["sequence"]["values"] != answer["sequence"]["values"]


def test_a_text_of_the_reader_is_run_and_a_character_that_the_model_does_not_know_is_named(ready: Open) -> None:
    page = ready(expected="status of 422")
    page.get_by_role("group", name="Sequence").get_by_role("button", name="Text").click()
    text = page.get_by_label("Text, one character a step")
    with another_run(page) as answer:
        text.fill(".aaabbb.")
    assert answer["sequence"]["characters"] == list(".aaabbb.")
    text.fill(".aaac")
    expect(page.locator("#sequence-text-error")).to_have_text(
        "“c”, token 4 of the text, is not in the model’s vocabulary."
    )


def test_the_untrained_cell_runs_on_the_same_input(ready: Open) -> None:
    page = ready()
    with another_run(page) as answer:
        page.get_by_label("Which LSTM").select_option("Untrained, random weights")
    assert answer["sequence"]["type"] == "task"
    expect(page.locator("#about")).to_be_empty()


def test_the_quantity_to_be_kept_is_drawn_with_its_correlation_with_the_chosen_unit(ready: Open) -> None:
    page = ready()
    title = "() => document.getElementById('gates').layout.annotations.map(a => a.text).find(a => a.includes('r ='))"
    assert "#a − #b · r = 1.0" in page.evaluate(title)
    page.keyboard.press("ArrowUp")
    page.wait_for_function(f"() => ({title})().includes('unit 4')")
    page.get_by_role("button", name="Show unit 5").click()
    page.wait_for_function(f"() => ({title})().includes('unit 5')")


def test_the_text_is_coloured_by_the_unit_that_is_hovered_or_chosen(ready: Open) -> None:
    page = ready("/?task=quotes&unit=16&time=0")
    tokens = page.locator("#coloured-text .token")
    expect(tokens).to_have_count(120)
    shares = "() => [...document.querySelectorAll('#coloured-text .token')].map(token => token.getAttribute('style'))"
    before = page.evaluate(shares)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#coloured-text h2")).to_have_text("The text, coloured by unit 17")
    assert page.evaluate(shares) != before
    page.get_by_label("Quantity that colours the text").select_option("forget gate")
    page.wait_for_function("() => !document.querySelector('#coloured-text .token.negative')")
    tokens.nth(7).click()
    expect(page.locator("#player .position")).to_contain_text("t 7 ")
    expect(tokens.nth(7)).to_have_class(re.compile("chosen"))


def test_units_are_ranked_by_a_hypothesis_and_chosen_from_the_list(ready: Open) -> None:
    page = ready("/?unit=0")
    page.get_by_text("Which unit follows …?").click()
    page.get_by_label("What is followed").select_option("count of one less count of another")
    page.get_by_label("two tokens, such as: a b").fill("a b")
    first = page.locator(".ranking tbody tr").first
    expect(first).to_contain_text("unit 5")
    _, ranked, held_out = first.locator("td").all_inner_texts()
    assert float(ranked) > 0.98
    assert float(held_out) > 0.98
    expect(page.locator("#chance")).to_contain_text("With shuffled labels the best unit reaches")
    first.get_by_role("button").click()
    expect(page.locator("#step h2")).to_have_text("Step 14, unit 5")
    assert "ranking=yes" in page.url


def test_a_hypothesis_that_cannot_be_followed_says_why(ready: Open) -> None:
    page = ready(expected="status of 422")
    page.get_by_text("Which unit follows …?").click()
    page.get_by_label("What is followed").select_option("the token is …")
    page.get_by_label("a token", exact=True).fill("Q")
    expect(page.locator("#ranking [role=alert]")).to_contain_text("does not change within one half")
