"""The agreement of a trace with torch.nn.LSTM, measured on the very run."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace, joined
from gatescope.lstm.magnitude import magnitude
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.lstm.packing import to_torch
from gatescope.lstm.trace import Trace

REFERENCE = "torch.nn.LSTM"
_TOLERANCES = {torch.float32: 1e-6, torch.float64: 1e-12}
_OWN_ROUNDINGS = 4  # two float32 runs round to different sides of the exact one


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
        """Agreement up to rounding."""
        return self.largest <= self.tolerance


@torch.no_grad()
def agreement(model: LSTMSimpleCell | LSTMNetwork, trace: Trace, output: Tensor | None = None) -> Agreement:
    """Runs `torch.nn.LSTM` with the model's weights from the same initial state and compares.

    The whole `nn.LSTM` gives h of the last layer at every step. Of several layers and directions, each also runs alone
    on its own input. `nn.LSTM` gives C at the last step only; so one call with T = 1 over a batch of every
    (x_t, h_{t−1}, C_{t−1}) of the trace gives C of every step.

    Args:
        model: the model that ran.
        trace: its run.
        output: the result of `reference_output` for the same run, if it is there already.

    Returns:
        The differences, with a tolerance of 1e-6 in float32 and 1e-12 in float64 times the largest |C| (at least 1),
        since rounding grows with the values. Some LSTMs make small differences larger from step to step. There the
        tolerance is four times the difference between `nn.LSTM` in float32 and `nn.LSTM` in float64.
    """
    network = as_network(model)
    if output is None:
        output = reference_output(network, trace.fed, _initial_state(trace))
    hidden_states = [_largest(output, joined(trace.layers[-len(network.directions) :]))]
    cell_states = []
    x = trace.fed  # (T, B, I)
    for (_, _, cell), layer in zip(network.places(), trace.layers, strict=True):
        if layer.layer > 0 and layer.direction == "forward":
            x = joined([below for below in trace.layers if below.layer == layer.layer - 1])  # (T, B, D·H)
        lstm = to_torch(cell)
        if len(trace.layers) > 1:
            hidden_states.append(_largest(_run(lstm, x, layer), layer.hidden_state))
        cell_states.append(_largest(_each_step(lstm, x, layer), layer.cell_state))
    scale = max(1.0, *(magnitude(layer.cell_state) for layer in trace.layers))
    measured = Agreement(max(hidden_states), max(cell_states), _TOLERANCES[x.dtype] * scale)
    if measured.holds or x.dtype == torch.float64:
        return measured
    rounding = _OWN_ROUNDINGS * _own_rounding(network, trace, output)
    return replace(measured, tolerance=max(measured.tolerance, rounding))


@torch.no_grad()
def reference_output(
    model: LSTMSimpleCell | LSTMNetwork, fed: Tensor, state: tuple[Tensor, Tensor] | None = None
) -> Tensor:
    """The last layer's hidden state at every step as `torch.nn.LSTM` computes it, (T, B, D·H).

    It needs no trace, so it can run beside one.

    Args:
        model: a cell or a network, its front and read-out left out.
        fed: what the first layer gets, (T, I) or (T, B, I).
        state: (h, C) before the first step, each (L·D, B, H) or (L·D, H); zeros if None.
    """
    output: Tensor = _reference(as_network(model))(fed, state)[0]
    return output


def _own_rounding(network: LSTMNetwork, trace: Trace, output: Tensor) -> float:
    """The largest difference between `nn.LSTM` in float32 and in float64."""
    hidden, cell = _initial_state(trace)
    exact: Tensor = _reference(network).double()(trace.fed.double(), (hidden.double(), cell.double()))[0]
    return _largest(exact, output)


def _reference(network: LSTMNetwork) -> nn.LSTM:
    lstm = network.to_torch()
    lstm.batch_first = False  # a trace is time-major
    return lstm


def _initial_state(trace: Trace) -> tuple[Tensor, Tensor]:
    """(h, C) of all layers and directions before the first step, each (L·D, B, H)."""
    hidden, cell = zip(*(layer.initial_state for layer in trace.layers), strict=True)
    return torch.stack(hidden), torch.stack(cell)


def _run(lstm: nn.LSTM, x: Tensor, layer: LayerTrace) -> Tensor:
    """The hidden states of one layer, (T, B, H), free-running from its initial state."""
    turned = layer.direction == "backward"
    hidden, cell = (tensor.unsqueeze(0).contiguous() for tensor in layer.initial_state)  # (1, B, H)
    states: Tensor = lstm(x.flip(0) if turned else x, (hidden, cell))[0]
    return states.flip(0) if turned else states


def _each_step(lstm: nn.LSTM, x: Tensor, layer: LayerTrace) -> Tensor:
    """C_t from (x_t, h_{t−1}, C_{t−1}) of the trace, all t in one batch, (T, B, H)."""
    hidden, cell = (state.flatten(0, -2).unsqueeze(0).contiguous() for state in layer.previous_state)  # (1, T·B, H)
    cell_states: Tensor = lstm(x.flatten(0, -2).unsqueeze(0), (hidden, cell))[1][1]  # (1, T·B, H)
    return cell_states.reshape(layer.cell_state.shape)


def _largest(one: Tensor, other: Tensor) -> float:
    return magnitude(one - other)
