"""A changed model computes what torch.nn.LSTM computes with the same numbers changed; the one it came from stays."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.drawn import Drawn, drawn_runs
from torch import Tensor, nn

from gatescope import ForgetBiasChange, LSTMNetwork, LSTMSimpleCell, WeightChange, to_state_dict, trace, with_changes
from gatescope.errors import InvalidInput
from gatescope.lstm.change import Change
from gatescope.lstm.packing import suffix


@st.composite
def weight_changes(draw: st.DrawFn, tensors: dict[str, Tensor]) -> dict[str, Any]:
    """What a `WeightChange` is made of; made outside, since its types are checked with random samples of them."""
    name = draw(st.sampled_from(sorted(tensors)))
    place = [draw(st.integers(0, size - 1)) for size in tensors[name].shape]
    column = place[1] if len(place) == 2 else None
    return {"name": name, "row": place[0], "value": draw(st.floats(-2, 2, width=32)), "column": column}


@st.composite
def forget_bias_changes(draw: st.DrawFn, network: LSTMNetwork) -> dict[str, Any]:
    units = st.lists(st.integers(0, network.first_cell.hidden_size - 1), min_size=1).map(tuple)
    return {
        "value": draw(st.floats(-2, 2, width=32)),
        "layer": draw(st.integers(0, network.num_layers - 1)),
        "direction": draw(st.sampled_from(network.directions)),
        "units": draw(st.none() | units),
    }


def edited(tensors: dict[str, Tensor], change: Change) -> None:
    """The change made by hand in a state dict of torch."""
    if isinstance(change, WeightChange):
        place = change.row if change.column is None else (change.row, change.column)
        tensors[change.name][place] = change.value
        return
    end, size = suffix(change.layer, change.direction), len(tensors["bias_ih_l0"]) // 4
    for unit in range(size) if change.units is None else change.units:
        tensors[f"bias_ih{end}"][size + unit] = change.value  # i, f, …: the second quarter
        tensors[f"bias_hh{end}"][size + unit] = 0


@settings(max_examples=60)
# Short and in float64: a chaotic run doubles its rounding at each step.
@given(data=st.data(), run=drawn_runs(dtypes=[torch.float64], most_steps=10))
def test_a_changed_network_computes_what_torch_computes_with_the_same_numbers(data: st.DataObject, run: Drawn) -> None:
    before = run.network.to_state_dict()
    kinds = weight_changes(before)
    if run.network.first_cell.W_f.bias is not None:
        kinds |= forget_bias_changes(run.network)
    drawn = data.draw(st.lists(kinds, min_size=1, max_size=5))
    changes: list[Change] = [(WeightChange if "name" in each else ForgetBiasChange)(**each) for each in drawn]
    tensors = run.network.to_state_dict()
    for change in changes:
        edited(tensors, change)
    reference = run.network.to_torch()
    reference.load_state_dict(tensors)
    with torch.no_grad():
        after = trace(with_changes(run.network, changes), run.x, run.state)
        expected, _ = reference(run.x, run.state)
    layers = after.layers[-len(run.network.directions) :]
    hidden_state = torch.cat([layer.hidden_state for layer in layers], dim=-1)
    torch.testing.assert_close(hidden_state, expected, rtol=1e-9, atol=1e-9)
    for name, tensor in run.network.to_state_dict().items():
        assert torch.equal(tensor, before[name]), "the network that was changed is a copy"


def test_a_forget_bias_set_is_the_sum_of_both_biases_of_torch() -> None:
    lstm = nn.LSTM(2, 3)
    network = LSTMNetwork.from_torch(lstm)
    bias = with_changes(network, [ForgetBiasChange(3.0, units=(1,))]).first_cell.W_f.bias
    before = (lstm.state_dict()["bias_ih_l0"] + lstm.state_dict()["bias_hh_l0"])[3:6]
    torch.testing.assert_close(bias, torch.stack([before[0], torch.tensor(3.0), before[2]]))


@pytest.mark.parametrize("forget_bias", [0.0, 1.0, 3.0])
def test_of_a_cell_with_zero_weights_the_forget_gate_is_the_sigmoid_of_the_bias_set(forget_bias: float) -> None:
    cell = LSTMSimpleCell(1, 2)
    for parameter in cell.parameters():
        nn.init.zeros_(parameter)
    gate = trace(with_changes(cell, [ForgetBiasChange(forget_bias)]), torch.ones(4, 1)).layers[0].forget_gate
    torch.testing.assert_close(gate, torch.full((4, 2), forget_bias).sigmoid())


def test_of_two_changes_of_one_number_the_later_wins() -> None:
    cell = LSTMSimpleCell(2, 3)
    changes: list[Change] = [
        WeightChange("bias_ih_l0", 4, 5.0),
        ForgetBiasChange(1.0),
        WeightChange("bias_ih_l0", 4, 0.5),
    ]
    changed = with_changes(cell, changes)
    assert changed.W_f.bias.tolist() == [1, 0.5, 1]
    assert torch.equal(to_state_dict(changed)["weight_ih_l0"], to_state_dict(cell)["weight_ih_l0"])


def test_what_is_not_changed_is_shared_and_a_frozen_model_stays_frozen() -> None:
    network = LSTMNetwork(2, 3, 2, batch_first=True).requires_grad_(False)
    network.front, network.read_out = nn.Linear(4, 2), nn.Linear(3, 1)
    changed = with_changes(network, [ForgetBiasChange(1.0, layer=1)])
    assert changed.cells[0] is network.cells[0]
    assert changed.cells[1] is not network.cells[1]
    assert (changed.front, changed.read_out) == (network.front, network.read_out)
    assert changed.batch_first
    assert not any(parameter.requires_grad for parameter in changed.cells.parameters())


WRONG: list[tuple[Any, dict[str, Any], str, str]] = [
    (WeightChange, {"name": "weight_hh_l1"}, "name", "no_such_tensor"),
    (WeightChange, {"name": "weight_hr_l0", "column": 0}, "name", "no_such_tensor"),
    (WeightChange, {"name": "read_out.weight"}, "name", "no_such_tensor"),
    (WeightChange, {"row": 16}, "row", "no_such_row"),
    (WeightChange, {"row": -1}, "row", "no_such_row"),
    (WeightChange, {"column": 4}, "column", "no_such_column"),
    (WeightChange, {"column": -1}, "column", "no_such_column"),
    (WeightChange, {"column": None}, "column", "column_missing"),
    (WeightChange, {"name": "bias_hh_l0"}, "column", "bias_column"),
    (WeightChange, {"value": float("nan")}, "value", "not_finite_value"),
    (WeightChange, {"value": 1e39}, "value", "not_finite_value"),
    (ForgetBiasChange, {"value": float("inf")}, "value", "not_finite_value"),
    (ForgetBiasChange, {"layer": 1}, "layer", "no_such_layer"),
    (ForgetBiasChange, {"direction": "backward"}, "direction", "no_such_direction"),
    (ForgetBiasChange, {"units": (0, 4)}, "units", "no_such_unit"),
]


@pytest.mark.parametrize(("kind", "wrong", "field", "code"), WRONG)
@pytest.mark.parametrize("model", [LSTMSimpleCell(1, 4), LSTMNetwork(1, 4)])
def test_what_is_not_there_cannot_be_changed(
    model: Any, kind: Any, wrong: dict[str, Any], field: str, code: str
) -> None:
    right = {"name": "weight_hh_l0", "row": 0, "column": 3} if kind is WeightChange else {}
    with pytest.raises(InvalidInput) as caught:
        with_changes(model, [ForgetBiasChange(1.0), kind(**{"value": 0.0, **right, **wrong})])
    assert (caught.value.field, caught.value.code) == (f"changes.1.{field}", code)


def test_a_model_without_biases_has_no_forget_bias_to_set() -> None:
    changes: list[Change] = [ForgetBiasChange(1.0), WeightChange("bias_ih_l0", 0, 1.0)]
    for change in changes:
        with pytest.raises(InvalidInput) as caught:
            with_changes(LSTMNetwork(1, 2, bias=False), [change])
        assert caught.value.code in ("no_bias", "no_such_tensor")
