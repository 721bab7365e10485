from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gatescope import LSTMSimpleCell, Trace, agreement, trace
from gatescope.models.sources.random import random_model
from gatescope.sequences import from_signal


@given(
    st.integers(1, 30), st.integers(1, 20), st.sampled_from([(), (3,)]), st.sampled_from([torch.float32, torch.float64])
)
def test_a_true_trace_agrees(steps: int, units: int, batch: tuple[int, ...], dtype: torch.dtype) -> None:
    cell = LSTMSimpleCell(2, units, dtype=dtype)
    x = torch.randn(steps, *batch, 2, dtype=dtype)
    comparison = agreement(cell, trace(cell, x))
    assert comparison.holds
    assert comparison.largest == max(comparison.hidden_state, comparison.cell_state)


@pytest.mark.parametrize("name", ["hidden_state", "cell_state"])
@pytest.mark.parametrize("step", [0, 4, 9])
def test_one_wrong_value_anywhere_is_found(name: str, step: int) -> None:
    cell, x = LSTMSimpleCell(2, 5), torch.randn(10, 2)
    (layer,) = trace(cell, x).layers
    tensor = getattr(layer, name).detach().clone()
    tensor[step, 3] += 0.01
    comparison = agreement(cell, Trace((replace(layer, **{name: tensor}),), x))
    assert not comparison.holds
    assert comparison.largest == pytest.approx(0.01, rel=1e-3)


def test_a_wrong_weight_is_found() -> None:
    cell, x = LSTMSimpleCell(2, 5), torch.randn(10, 2)
    traced = trace(cell, x)
    with torch.no_grad():
        cell.W_o.weight[2, 1] += 0.1
    assert not agreement(cell, traced).holds


def test_the_initial_state_is_part_of_the_comparison() -> None:
    cell, x = LSTMSimpleCell(2, 5), torch.randn(4, 2)
    assert agreement(cell, trace(cell, x, (torch.randn(5), torch.randn(5)))).holds


def test_rounding_is_allowed_to_grow_with_the_cell_state() -> None:
    cell = LSTMSimpleCell(1, 1)
    with torch.no_grad():
        for gate in (cell.W_f, cell.W_i, cell.W_C):
            gate.weight.zero_()
            gate.bias.fill_(20)  # all gates open: C counts the steps
    comparison = agreement(cell, trace(cell, torch.zeros(500, 1)))
    assert comparison.tolerance == pytest.approx(500e-6, rel=1e-3)


def test_rounding_may_grow_from_step_to_step_as_it_does_in_the_reference() -> None:
    model = random_model(1, 16, initialisation="xavier", forget_bias=8.0, steps=300, seed=0).cell
    x = torch.from_numpy(from_signal("sunspots", 300, scaling="zscore").values).float()  # (T, 1)
    traced = trace(model, x)
    assert agreement(model, traced).holds
    model.W_f.weight.data[0, 0] += 0.1
    assert not agreement(model, traced).holds


@pytest.mark.parametrize(("away", "holds"), [(2, True), (4, False)])
def test_what_the_reference_itself_is_off_is_allowed_four_times(away: int, holds: bool) -> None:
    """The reference is off by ten tolerances to one side, the trace by so many times that to the other."""
    torch.manual_seed(0)
    cell, x, off = LSTMSimpleCell(1, 2), torch.randn(20, 1), 1e-5
    (layer,) = trace(cell, x).layers
    exact = layer.hidden_state.detach().double()
    traced = Trace((replace(layer, hidden_state=(exact - away * off).float()),), x)
    comparison = agreement(cell, traced, output=(exact + off).float())
    assert comparison.largest == pytest.approx((away + 1) * off, rel=0.1)
    assert comparison.largest > 1e-6
    assert comparison.holds == holds
