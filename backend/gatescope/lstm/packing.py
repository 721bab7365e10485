"""The cell's four gates as torch.nn.LSTM packs them, and back."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell

# PyTorch stacks the rows of the four gates in this order: i, f, C̃ (its g), o.
PACKED_GATES = ("W_i", "W_f", "W_C", "W_o")


def suffix(layer: int, direction: str) -> str:
    """The end of the name of a tensor in PyTorch: ``_l0``, or ``_l0_reverse`` for the backward direction."""
    return f"_l{layer}{'_reverse' if direction == 'backward' else ''}"


def check_is_lstm(source: object) -> None:
    """Refuses the modules that are no LSTM.

    Raises:
        InvalidInput: it is a GRU, a plain RNN, or a module around an LSTM.
    """
    if isinstance(source, nn.Module) and not isinstance(source, nn.LSTM | nn.LSTMCell):
        kind = type(source).__name__
        raise InvalidInput(
            f"a {kind} is no LSTM; give an nn.LSTM, an nn.LSTMCell, or such a part of it",
            field="model",
            code="not_an_lstm",
            kind=kind,
        )


def from_torch(lstm: nn.LSTM) -> LSTMSimpleCell:
    """The cell that computes what a one-layer, one-directional `torch.nn.LSTM` computes.

    Its two biases add up to the one of the textbook. Weights are copied.

    Raises:
        InvalidInput: it is no LSTM, or has several layers or two directions; `LSTMNetwork.from_torch` takes those.
    """
    check_is_lstm(lstm)
    unsupported = {
        f"num_layers={lstm.num_layers}": lstm.num_layers != 1,
        "bidirectional=True": lstm.bidirectional,
    }
    for option, present in unsupported.items():
        if present:
            raise InvalidInput(
                f"one cell cannot stand for an nn.LSTM with {option}; use LSTMNetwork.from_torch",
                code="unsupported_lstm",
                option=option,
            )
    return from_state_dict(lstm.state_dict())


def from_state_dict(state_dict: Mapping[str, Tensor], end: str = "_l0") -> LSTMSimpleCell:
    """The cell with the weights of one layer and direction in a `torch.nn.LSTM`'s state dict.

    Args:
        state_dict: ``weight_ih`` (4H, I), ``weight_hh`` (4H, H), or (4H, P) with ``weight_hr`` (P, H) for a projection,
            and, unless the LSTM has no bias, ``bias_ih`` and ``bias_hh`` (4H); each name followed by `end`.
        end: the layer and direction, such as ``_l1_reverse``; empty for the names of `torch.nn.LSTMCell`.
    """
    from_input, from_hidden = state_dict[f"weight_ih{end}"], state_dict[f"weight_hh{end}"]  # (4H, I), (4H, P)
    projection = state_dict.get(f"weight_hr{end}")  # (P, H)
    has_bias = f"bias_ih{end}" in state_dict
    cell = LSTMSimpleCell(
        from_input.shape[1],
        from_input.shape[0] // 4,
        has_bias,
        device=from_input.device,
        dtype=from_input.dtype,
        proj_size=0 if projection is None else projection.shape[0],
    )
    weight = torch.cat([from_input, from_hidden], dim=1)  # (4H, I + P)
    with torch.no_grad():
        for name, rows in zip(PACKED_GATES, weight.chunk(4), strict=True):
            getattr(cell, name).weight.copy_(rows)
        if has_bias:
            bias = state_dict[f"bias_ih{end}"] + state_dict[f"bias_hh{end}"]  # (4H)
            for name, rows in zip(PACKED_GATES, bias.chunk(4), strict=True):
                getattr(cell, name).bias.copy_(rows)
        if cell.W_h is not None and projection is not None:
            cell.W_h.weight.copy_(projection)
    return cell


def to_state_dict(cell: LSTMSimpleCell, end: str = "_l0") -> dict[str, Tensor]:
    """The cell's weights under the names of `torch.nn.LSTM`, as `from_state_dict` takes them; the second bias is zero.

    Returns:
        Detached copies.
    """
    gates = [getattr(cell, name) for name in PACKED_GATES]
    weight = torch.cat([gate.weight.detach() for gate in gates])  # (4H, I + P)
    packed = {
        f"weight_ih{end}": weight[:, : cell.input_size].contiguous(),  # (4H, I)
        f"weight_hh{end}": weight[:, cell.input_size :].contiguous(),  # (4H, P)
    }
    if cell.W_f.bias is not None:
        bias = torch.cat([gate.bias.detach() for gate in gates])  # (4H)
        packed |= {f"bias_ih{end}": bias, f"bias_hh{end}": torch.zeros_like(bias)}
    if cell.W_h is not None:
        packed[f"weight_hr{end}"] = cell.W_h.weight.detach().clone()  # (P, H)
    return packed


def to_torch(cell: LSTMSimpleCell) -> nn.LSTM:
    """The one-layer `torch.nn.LSTM` that computes what the cell computes; weights are copied."""
    return native(cell, to_state_dict(cell))


def native(cell: LSTMSimpleCell, state_dict: Mapping[str, Tensor], **more: int) -> nn.LSTM:
    """The `torch.nn.LSTM` of these weights, with the sizes of a cell; ``more`` are further arguments of its own."""
    lstm = nn.LSTM(
        cell.input_size,
        cell.hidden_size,
        bias=cell.W_f.bias is not None,
        proj_size=cell.proj_size,
        device="meta",  # no numbers are drawn that would be thrown away
        dtype=cell.W_f.weight.dtype,
        **more,
    )
    lstm.load_state_dict(state_dict, assign=True)
    lstm.flatten_parameters()
    return lstm
