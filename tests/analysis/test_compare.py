"""Two runs are compared step beside step; what cannot be compared is refused with what differs."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Allocations, Drawn, drawn_runs, large_run, nbytes
from tests.wire import QUANTITIES

from gatescope import LSTMNetwork, LSTMSimpleCell, trace
from gatescope.analysis import compare, compare_outputs, compare_quantity
from gatescope.errors import InvalidInput
from gatescope.lstm.trace import Trace


@torch.no_grad()
def run_of(network: LSTMNetwork | LSTMSimpleCell, steps: int = 6) -> Trace:
    return trace(network, torch.ones(steps, 1))


@given(drawn_runs(), st.integers(1, 40))
def test_the_difference_is_taken_over_the_common_steps(run: Drawn, steps: int) -> None:
    with torch.no_grad():
        other = trace(run.network, torch.randn(steps, run.input_size, dtype=run.dtype))
    comparison = compare(run.trace, other)
    assert comparison.steps == (len(run.x), steps)
    assert comparison.common == min(len(run.x), steps)
    for first, second, layer in zip(run.trace.layers, other.layers, comparison.layers, strict=True):
        assert (layer.layer, layer.direction) == (first.layer, first.direction)
        assert tuple(layer.differences) == QUANTITIES
        for name, difference in layer.differences.items():
            values = getattr(second, name)[: comparison.common] - getattr(first, name)[: comparison.common]
            torch.testing.assert_close(difference.values, values)
            assert difference.largest == float(values.abs().max())
            assert abs(float(values[difference.step, difference.unit])) == difference.largest
            squares = values.double().square()
            torch.testing.assert_close(difference.rms_of_steps.square(), squares.mean(dim=1))
            torch.testing.assert_close(difference.rms_of_units.square(), squares.mean(dim=0))


@given(drawn_runs(), st.sampled_from(QUANTITIES))
def test_of_one_quantity_the_same_is_told_as_of_all(run: Drawn, name: str) -> None:
    with torch.no_grad():
        other = trace(run.network, run.x.flip(0))
    for index, layer in enumerate(compare(run.trace, other).layers):
        difference, expected = compare_quantity(run.trace, other, index, name), layer.differences[name]
        assert (difference.largest, difference.step, difference.unit) == (
            expected.largest,
            expected.step,
            expected.unit,
        )
        assert torch.equal(difference.values, expected.values)
        assert torch.equal(difference.rms_of_units, expected.rms_of_units)


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
    assert compare_outputs(run_of(LSTMNetwork(1, 3)), first) is None


@pytest.mark.parametrize(
    ("layer", "quantity", "code"), [(1, "cell_state", "no_such_layer"), (0, "layer", "no_such_quantity")]
)
def test_a_layer_or_a_quantity_that_is_not_there_is_named(layer: int, quantity: str, code: str) -> None:
    run = run_of(LSTMNetwork(1, 3))
    with pytest.raises(InvalidInput) as caught:
        compare_quantity(run, run, layer, quantity)
    assert caught.value.code == code


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
    first, second = run_of(LSTMNetwork(1, 3)), run_of(other)
    for ask in (lambda: compare(first, second), lambda: compare_quantity(first, second, 0, "forget_gate")):
        with pytest.raises(InvalidInput, match="must be the same") as caught:
            ask()
        assert (caught.value.field, caught.value.code, caught.value.context) == ("second", code, context)


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


def test_of_one_quantity_nothing_else_is_computed() -> None:
    run, other = large_run(), large_run()
    one = int(run.trace.layers[0].cell_state.nbytes) + int(other.trace.layers[0].cell_state.nbytes)
    with Allocations() as made:
        compare_quantity(run.trace, other.trace, 0, "cell_state")
    assert made.total <= 2 * one
