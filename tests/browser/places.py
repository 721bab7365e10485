"""The places of the page that every model meets: one table, which grows with each tab."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import torch
from playwright.sync_api import expect
from tests.browser.page import heatmaps
from tests.browser.walk import Walk, drawn, equal


@dataclass(frozen=True)
class Place:
    """Something on the page to do, and what it meets: a question, a chart, a choice that goes into the address."""

    tab: str
    act: Callable[[Walk], None]
    charts: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def visit(self, walk: Walk) -> None:
        """Does what there is to do, and looks that every question was met and nothing refused."""
        walk.answered.clear()
        walk.page.locator(f"#tab-{self.tab}").click()
        walk.settled()
        self.act(walk)
        assert walk.refused == [], self.act.__name__
        assert set(self.questions) <= set(walk.answered), self.act.__name__


PLACES: list[Place] = []


def place(tab: str, charts: str = "", questions: str = "", options: str = "") -> Callable[..., Callable[[Walk], None]]:
    def register(act: Callable[[Walk], None]) -> Callable[[Walk], None]:
        PLACES.append(Place(tab, act, *(tuple(names.split()) for names in (charts, questions, options))))
        return act

    return register


@place("gates", charts="gates lines")
def hidden_states_and_output(walk: Walk) -> None:
    for (layer, direction), truth in walk.stranger.hidden_states().items():
        walk.go_to(layer, direction)
        walk.settled("gates", "lines")
        equal(torch.tensor(heatmaps(walk.page)[-1]), truth)
        expect(walk.page.locator("#step .check.good")).to_be_visible()
    output = walk.stranger.output(walk.stranger.entered)  # (T, O)
    if walk.stranger.recurrent.bidirectional or output.shape[1] == 1:
        for column in range(output.shape[1]):
            equal(drawn(walk, "gates", column - output.shape[1], "y"), output[:, column])
    else:
        equal(drawn(walk, "gates", -2, "z"), output)
        assert walk.stranger.vocabulary
        numbers = json.loads(walk.stranger.vocabulary.read_text(encoding="utf-8"))
        assert drawn(walk, "gates", -1, "y").tolist() == [numbers[sign] for sign in walk.stranger.text[1:]]


@place("gates")
def the_coloured_text(walk: Walk) -> None:
    if not walk.stranger.text:
        expect(walk.page.locator("#coloured-text")).to_be_empty()
        return
    for quantity in ("forget_gate", "hidden_state"):
        walk.page.locator("#text-quantity").select_option(quantity)
        tokens = walk.page.locator("#coloured-text .token")
        expect(tokens).to_have_count(len(walk.stranger.entered))
        assert (" " in walk.page.locator("#coloured-text p").inner_text()) == walk.stranger.recurrent.bidirectional
    tokens.nth(3).click()
    expect(walk.page.locator("#player .position")).to_contain_text("t 3 ")


@place("gates", questions="ranking")
def which_unit_follows_each_hypothesis(walk: Walk) -> None:
    page, count = walk.page, len(walk.stranger.entered)
    page.locator("#ranking summary").click()
    words = walk.stranger.recurrent.bidirectional
    details = {"feature": "1", "count": "the a" if words else "e a", "token": "," if words else "e"}
    details["series"] = " ".join(map(str, range(count)))
    choice = page.locator("#ranking-hypothesis")
    expect(choice.locator("option")).to_have_count(6 if walk.stranger.text else 3)
    for name in choice.locator("option").evaluate_all("options => options.map(({value}) => value)"):
        choice.select_option(name)
        if name in details:
            page.locator("#ranking-detail").fill(details[name])
        walk.settled()
        if name == "quotes":
            walk.is_refused(page.locator("#ranking .error"), "nothing can follow it")
            continue
        expect(page.locator("#ranking .error")).to_have_count(0)
        page.locator("#ranking tbody button").first.click()
    choice.select_option("position")


@place("gates")
def one_quantity_of_several_units(walk: Walk) -> None:
    walk.page.locator("#lines-controls [data-value=quantity]").click()
    walk.page.locator("#lines-units").fill("1, 3")
    walk.page.locator("#lines-quantity").select_option("hidden_state")
    walk.settled("lines")
    walk.go_to(0, "forward")
    truth = walk.stranger.hidden_states()[0, "forward"]
    equal(torch.stack([drawn(walk, "lines", number, "y") for number in (0, 1)]), truth[:, [1, 3]].T)


@place("gates")
def what_pushed_each_gate_of_each_place(walk: Walk) -> None:
    for layer, direction in walk.places:
        walk.go_to(layer, direction)
        for gate in walk.page.locator("#step .pushed summary").all():
            if gate.locator("..").get_attribute("open") is None:
                gate.click()
        names = walk.page.locator("#step .pushes li").all_inner_texts()
        assert names
        assert len(set(names)) > len(names) // 2, "a name that is cut off tells nothing"
    walk.page.locator("#step .pushes .link").first.click()
    walk.settled("gates")


@place("memory", charts="writes retention half-lives", questions="writes retention")
def what_is_remembered(walk: Walk) -> None:
    for layer, direction in walk.places:
        walk.go_to(layer, direction)
        walk.page.keyboard.press("ArrowDown")
        walk.settled("writes", "retention", "half-lives")
        expect(walk.panel("memory")).to_contain_text("left of the start")
        walk.page.locator("#panel-memory tbody button").first.click()
        walk.settled("writes")


@place(
    "gradients",
    charts="gradients gradient-reach connectivity",
    questions="gradients gradient_reach connectivity",
    options="gradient_step output",
)
def how_far_back_it_is_felt(walk: Walk) -> None:
    page, last = walk.page, len(walk.stranger.entered) - 1
    for layer, direction in walk.places:
        walk.go_to(layer, direction)
        walk.settled("gradients", "gradient-reach", "connectivity")
        expect(page.locator("#gradients-told")).to_contain_text(f"t {0 if direction == 'backward' else last}")
    page.locator("#time").fill("5")
    page.locator("#gradients-cursor").click()
    page.locator("#connectivity-output").select_option("0")
    walk.settled("gradients", "gradient-reach", "connectivity")
    expect(page.locator("#connectivity-told")).to_contain_text("at t 5")
    entered = walk.stranger.entered.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(walk.stranger.output(entered)[5, 0], entered)  # (T, I)
    equal(drawn(walk, "connectivity", -1, "z")[:, 0], gradient.norm(dim=1))


@place("gradients", charts="integrated", questions="integrated_gradients", options="integrated target baseline points")
def what_each_input_added(walk: Walk) -> None:
    page = walk.page
    page.locator("#integrated-details summary").click()
    for target in ("output", "cell_state", "hidden_state"):
        page.locator("#integrated-integralTarget").select_option(target)
        walk.settled("integrated")
        expect(page.locator("#integrated-told")).to_contain_text("The parts sum to")
    page.locator("#integrated-baseline").select_option("mean")
    walk.settled("integrated")
    page.locator("#integrated-integralTarget").select_option("output")
    walk.settled("integrated")
    value = walk.stranger.output(walk.stranger.entered)[5, 0].item()
    expect(page.locator("#integrated-told")).to_contain_text(f"at t 5 is {value:.3f}".replace("-", "−"))
    if page.locator("#integrated-more").count():
        page.locator("#integrated-more").click()
        walk.settled("integrated")


@place(
    "health",
    charts="saturation-forget_gate saturation-input_gate saturation-output_gate",
    questions="health",
    options="thresholds",
)
def how_healthy_it_is(walk: Walk) -> None:
    page = walk.page
    for layer, direction in walk.places:
        walk.go_to(layer, direction)
        page.keyboard.press("ArrowDown")
        walk.settled("saturation-forget_gate")
    page.locator("#panel-health summary").first.click()
    page.get_by_label("Steps needed").fill("4")
    page.get_by_label("Open: a gate above").fill("0.6")
    walk.settled("saturation-forget_gate")
    page.wait_for_url("**thresholds=**")
    page.get_by_role("button", name="under Gates").click()
    walk.settled("gates")


@place("whatif", charts="what-if", questions="what_if", options="hold change start")
def what_if_each_thing_is_held_or_changed(walk: Walk) -> None:
    page = walk.page
    presets = page.locator("#panel-whatif [data-preset]")
    for layer, direction in walk.places:
        walk.go_to(layer, direction)
        some = presets.all() if layer == 0 and direction == "forward" else [presets.nth(layer)]
        for preset in some:
            preset.click()
            walk.settled("what-if")
            expect(page.locator("#what-if-result")).to_contain_text("output")
            expect(page.locator("#panel-whatif .error:visible")).to_have_count(0)
            page.locator(".what-if-row").get_by_role("button", name="Remove").click()


@place("whatif")
def what_if_one_weight_is_another(walk: Walk) -> None:
    page, lstm = walk.page, walk.stranger.recurrent
    (layer, direction) = walk.places[-1]
    walk.go_to(layer, direction)
    name = f"weight_ih_l{layer}{'_reverse' if direction == 'backward' else ''}"
    page.locator("[data-preset=weight]").click()
    page.get_by_label("Weight in").select_option(name)
    page.get_by_label("Row").fill("2")
    page.get_by_label("Column").fill("3")
    page.get_by_label("is set to").fill("1.5")
    page.locator("#what-if-quantity").select_option("hidden_state")
    walk.settled("what-if")
    page.wait_for_url("**change=**1.5**")
    walk.settled("what-if")
    changed = lstm.state_dict()[name].clone()
    changed[2, 3] = 1.5
    units = "trace => trace.type === 'heatmap' && trace.meta !== 'features'"
    after = page.evaluate(f"() => document.getElementById('what-if').data.filter({units})[1].z.map(row => [...row])")
    equal(torch.tensor(after), walk.stranger.hidden_states({name: changed})[layer, direction])
    page.locator(".what-if-row").get_by_role("button", name="Remove").click()


@place("whatif", questions="silencing")
def what_if_each_unit_is_silent(walk: Walk) -> None:
    walk.page.locator("#silence").click()
    expect(walk.page.locator("#silenced tbody tr")).not_to_have_count(0, timeout=60_000)
    walk.page.locator("#silenced tbody button").first.click()
    walk.settled()


@place("compare", charts="comparison", questions="comparison", options="compared_with")
def two_runs_beside_one_another(walk: Walk) -> None:
    page = walk.page
    page.locator("#keep-run").click()
    expect(walk.panel("compare")).to_contain_text("A is kept")
    with walk.another_run():
        shorten(walk)
    for layer, direction in walk.places:
        walk.go_to(layer, direction)
        walk.settled("comparison")
        expect(page.locator("#lengths")).to_contain_text("are compared")
    with walk.another_run():
        page.locator("#swap-runs").click()  # and with it back to the whole
    walk.settled("comparison")
    for suggestion in page.locator("#panel-compare [aria-pressed]").all():
        suggestion.click()
        walk.settled()
    page.locator("#stop-comparing").click()


def shorten(walk: Walk) -> None:
    text = walk.page.locator("#sequence-text").input_value()
    walk.page.locator("#sequence-text").fill(text[: text.rindex(" " if walk.stranger.text else "\n", 0, -2)])


def give(walk: Walk) -> None:
    """The text or the table that is the stranger's own."""
    table = walk.stranger.table
    walk.page.locator("#sequence-text").fill(table.read_text(encoding="utf-8") if table else walk.stranger.text)


@place("gates")
def downloads(walk: Walk) -> None:
    files = {}
    for kind in ("png", "svg", "csv", "json"):
        walk.page.get_by_role("button", name="Save ▾").click()
        with walk.page.expect_download() as download:
            walk.page.locator(f"[data-format={kind}]").click()
        files[kind] = download.value.path().read_bytes()
    assert files["png"].startswith(b"\x89PNG")
    assert b"<svg" in files["svg"]
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    answer = json.loads(files["json"])
    for (layer, direction), truth in walk.stranger.hidden_states().items():
        here = [row for row in rows if (row["layer"], row["direction"]) == (str(layer), direction)]
        equal(torch.tensor([float(row["hidden_state"]) for row in here]).reshape(truth.shape), truth)
        (found,) = [each for each in answer["layers"] if (each["layer"], each["direction"]) == (layer, direction)]
        equal(torch.tensor(found["hidden_state"]), truth)
    walk.page.get_by_role("button", name="Save ▾").click()
    walk.page.locator("#curl").click()
    expect(walk.page.get_by_text("curl command copied.")).to_be_visible()


@place("gates")
def refusals_are_said_beside_the_input(walk: Walk) -> None:
    page = walk.page
    error = page.locator("#inputs .error:visible")
    if walk.stranger.table:
        page.get_by_role("checkbox", name="date").check()
        walk.is_refused(error, "2024-01-01”, which is not a number")
        with walk.another_run():
            page.get_by_role("checkbox", name="date").uncheck()
        with walk.another_run():
            page.get_by_role("button", name="All columns with numbers").click()
    elif walk.stranger.recurrent.bidirectional:
        page.locator("#sequence-text").fill("  ")
        walk.is_refused(error, "There is nothing in it")
    else:
        page.locator("#sequence-text").fill("Q")
        walk.is_refused(error, "is not in the model’s vocabulary")
    if walk.stranger.text:
        with walk.another_run():
            give(walk)
