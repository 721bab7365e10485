"""What could overflow is refused, by a rule that knows no order of a sum; what is let through is finite everywhere."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from gatescope import Intervention, LSTMNetwork, LSTMSimpleCell, agreement, trace
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import DIRECTIONS, Step
from gatescope.lstm.magnitude import check_magnitudes

LARGEST = torch.finfo(torch.float32).max / 2
Model = LSTMSimpleCell | LSTMNetwork


def filled(model: Model, **values: float) -> Model:
    """The model with all weights and biases 0 but for those named."""
    for name, parameter in model.named_parameters():
        nn.init.constant_(parameter, values.get(name.replace(".", "_"), 0.0))
    return model


def verdict(model: Model, x: Tensor, state: Any = None, held: Sequence[Intervention] = ()) -> tuple[str, int] | None:
    """The quantity and the step that are refused; None where the run is let through."""
    with torch.no_grad():
        run = trace(model, x, state, held)
    try:
        check_magnitudes(model, run, held)
    except InvalidInput as error:
        step = error.context["step"]
        assert isinstance(step, int)
        return str(error.context["quantity"]), step
    return None


def above(value: float) -> float:
    return float(torch.nextafter(torch.tensor(value), torch.tensor(math.inf)))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_terms_of_a_sum_may_reach_half_of_the_largest_number_together(sign: int) -> None:
    cell = filled(LSTMSimpleCell(1, 1, bias=False), W_i_weight=2.0)  # two terms: of x and of h
    most = LARGEST / 4
    assert verdict(cell, torch.tensor([[0.0], [sign * most]])) is None
    assert verdict(cell, torch.tensor([[0.0], [sign * above(most)], [0.0]])) == ("input_gate", 1)


def test_a_bias_is_a_term_as_any_other() -> None:
    assert verdict(filled(LSTMSimpleCell(1, 1), W_o_bias=LARGEST / 3 * 0.999), torch.zeros(2, 1)) is None
    assert verdict(filled(LSTMSimpleCell(1, 1), W_o_bias=LARGEST / 3 * 1.001), torch.zeros(2, 1)) == ("output_gate", 0)


def test_what_comes_from_the_hidden_state_counts_from_the_second_step_on() -> None:
    cell = filled(LSTMSimpleCell(1, 1), W_f_weight=3e38)
    assert verdict(cell, torch.zeros(1, 1)) is None
    assert verdict(cell, torch.zeros(3, 1)) == ("forget_gate", 1)
    assert verdict(cell, torch.zeros(3, 1), (torch.ones(1), torch.zeros(1))) == ("forget_gate", 0)


def test_a_layer_above_gets_at_most_1_of_each_unit() -> None:
    network = filled(LSTMNetwork(1, 2, 2), cells_1_W_C_weight=3e38)
    assert verdict(network, torch.zeros(4, 1)) == ("candidate", 0)
    assert verdict(filled(network, cells_1_W_C_weight=LARGEST / 5 * 0.999), torch.zeros(4, 1)) is None


def test_backward_the_last_step_is_computed_first() -> None:
    network = filled(LSTMNetwork(1, 1, bidirectional=True), cells_1_W_i_weight=1.0)
    x = torch.tensor([[0.0], [3e38], [3e38], [0.0]])
    assert verdict(network, x) == ("input_gate", 2)


def test_a_projection_and_a_read_out_are_sums_too() -> None:
    projected = LSTMNetwork(1, 3, proj_size=2)
    assert verdict(filled(projected, cells_0_W_h_weight=3e38), torch.zeros(3, 1)) == ("hidden_state", 0)
    network = LSTMNetwork(1, 3)
    network.read_out = nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=-1))
    assert verdict(filled(network, read_out_0_weight=3e38), torch.zeros(3, 1)) == ("output", 0)
    held = [Intervention("hidden_state", -9.0, first=2, units=(1,))]
    assert verdict(filled(network, read_out_0_weight=3e37), torch.zeros(4, 1)) is None
    assert verdict(network, torch.zeros(4, 1), None, held) == ("output", 2)


def test_a_cell_state_grows_by_what_its_gates_are_held_at() -> None:
    cell = filled(LSTMSimpleCell(1, 1))
    held = Intervention("forget_gate", -4.0)
    start = (torch.zeros(1), torch.full((1,), 2.0**10))
    # |C_t| ≤ 4·|C_{t−1}| + 1: 2^10 becomes a little more than 2^126 in 58 steps, and than 2^128 in one more
    assert verdict(cell, torch.zeros(58, 1), start, [held]) is None
    assert verdict(cell, torch.zeros(90, 1), start, [held]) == ("cell_state", 58)
    assert verdict(cell, torch.zeros(90, 1), start, [Intervention("forget_gate", 1.0)]) is None
    assert verdict(cell, torch.zeros(90, 1), start, [held, Intervention("forget_gate", 1.0, first=58)]) is None
    assert verdict(cell, torch.zeros(60, 1), start, [held, Intervention("cell_state", 0.0, first=58)]) is None
    assert verdict(cell, torch.zeros(3, 1), None, [Intervention("candidate", 3e38, first=1)]) == ("cell_state", 1)
    assert verdict(cell, torch.zeros(3, 1), (torch.zeros(1), torch.full((1,), 3e38))) == ("cell_state", 0)


@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_what_is_no_number_is_refused(value: float) -> None:
    assert verdict(filled(LSTMSimpleCell(1, 1), W_i_weight=value), torch.zeros(2, 1)) == ("input_gate", 0)
    assert verdict(filled(LSTMSimpleCell(1, 1), W_i_bias=value), torch.zeros(2, 1)) == ("input_gate", 0)
    assert verdict(filled(LSTMSimpleCell(1, 1)), torch.tensor([[0.0], [value]])) == ("forget_gate", 1)


def test_float64_has_a_limit_of_its_own() -> None:
    cell = filled(LSTMSimpleCell(1, 1, dtype=torch.float64), W_i_weight=1e200)
    assert verdict(cell, torch.tensor([[1e100]], dtype=torch.float64)) is None
    assert verdict(cell, torch.tensor([[1e200]], dtype=torch.float64)) == ("input_gate", 0)


numbers = st.floats(-(2.0**127), 2.0**127, width=32) | st.sampled_from(
    [0.0, 1.0, -1.0, 1e19, -1e19, 3e38, -3e38, 1e-30]
)


@settings(max_examples=60)
@given(data=st.data(), features=st.integers(1, 5), units=st.integers(1, 3), steps=st.integers(1, 4))
def test_the_order_and_the_signs_of_the_features_make_no_difference(
    data: st.DataObject, features: int, units: int, steps: int
) -> None:
    def drawn(*shape: int) -> Tensor:
        size = math.prod(shape)
        return torch.tensor(data.draw(st.lists(numbers, min_size=size, max_size=size))).reshape(shape)

    network = LSTMNetwork(features, units, 2)
    with torch.no_grad():
        for gate in ("W_f", "W_i", "W_C", "W_o"):
            weight = getattr(network.first_cell, gate).weight
            weight[:, :features] = drawn(units, features) / data.draw(st.sampled_from([1, 1e18, 1e36]))
    x = drawn(steps, features) / data.draw(st.sampled_from([1, 1e18, 1e36]))
    expected = verdict(network, x)
    order = data.draw(st.permutations(range(features)))
    signs = torch.tensor(data.draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=features, max_size=features)))
    with torch.no_grad():
        for gate in ("W_f", "W_i", "W_C", "W_o"):
            weight = getattr(network.first_cell, gate).weight
            weight[:, :features] = weight[:, order] * signs
    assert verdict(network, x[:, order]) == expected


@settings(max_examples=60)
@given(
    data=st.data(),
    seed=st.integers(0, 2**31),
    layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    proj_size=st.integers(0, 3),
    size=st.sampled_from([1.0, 1e9, 1e18, 1e36, 1e37, 1e38]),
)
def test_what_is_let_through_is_finite_in_every_way_to_compute_it(
    data: st.DataObject, seed: int, layers: int, bidirectional: bool, proj_size: int, size: float
) -> None:
    torch.manual_seed(seed)
    network = LSTMNetwork(3, 4, layers, bidirectional=bidirectional, proj_size=proj_size)
    network.read_out = nn.Linear(network.first_cell.output_size * len(network.directions), 2)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(data.draw(st.sampled_from([1.0, 1.0, size])))
    x = torch.randn(6, 3) * data.draw(st.sampled_from([1.0, 1e19, 1e37]))
    layer, value = data.draw(st.integers(0, layers - 1)), data.draw(st.sampled_from([0.0, 3.0, 1e19, -1e38]))
    held = [Intervention(data.draw(st.sampled_from(Step._fields)), value, layer, units=(0,), first=1)]
    held = held if data.draw(st.booleans()) else []
    if verdict(network, x, None, held) is not None:
        return
    with torch.no_grad():
        run = trace(network, x, None, held)
        assert run.output is not None
        assert run.output.isfinite().all()
        assert all(getattr(layer, name).isfinite().all() for layer in run.layers for name in Step._fields)
    plain = trace(network, x.requires_grad_(), None, held)  # where a gradient is asked for, the plain loop runs
    assert all(getattr(layer, name).isfinite().all() for layer in plain.layers for name in Step._fields)
    if not held:
        assert math.isfinite(agreement(network, run).largest)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_usual_run_is_let_through(direction: str) -> None:
    torch.manual_seed(0)
    network = LSTMNetwork(3, 16, 2, bidirectional=direction == "backward")
    assert verdict(network, torch.randn(5_000, 3) * 1e30) is None
