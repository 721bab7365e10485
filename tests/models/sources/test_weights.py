from typing import Any

import pytest
import torch
from torch import nn

from gatescope import trace
from gatescope.errors import InvalidInput
from gatescope.models.sources.weights import cell_from_lists


def lists(lstm: nn.LSTM) -> dict[str, Any]:
    return {name: tensor.tolist() for name, tensor in lstm.state_dict().items()}


@pytest.mark.parametrize("bias", [True, False])
def test_a_state_dict_as_lists_gives_the_same_lstm(bias: bool) -> None:
    lstm = nn.LSTM(3, 5, bias=bias)
    x = torch.randn(7, 3)
    (layer,) = trace(cell_from_lists(lists(lstm), 3), x).layers
    torch.testing.assert_close(layer.hidden_state, lstm(x)[0], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "wrong", "code", "field"),
    [
        ("weight_ih_l0", None, "missing_tensor", "state_dict.weight_ih_l0"),
        ("bias_hh_l0", None, "missing_tensor", "state_dict.bias_hh_l0"),
        ("weight_ih_l1", [[1.0]], "unknown_tensor", "state_dict"),
        ("weight_hh_l0", [[1.0, 2.0], [1.0]], "not_a_tensor", "state_dict.weight_hh_l0"),
        ("weight_hh_l0", [["a"]], "not_a_tensor", "state_dict.weight_hh_l0"),
        ("weight_hh_l0", [1.0, 2.0], "wrong_shape", "state_dict.weight_hh_l0"),
        ("weight_hh_l0", [], "wrong_shape", "state_dict.weight_hh_l0"),
        ("weight_hh_l0", [[1.0, 2.0]], "wrong_shape", "state_dict.weight_hh_l0"),
        ("weight_ih_l0", [[1.0, 2.0, 3.0]] * 16, "wrong_shape", "state_dict.weight_ih_l0"),
        ("bias_ih_l0", [0.0] * 19, "wrong_shape", "state_dict.bias_ih_l0"),
        ("bias_ih_l0", [0.0] * 18 + [float("nan"), 0.0], "not_finite", "state_dict.bias_ih_l0.18"),
        ("weight_ih_l0", [[0.0, 0.0, 1e39]] * 20, "not_finite", "state_dict.weight_ih_l0.0.2"),
    ],
)
def test_each_mistake_is_named_with_its_place(name: str, wrong: Any, code: str, field: str) -> None:
    weights = {**lists(nn.LSTM(3, 5)), name: wrong}
    if wrong is None:
        del weights[name]
    with pytest.raises(InvalidInput) as raised:
        cell_from_lists(weights, 3)
    assert (raised.value.code, raised.value.field) == (code, field)


def test_a_sequence_with_other_features_is_told_from_a_wrong_tensor() -> None:
    with pytest.raises(InvalidInput, match=r"it must be \(20, 4\), for hidden size 5 and 4 features in the sequence"):
        cell_from_lists(lists(nn.LSTM(3, 5)), 4)
