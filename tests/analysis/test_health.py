"""Rules name the units that stand out, and leave the others alone."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given
from tests.analysis.drawn import Allocations, Drawn, drawn_runs, large_run, nbytes
from tests.wire import QUANTITIES

from gatescope import LSTMSimpleCell, trace
from gatescope.analysis import Finding, Thresholds, health
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.trace import Trace
from gatescope.models.sources.shipped import load_zoo
from gatescope.training import TASKS

STEPS = 100


def lively(held: dict[str, Any] | None = None, direction: Direction = "forward") -> Trace:
    """A run of two units of which nothing can be said, but that unit 1 has these quantities."""
    generator = torch.Generator().manual_seed(0)

    def uniform(least: float, largest: float) -> torch.Tensor:
        return least + (largest - least) * torch.rand(STEPS, 2, generator=generator)

    with torch.no_grad():
        traced = trace(LSTMSimpleCell(1, 2), torch.ones(STEPS, 1))
    quantities: dict[str, Any] = {name: uniform(0.2, 0.8) for name in ("forget_gate", "input_gate", "output_gate")}
    quantities |= {name: uniform(-0.8, 0.8) for name in ("candidate", "cell_state", "hidden_state")}
    for name, values in (held or {}).items():
        quantities[name][:, 1] = torch.as_tensor(values)
    (layer,) = traced.layers
    return replace(traced, layers=(replace(layer, direction=direction, **quantities),))


def findings(traced: Trace, thresholds: Thresholds | None = None) -> dict[str, Finding]:
    (layer,) = health(traced, thresholds)
    return {finding.kind: finding for finding in layer.findings}


RISING = torch.linspace(0, 3, STEPS)
MOSTLY_OPEN = torch.full((STEPS,), 0.95)
MOSTLY_OPEN[:2] = 0.5
TOO_SELDOM_OPEN = torch.full((STEPS,), 0.95)
TOO_SELDOM_OPEN[:3] = 0.5
ONCE = torch.zeros(STEPS)
ONCE[40] = 0.9
RISING_IN_WAVES = 0.6 + RISING / 2 + 0.6 * torch.sin(torch.arange(STEPS) / 2)  # a line explains about half
SWINGING = 3 * torch.sin(torch.arange(STEPS) / 5)
STEADY = torch.where(torch.arange(STEPS) % 2 == 0, 2.5, -2.5)


def test_of_lively_units_nothing_is_said() -> None:
    assert findings(lively()) == {}


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("never_writes", {"input_gate": 0.001}),
        ("never_writes", {"candidate": -0.001}),
        ("never_forgets", {"forget_gate": 0.95}),
        ("never_forgets", {"forget_gate": MOSTLY_OPEN}),
        ("always_forgets", {"forget_gate": 0.05}),
        ("never_speaks", {"output_gate": 0.001}),
        ("saturated", {"cell_state": STEADY}),
        ("drifts", {"cell_state": RISING}),
        ("drifts", {"cell_state": -RISING}),
        ("dead", {"cell_state": 0.7}),
    ],
)
def test_a_unit_that_stands_out_is_named_alone(kind: str, held: dict[str, Any]) -> None:
    by_kind = findings(lively(held))
    assert list(by_kind) == [kind]
    assert by_kind[kind].units == (1,)
    assert by_kind[kind].thresholds


@pytest.mark.parametrize(
    "held",
    [
        {"input_gate": ONCE},
        {"forget_gate": TOO_SELDOM_OPEN},
        {"output_gate": ONCE},
        {"cell_state": SWINGING},
        {"cell_state": RISING / 4},
        {"cell_state": RISING_IN_WAVES},
        {"cell_state": RISING.flip(0)},
    ],
)
def test_a_unit_just_short_of_a_rule_is_left_alone(held: dict[str, Any]) -> None:
    assert findings(lively(held)) == {}


def test_a_state_that_stays_at_zero_neither_speaks_nor_moves() -> None:
    assert list(findings(lively({"cell_state": 0.0}))) == ["never_speaks", "dead"]


def test_backward_a_state_drifts_towards_step_0() -> None:
    assert list(findings(lively({"cell_state": RISING.flip(0)}, "backward"))) == ["drifts"]
    assert findings(lively({"cell_state": RISING}, "backward")) == {}


def test_the_share_and_the_thresholds_that_decided_are_told() -> None:
    finding = findings(lively({"forget_gate": MOSTLY_OPEN}))["never_forgets"]
    assert finding.shares == (0.98,)
    assert finding.thresholds == {"right": 0.9, "held_share": 0.98}


def test_thresholds_are_adjustable() -> None:
    assert list(findings(lively({"forget_gate": TOO_SELDOM_OPEN}), Thresholds(held_share=0.97))) == ["never_forgets"]
    assert findings(lively({"forget_gate": 0.95}), Thresholds(right=0.96)) == {}


@pytest.mark.parametrize(("steps", "kinds"), [(1, []), (7, []), (8, ["never_forgets"])])
def test_a_few_steps_have_a_saturation_but_no_findings(steps: int, kinds: list[str]) -> None:
    traced = lively({"forget_gate": 0.95})
    (layer,) = traced.layers
    short = replace(layer, **{name: getattr(layer, name)[:steps] for name in QUANTITIES})
    (of_layer,) = health(replace(traced, layers=(short,)))
    assert [finding.kind for finding in of_layer.findings] == kinds
    assert of_layer.saturation["forget_gate"].right.tolist() == [0, 1]


def below(layer: LayerTrace, name: str, threshold: float) -> list[float]:
    columns = getattr(layer, name).T.tolist()
    return [sum(value < threshold for value in column) / len(column) for column in columns]


@given(drawn_runs())
def test_saturation_is_the_share_of_steps_beyond_each_threshold(run: Drawn) -> None:
    thresholds = Thresholds(left=0.3, right=0.55)
    for layer, of_layer in zip(run.trace.layers, health(run.trace, thresholds), strict=True):
        assert (of_layer.layer, of_layer.direction) == (layer.layer, layer.direction)
        for name, saturation in of_layer.saturation.items():
            gate = getattr(layer, name)
            assert saturation.left.tolist() == pytest.approx(below(layer, name, thresholds.left))
            right = (gate > thresholds.right).double().mean(dim=0)
            torch.testing.assert_close(saturation.right, right)


@given(drawn_runs())
def test_findings_hold_for_the_units_that_they_name(run: Drawn) -> None:
    for layer, of_layer in zip(run.trace.layers, health(run.trace, Thresholds(fewest_steps=1)), strict=True):
        written = layer.input_gate * layer.candidate.abs()
        spoken = layer.output_gate * layer.cell_state.tanh().abs()
        integrating = (layer.forget_gate > 0.9).double().mean(dim=0) >= 0.98
        expected = {
            "never_writes": written.amax(dim=0) < 0.01,
            "never_speaks": spoken.amax(dim=0) < 0.01,
            "never_forgets": integrating,
        }
        named = {finding.kind: finding.units for finding in of_layer.findings}
        for kind, holds in expected.items():
            assert named.get(kind, ()) == tuple(holds.nonzero()[:, 0].tolist())  # type: ignore[call-overload]


def test_the_counter_of_anbn_is_not_called_dead_or_silent() -> None:
    model = load_zoo("anbn")
    with torch.no_grad():
        traced = trace(model.network, TASKS["anbn"].sample(123).values)
    counter = model.described["claim"]["unit"]
    kinds = {finding.kind for layer in health(traced) for finding in layer.findings if counter in finding.units}
    assert not kinds & {"dead", "never_writes", "never_speaks", "always_forgets"}


def test_memory_stays_within_four_times_the_trace() -> None:
    run = large_run(bidirectional=True)
    size = sum(nbytes(layer) for layer in run.trace.layers)
    with Allocations() as made:
        health(run.trace)
    assert made.total <= 4 * size


def test_crossed_thresholds_are_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        health(lively(), Thresholds(left=0.9, right=0.1))
    assert caught.value.code == "thresholds_crossed"


def test_a_batch_is_refused() -> None:
    with torch.no_grad(), pytest.raises(InvalidInput, match="batch"):
        health(trace(LSTMSimpleCell(1, 2), torch.ones(5, 3, 1)))
