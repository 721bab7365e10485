"""Two runs are compared step beside step; what cannot be compared is refused with what differs."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Allocations, Drawn, drawn_runs, large_run, nbytes

from gatescope import LSTMNetwork, LSTMSimpleCell, trace
from gatescope.analysis import compare
from gatescope.errors import InvalidInput
from gatescope.lstm.trace import Trace

NAMES = ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state")


@torch.no_grad()
def run_of(network: LSTMNetwork | LSTMSimpleCell, steps: int = 6) -> Trace:
    return trace(network, torch.ones(steps, 1))


@given(drawn_runs(), st.integers(1, 40))
def test_the_difference_is_taken_over_the_common_steps(run: Drawn, steps: int) -> None:
    with torch.no_grad():
        other = trace(run.network, torch.randn(steps, run.input_size, dtype=run.dtype))
    found = compare(run.trace, other)
    assert found.steps == (len(run.x), steps)
    assert found.common == min(len(run.x), steps)
    for first, second, layer in zip(run.trace.layers, other.layers, found.layers, strict=True):
        assert (layer.layer, layer.direction) == (first.layer, first.direction)
        assert tuple(layer.differences) == NAMES
        for name, difference in layer.differences.items():
            values = getattr(second, name)[: found.common] - getattr(first, name)[: found.common]
            torch.testing.assert_close(difference.values, values)
            assert difference.largest == float(values.abs().max())
            assert abs(float(values[difference.step, difference.unit])) == difference.largest
            squares = values.double().square()
            torch.testing.assert_close(difference.rms_of_steps.square(), squares.mean(dim=1))
            torch.testing.assert_close(difference.rms_of_units.square(), squares.mean(dim=0))


@given(drawn_runs())
def test_a_run_does_not_differ_from_itself(run: Drawn) -> None:
    for layer in compare(run.trace, run.trace).layers:
        assert {difference.largest for difference in layer.differences.values()} == {0}


def test_the_other_way_round_the_sign_turns() -> None:
    torch.manual_seed(0)
    first, second = run_of(LSTMNetwork(1, 3)), run_of(LSTMNetwork(1, 3))
    (there,), (back,) = compare(first, second).layers, compare(second, first).layers
    assert torch.equal(there.differences["cell_state"].values, -back.differences["cell_state"].values)
    assert there.differences["cell_state"].largest > 0


def test_outputs_are_compared_where_both_runs_have_one() -> None:
    torch.manual_seed(0)
    networks = [LSTMNetwork(1, 3) for _ in range(2)]
    for network in networks:
        network.read_out = torch.nn.Linear(3, 2)
    first, second = map(run_of, networks)
    output = compare(first, second).output
    assert first.output is not None
    assert second.output is not None
    assert output is not None
    assert torch.equal(output.values, second.output - first.output)
    assert compare(first, run_of(LSTMNetwork(1, 3))).output is None


@pytest.mark.parametrize(
    ("other", "code", "context"),
    [
        (LSTMNetwork(1, 3, 2), "different_layers", {"first": "1 × 1", "second": "2 × 1"}),
        (LSTMNetwork(1, 3, bidirectional=True), "different_layers", {"first": "1 × 1", "second": "1 × 2"}),
        (LSTMNetwork(1, 4), "different_sizes", {"layer": 0, "first": 3, "second": 4}),
        (LSTMNetwork(1, 3, proj_size=2), "different_sizes", {"layer": 0, "first": 3, "second": 2}),
    ],
)
def test_runs_of_different_shapes_are_refused(other: LSTMNetwork, code: str, context: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="must be the same") as caught:
        compare(run_of(LSTMNetwork(1, 3)), run_of(other))
    assert (caught.value.code, caught.value.context) == (code, context)


def test_a_batch_is_refused() -> None:
    cell = LSTMSimpleCell(1, 2)
    with torch.no_grad(), pytest.raises(InvalidInput, match="batch"):
        compare(run_of(cell), trace(cell, torch.ones(5, 3, 1)))


def test_memory_stays_within_four_times_the_trace() -> None:
    run, other = large_run(bidirectional=True), large_run(bidirectional=True)
    size = sum(nbytes(layer) for layer in (*run.trace.layers, *other.trace.layers))
    with Allocations() as made:
        compare(run.trace, other.trace)
    assert made.total <= 4 * size
