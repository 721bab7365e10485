"""The tab about gradients: what is drawn is what the server says, and its colours follow the cursor."""

import math

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import Open, answers_drawn
from tests.wire import COUNTING

LONG = "/?tab=gradients&model=random&source=signal&signal=noise&steps=101&time=50&unit=0&seed=0"


def settled(page: Page, *charts: str) -> None:
    answers_drawn(page, "gradients", *(charts or ("gradients", "gradient-reach")))


def drawn(page: Page, chart: str, name: str) -> list[float | None]:
    """The y of the line of that name; None where there is a gap."""
    values: list[float | None] = page.evaluate(
        """([chart, name]) => [...document.getElementById(chart).data.find(trace => trace.name === name).y]
             .map(value => Number.isNaN(value) ? null : value)""",
        [chart, name],
    )
    return values


def shares(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.answer-tokens .token')].map(token => token.getAttribute('style'))"
    )
    return found


def test_the_lines_are_what_the_server_says(ready: Open, client: httpx.Client) -> None:
    page = ready("/?tab=gradients&time=20&unit=1&gradient_step=40")
    settled(page)
    answer = client.post("/api/v1/analyses/gradients", json=COUNTING | {"unit": 1, "step": 40}).json()
    for name, key in (("|∂C_T/∂C_t|", "cell_state"), ("direct path ∏ f", "direct"), ("‖∂h_T/∂x_t‖", "input_norms")):
        line = drawn(page, "gradients", name)
        assert line[:41] == [pytest.approx(abs(value), rel=1e-5) for value in answer[key][:41]]
        assert line[41:] == [None] * (len(line) - 41), "a zero has no place on a logarithmic axis"
    assert page.evaluate("() => document.getElementById('gradients').layout.yaxis2.type") == "log"
    expect(page.locator("#gradients-told")).to_contain_text("10 steps before t 40")


def test_over_a_hundred_steps_the_rnn_is_below_the_lstm_by_orders_of_magnitude(ready: Open) -> None:
    page = ready(LONG)
    settled(page)
    rnn, lstm = (drawn(page, "gradient-reach", name)[0] for name in ("RNN (tanh)", "LSTM"))
    assert rnn is not None
    assert lstm is not None
    assert lstm > 1e9 * rnn
    expect(page.locator("#reach-told")).to_contain_text("100 steps back: RNN")
    expect(page.locator("#no-read-out")).to_contain_text("Choose a shipped model")


def test_the_target_step_is_chosen_by_keyboard_and_stands_in_the_address(ready: Open) -> None:
    page = ready("/?tab=gradients&time=20")
    settled(page)
    page.locator("#gradients-cursor").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#gradients-told")).to_contain_text("before t 20")
    expect(page.locator("#gradients-cursor")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => location.search.includes('gradient_step=20')")
    page.go_back()
    expect(page.locator("#gradients-told")).to_contain_text("before t 79")


def test_the_colours_of_what_the_output_depends_on_follow_the_cursor(ready: Open, client: httpx.Client) -> None:
    page = ready("/?tab=gradients&time=20")
    settled(page, "connectivity")
    before = shares(page)
    norms = client.post("/api/v1/analyses/connectivity", json=COUNTING | {"step": 20}).json()["norms"]
    assert before == [f"--share: {math.floor(100 * norm / max(norms) + 0.5)}%" for norm in norms]
    page.keyboard.press("ArrowRight")
    expect(page.locator("#connectivity-told")).to_contain_text("at t 21")
    settled(page, "connectivity")
    assert shares(page) != before
    page.locator(".answer-tokens .token").nth(30).click()
    expect(page.locator("#connectivity-told")).to_contain_text("at t 30")
    page.locator("#connectivity-output").select_option(label="b")
    expect(page.locator("#connectivity-told")).to_contain_text("Output “b” at t 30")


def test_the_gap_is_told_and_nothing_is_asked_before_it_is_opened(ready: Open) -> None:
    page = ready("/?tab=gradients&task=adding&time=49", locale="ko")
    settled(page, "connectivity")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "integrated" in request.url else None)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)
    assert asked == []
    page.locator("#integrated-details summary").click()
    settled(page, "integrated")
    expect(page.locator("#integrated-told")).to_contain_text("오차는")
    assert len(asked) == 1
    page.locator("#integrated-baseline").select_option("mean")
    expect(page.locator("#integrated-told")).to_contain_text("t 48")


def test_parts_that_miss_the_whole_are_not_trusted(ready: Open) -> None:
    page = ready("/?tab=gradients&time=20&integrated=yes")
    settled(page, "integrated")
    expect(page.locator("#panel-gradients .answer-more .error")).to_contain_text("these parts are not to be trusted")
    page.locator("#integrated-more").click()
    page.wait_for_function("() => location.search.includes('points=1024')")


@pytest.mark.parametrize("path", ["/?tab=gradients&integrated=yes", LONG])
def test_nothing_is_wider_than_a_narrow_screen_and_charts_keep_their_height(ready: Open, path: str) -> None:
    page = ready(path, viewport={"width": 390, "height": 844}, locale="ko")
    settled(page)
    expect(page.get_by_role("tab", name="기울기")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 700})
    page.wait_for_timeout(500)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => document.getElementById('gradients').offsetHeight") > 200
