"""Whether a trace is what torch.nn.LSTM computes, measured on the very run."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork, joined
from gatescope.lstm.packing import to_torch
from gatescope.lstm.trace import Trace

REFERENCE = "torch.nn.LSTM"
_TOLERANCES = {torch.float32: 1e-6, torch.float64: 1e-12}


@dataclass(frozen=True)
class Agreement:
    """The largest |Gatescope − torch.nn.LSTM| over all layers, steps and units, and how much of it is rounding."""

    hidden_state: float
    cell_state: float
    tolerance: float

    @property
    def largest(self) -> float:
        """The larger of the two."""
        return max(self.hidden_state, self.cell_state)

    @property
    def holds(self) -> bool:
        """Whether the two agree up to rounding."""
        return self.largest <= self.tolerance


@torch.no_grad()
def agreement(model: LSTMSimpleCell | LSTMNetwork, trace: Trace) -> Agreement:
    """Runs `torch.nn.LSTM` with the model's weights from the same initial state and compares.

    The whole `nn.LSTM` gives h of the last layer at every step. For the layers below, each is also run by itself on
    what it was fed, which gives its h at every step but C at the last only; so each step is also taken for itself: one
    call with T = 1 over a batch made of every (x_t, h_{t−1}, C_{t−1}) of the trace gives C of every step.

    Args:
        model: what was traced.
        trace: what `gatescope.trace(model, …)` gave.

    Returns:
        The differences, with a tolerance of 1e-6 in float32 and 1e-12 in float64 times the largest |C| (at least 1),
        since rounding grows with the values.
    """
    cells = [cell for _, _, cell in model.places()] if isinstance(model, LSTMNetwork) else [model]
    hidden_states, cell_states = [], []
    x = trace.fed  # (T, B, I)
    for cell, layer in zip(cells, trace.layers, strict=True):
        if layer.layer > 0 and layer.direction == "forward":
            x = joined([below for below in trace.layers if below.layer == layer.layer - 1])  # (T, B, D·H)
        lstm = to_torch(cell)
        hidden_states.append(_largest(_run(lstm, x, layer), layer.hidden_state))
        cell_states.append(_largest(_each_step(lstm, x, layer), layer.cell_state))
    if isinstance(model, LSTMNetwork):
        hidden_states.append(_whole(model, trace))
    scale = max(1.0, *(float(layer.cell_state.abs().max()) for layer in trace.layers))
    return Agreement(max(hidden_states), max(cell_states), _TOLERANCES[x.dtype] * scale)


def _run(lstm: nn.LSTM, x: Tensor, layer: LayerTrace) -> Tensor:
    """H of every step of one layer, (T, B, H), free-running from its initial state."""
    turned = layer.direction == "backward"
    hidden, cell = (tensor.unsqueeze(0).contiguous() for tensor in layer.initial_state)  # (1, B, H)
    states: Tensor = lstm(x.flip(0) if turned else x, (hidden, cell))[0]
    return states.flip(0) if turned else states


def _each_step(lstm: nn.LSTM, x: Tensor, layer: LayerTrace) -> Tensor:
    """C_t from (x_t, h_{t−1}, C_{t−1}) of the trace, all t in one batch, (T, B, H)."""
    hidden, cell = (state.flatten(0, -2).unsqueeze(0).contiguous() for state in layer.previous_state)  # (1, T·B, H)
    cell_states: Tensor = lstm(x.flatten(0, -2).unsqueeze(0), (hidden, cell))[1][1]  # (1, T·B, H)
    return cell_states.reshape(layer.cell_state.shape)


def _whole(network: LSTMNetwork, trace: Trace) -> float:
    lstm = network.to_torch()
    lstm.batch_first = False  # a trace is time-major
    hidden, cell = (
        torch.stack(states) for states in zip(*(layer.initial_state for layer in trace.layers), strict=True)
    )
    output: Tensor = lstm(trace.fed, (hidden, cell))[0]
    return _largest(output, joined(trace.layers[-len(network.directions) :]))


def _largest(one: Tensor, other: Tensor) -> float:
    return float(torch.abs(one - other).max())
