"""A run: a whole sequence through a model, with every gate and state.

Axes: time (T), batch (B), feature (I), unit (H), output (O). Tensors are time-major.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Shaped
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.intervention import Intervention, check_interventions
from gatescope.lstm.layer import LayerTrace, joined
from gatescope.lstm.network import LSTMNetwork, as_network, cells_of


@dataclass(frozen=True)
class Trace:
    """A run of a model.

    layers: one entry for each layer and direction, from the input up, forward before backward.
    fed: the input of the first layer, (T, I) or (T, B, I): the sequence, or the features that the front made of it.
    output: the output of the read-out at each step, (T, O) or (T, B, O); None without one.
    """

    layers: tuple[LayerTrace, ...]
    fed: Tensor
    output: Tensor | None = None


def trace(
    model: LSTMSimpleCell | LSTMNetwork | nn.LSTM | nn.LSTMCell,
    x: Shaped[Tensor, "time *batch_and_feature"],
    initial_state: tuple[Tensor, Tensor] | None = None,
    interventions: Sequence[Intervention] = (),
) -> Trace:
    """Runs a sequence and records every gate and state of every step.

    Gradients flow from the result to the model and to x wherever autograd is on.

    Args:
        model: a cell or a network; or a `torch.nn.LSTM` or `LSTMCell`, which is read by its weights (gradients do not
            reach them).
        x: the sequence, (T, I) or (T, B, I), or (B, T, I) for a network or `nn.LSTM` with `batch_first`; for a model
            with a front, the input of the front.
        initial_state: (h, C) before the first step; zeros if None. For a cell each (H) or (B, H), for the others as
            `torch.nn.LSTM` takes it: (L·D, H) or (L·D, B, H).
        interventions: quantities held at a value while the model runs.

    Returns:
        The trace; tensors have the dtype and the device of the model.

    Raises:
        InvalidInput: x is no tensor, is empty, or has another dtype or width than the model; or the state or an
            intervention does not fit.
    """
    network = as_network(model)
    _check_input(network, x)
    if initial_state is not None and isinstance(model, LSTMSimpleCell):
        initial_state = (initial_state[0].unsqueeze(0), initial_state[1].unsqueeze(0))  # (1, B, H)
    fed = network.front(x) if network.front else x
    if fed.dim() not in (2, 3) or 0 in fed.shape:
        raise InvalidInput(
            f"x has shape {tuple(fed.shape)}; it must be (T, I) or (T, B, I) with at least one step",
            field="x",
            code="wrong_shape",
        )
    time_major = fed.transpose(0, 1) if network.batch_first and fed.dim() == 3 else fed  # (T, B, I)
    check_interventions(interventions, cells_of(network), len(time_major))
    layers = network.layers(fed, initial_state, interventions)
    last = joined(layers[-len(network.directions) :])  # (T, B, D·H)
    return Trace(layers, time_major, network.read_out(last) if network.read_out else None)


def _check_input(network: LSTMNetwork, x: object) -> None:
    """Refuses what is no tensor of the model's dtype, or no numbers of tokens where an embedding looks them up."""
    if not isinstance(x, Tensor):
        kind = type(x).__name__
        raise InvalidInput(f"x is a {kind}; it must be a torch.Tensor", field="x", code="not_a_torch_tensor", kind=kind)
    takes_tokens = isinstance(network.front, nn.Embedding)
    wanted = torch.int64 if takes_tokens else network.first_cell.W_f.weight.dtype
    if x.is_floating_point() if takes_tokens else x.dtype != wanted:
        raise InvalidInput(
            f"x is {x.dtype}; the model takes {wanted}",
            field="x",
            code="wrong_dtype",
            actual=str(x.dtype),
            wanted=str(wanted),
        )
