from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gatescope import LSTMSimpleCell, from_state_dict, from_torch, to_state_dict, to_torch
from gatescope.errors import InvalidInput

sizes = st.integers(1, 9)


@given(sizes, sizes, st.booleans(), st.sampled_from([torch.float32, torch.float64]))
def test_weights_go_to_torch_and_back_exactly(inputs: int, units: int, bias: bool, dtype: torch.dtype) -> None:
    cell = LSTMSimpleCell(inputs, units, bias, dtype=dtype)
    back = from_torch(to_torch(cell))
    assert [name for name, _ in back.named_parameters()] == [name for name, _ in cell.named_parameters()]
    for before, after in zip(cell.parameters(), back.parameters(), strict=True):
        assert after.dtype == dtype
        assert torch.equal(before, after)


@given(sizes, sizes)
def test_the_two_biases_of_torch_add_up(inputs: int, units: int) -> None:
    lstm = nn.LSTM(inputs, units)
    cell = from_torch(lstm)
    weights = lstm.state_dict()
    both = weights["bias_ih_l0"] + weights["bias_hh_l0"]
    packed = torch.cat([cell.W_i.bias, cell.W_f.bias, cell.W_C.bias, cell.W_o.bias])
    assert torch.equal(packed, both)


def test_the_cell_holds_copies() -> None:
    lstm = nn.LSTM(2, 3)
    cell = from_torch(lstm)
    before = cell.W_f.weight.detach().clone()
    with torch.no_grad():
        lstm.state_dict()["weight_ih_l0"].zero_()
    assert torch.equal(cell.W_f.weight, before)


def test_a_state_dict_is_what_torch_calls_it() -> None:
    lstm = nn.LSTM(2, 3)
    lstm.load_state_dict(to_state_dict(LSTMSimpleCell(2, 3)), strict=True)
    assert set(to_state_dict(LSTMSimpleCell(2, 3, bias=False))) == {"weight_ih_l0", "weight_hh_l0"}
    assert from_state_dict(to_state_dict(LSTMSimpleCell(2, 3, bias=False))).W_f.bias is None


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"num_layers": 2}, "num_layers=2"),
        ({"bidirectional": True}, "bidirectional=True"),
    ],
)
def test_an_lstm_that_one_cell_cannot_stand_for_is_refused_by_name(options: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        from_torch(nn.LSTM(2, 3, **options))
