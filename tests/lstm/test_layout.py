import pytest
import torch
from torch import nn

from gatescope.errors import InvalidInput
from gatescope.lstm.layout import Layout


@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("proj_size", [0, 2])
@pytest.mark.parametrize("bias", [False, True])
def test_the_sizes_of_an_lstm_are_told_by_its_tensors(
    num_layers: int, bidirectional: bool, proj_size: int, bias: bool
) -> None:
    lstm = nn.LSTM(3, 4, num_layers, bias=bias, bidirectional=bidirectional, proj_size=proj_size)
    weights = lstm.state_dict()
    layout = Layout.of(weights)
    assert layout == Layout(3, 4, proj_size, num_layers, bidirectional, bias)
    assert layout.shapes() == {name: tuple(tensor.shape) for name, tensor in weights.items()}
    assert layout.output_size == lstm(torch.zeros(1, 3))[0].shape[1]


@pytest.mark.parametrize("number", ["4", "999999999999", "9" * 5000, "0" * 5000])
def test_a_layer_beyond_the_number_of_tensors_is_refused_by_its_name(number: str) -> None:
    weights = nn.LSTM(3, 4).state_dict() | {f"weight_ih_l{number}": torch.zeros(16, 4)}
    with pytest.raises(InvalidInput) as raised:
        Layout.of(weights)
    assert raised.value.code in ("unknown_tensor", "missing_tensor")
