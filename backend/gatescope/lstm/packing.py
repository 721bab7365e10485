"""The cell's four gates as torch.nn.LSTM packs them, and back."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell

# PyTorch stacks the rows of the four gates in this order: i, f, C̃ (its g), o.
PACKED_GATES = ("W_i", "W_f", "W_C", "W_o")


def from_torch(lstm: nn.LSTM) -> LSTMSimpleCell:
    """The cell that computes what a one-layer, one-directional `torch.nn.LSTM` computes.

    Its two biases add up to the one of the textbook. Weights are copied.

    Raises:
        InvalidInput: the LSTM has several layers, two directions or a projection.
    """
    unsupported = {
        f"num_layers={lstm.num_layers}": lstm.num_layers != 1,
        "bidirectional=True": lstm.bidirectional,
        f"proj_size={lstm.proj_size}": lstm.proj_size != 0,
    }
    for option, present in unsupported.items():
        if present:
            raise InvalidInput(
                f"one cell cannot stand for an nn.LSTM with {option}; a single layer of one direction is needed",
                code="unsupported_lstm",
                option=option,
            )
    return from_state_dict(lstm.state_dict())


def from_state_dict(state_dict: Mapping[str, Tensor]) -> LSTMSimpleCell:
    """The cell with the weights of a one-layer `torch.nn.LSTM`'s state dict.

    Args:
        state_dict: ``weight_ih_l0`` (4H, I), ``weight_hh_l0`` (4H, H) and, unless the LSTM has no bias,
            ``bias_ih_l0`` and ``bias_hh_l0`` (4H).
    """
    from_input, from_hidden = state_dict["weight_ih_l0"], state_dict["weight_hh_l0"]  # (4H, I), (4H, H)
    has_bias = "bias_ih_l0" in state_dict
    cell = LSTMSimpleCell(
        from_input.shape[1], from_hidden.shape[1], has_bias, device=from_input.device, dtype=from_input.dtype
    )
    weight = torch.cat([from_input, from_hidden], dim=1)  # (4H, I + H)
    with torch.no_grad():
        for name, rows in zip(PACKED_GATES, weight.chunk(4), strict=True):
            getattr(cell, name).weight.copy_(rows)
        if has_bias:
            bias = state_dict["bias_ih_l0"] + state_dict["bias_hh_l0"]  # (4H)
            for name, rows in zip(PACKED_GATES, bias.chunk(4), strict=True):
                getattr(cell, name).bias.copy_(rows)
    return cell


def to_state_dict(cell: LSTMSimpleCell) -> dict[str, Tensor]:
    """The cell's weights under the names of `torch.nn.LSTM`; the second bias is zero.

    Returns:
        ``weight_ih_l0`` (4H, I), ``weight_hh_l0`` (4H, H) and, if the cell has biases, ``bias_ih_l0`` and
        ``bias_hh_l0`` (4H); detached.
    """
    gates = [getattr(cell, name) for name in PACKED_GATES]
    weight = torch.cat([gate.weight.detach() for gate in gates])  # (4H, I + H)
    packed = {
        "weight_ih_l0": weight[:, : cell.input_size].contiguous(),  # (4H, I)
        "weight_hh_l0": weight[:, cell.input_size :].contiguous(),  # (4H, H)
    }
    if cell.W_f.bias is not None:
        packed["bias_ih_l0"] = torch.cat([gate.bias.detach() for gate in gates])  # (4H)
        packed["bias_hh_l0"] = torch.zeros_like(packed["bias_ih_l0"])  # (4H)
    return packed


def to_torch(cell: LSTMSimpleCell) -> nn.LSTM:
    """The one-layer `torch.nn.LSTM` that computes what the cell computes; weights are copied."""
    weight = cell.W_f.weight
    lstm = nn.LSTM(
        cell.input_size,
        cell.hidden_size,
        bias=cell.W_f.bias is not None,
        device=weight.device,
        dtype=weight.dtype,
    )
    lstm.load_state_dict(to_state_dict(cell))
    return lstm
