"""Whether a trace is what torch.nn.LSTM computes, measured on the very run."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.packing import to_torch
from gatescope.lstm.trace import LayerTrace, Trace

REFERENCE = "torch.nn.LSTM"
_TOLERANCES = {torch.float32: 1e-6, torch.float64: 1e-12}


@dataclass(frozen=True)
class Agreement:
    """The largest |Gatescope − torch.nn.LSTM| over all steps and units, and how much of it is rounding."""

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
def agreement(cell: LSTMSimpleCell, x: Tensor, trace: Trace) -> Agreement:
    """Runs `torch.nn.LSTM` with the cell's weights from the same initial state and compares.

    One call over the whole sequence gives h of every step, but C of the last step only. So each step is also
    taken for itself: one call with T = 1 over a batch made of every (x_t, h_{t−1}, C_{t−1}) of the trace gives
    C of every step.

    Args:
        cell: the cell that was traced.
        x: the sequence, (T, I) or (T, B, I).
        trace: what `gatescope.trace(cell, x, …)` gave.

    Returns:
        The differences, with a tolerance of 1e-6 in float32 and 1e-12 in float64 times the largest |C| (at least
        1), since rounding grows with the values.
    """
    (layer,) = trace.layers
    lstm = to_torch(cell)
    initial = tuple(tensor.unsqueeze(0).contiguous() for tensor in layer.initial_state)  # (1, B, H)
    hidden_states, (_, last) = lstm(x, initial)  # (T, B, H), (1, B, H)
    each_step = _every_step(lstm, x, layer)  # (T, B, H)
    hidden_state = torch.abs(hidden_states - layer.hidden_state).max()
    cell_state = torch.maximum(
        torch.abs(last[0] - layer.cell_state[-1]).max(), torch.abs(each_step - layer.cell_state).max()
    )
    scale = max(1.0, float(layer.cell_state.abs().max()))
    return Agreement(float(hidden_state), float(cell_state), _TOLERANCES[x.dtype] * scale)


def _every_step(lstm: torch.nn.LSTM, x: Tensor, layer: LayerTrace) -> Tensor:
    """C_t from (x_t, h_{t−1}, C_{t−1}) of the trace, all t in one batch, shaped as the trace's cell state."""
    before = (
        torch.cat([first.unsqueeze(0), states[:-1]]).flatten(0, -2).unsqueeze(0).contiguous()  # (1, T·B, H)
        for first, states in zip(layer.initial_state, (layer.hidden_state, layer.cell_state), strict=True)
    )
    cell_states: Tensor = lstm(x.flatten(0, -2).unsqueeze(0), tuple(before))[1][1]  # (1, T·B, H)
    return cell_states.reshape(layer.cell_state.shape)
