"""The cell state is the sum of what each past step wrote and what is left of the state before the first."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Allocations, Drawn, drawn_runs, large_run, nbytes, zero_weights

from gatescope.analysis import retention, writes
from gatescope.errors import InvalidInput


@given(drawn_runs(), st.data())
def test_the_parts_sum_to_the_cell_state(run: Drawn, data: st.DataObject) -> None:
    for index, layer, _ in run.layers:
        step = data.draw(st.integers(0, len(layer.cell_state) - 1))
        split = writes(run.trace, index, step)
        torch.testing.assert_close(
            split.initial + split.parts.sum(dim=0), layer.cell_state[step].double(), rtol=1e-5, atol=1e-5
        )
        assert float(split.residual.abs().max()) <= 1e-5 * max(1, float(layer.cell_state.abs().max()))


@given(drawn_runs(), st.data())
def test_a_part_is_what_its_step_wrote_and_the_unit_kept(run: Drawn, data: st.DataObject) -> None:
    for index, layer, _ in run.layers:
        steps, units = layer.cell_state.shape
        step, unit = data.draw(st.integers(0, steps - 1)), data.draw(st.integers(0, units - 1))
        split = writes(run.trace, index, step, [unit])
        backward = layer.direction == "backward"
        assert split.steps.tolist() == (list(range(steps - 1, step - 1, -1)) if backward else list(range(step + 1)))
        memory = retention(run.trace, index, unit)
        written = layer.input_gate[:, unit].double() * layer.candidate[:, unit].double()
        expected = torch.stack([written[s] * memory.retained[s, step] for s in split.steps.tolist()])
        torch.testing.assert_close(split.parts[:, 0], expected)
        first = int(split.steps[0])
        start = layer.initial_state.cell_state[unit].double() * layer.forget_gate[first, unit].double()
        torch.testing.assert_close(split.initial[0], start * memory.retained[first, step])


@given(drawn_runs())
def test_shares_are_sizes_that_sum_to_one(run: Drawn) -> None:
    parts, initial = writes(run.trace, 0, 0).shares
    torch.testing.assert_close(parts.sum(dim=0) + initial, torch.ones_like(initial))


def test_where_nothing_was_written_no_share_is_claimed() -> None:
    parts, initial = writes(zero_weights(1.0), 0, 5).shares
    assert bool((parts == 0).all())
    assert bool((initial == 0).all())


def test_chosen_units_are_those_among_all() -> None:
    run = large_run(50, 6)
    every, some = writes(run.trace, 0, 30), writes(run.trace, 0, 30, [4, 1])
    torch.testing.assert_close(some.parts, every.parts[:, [4, 1]])
    torch.testing.assert_close(some.cell_state, every.cell_state[[4, 1]])


@pytest.mark.parametrize(("units", "columns"), [([5], 1), (None, 128)])
def test_memory_is_linear_in_what_is_asked_for(units: list[int] | None, columns: int) -> None:
    run = large_run(bidirectional=True)
    for index, layer, _ in run.layers:
        step = 0 if layer.direction == "backward" else 999
        with Allocations() as made:
            split = writes(run.trace, index, step, units)
        assert split.parts.shape == (1000, columns)
        assert made.total <= 4 * nbytes(layer) * max(columns, 2) / 128


@pytest.mark.parametrize(("arguments", "field"), [((1, 0), "layer"), ((0, 11), "step"), ((0, 0, [2]), "units")])
def test_what_is_not_there_is_refused(arguments: tuple[int, int], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        writes(zero_weights(1.0), *arguments)
    assert caught.value.field == field
