"""Whether a trace is what torch.nn.LSTM computes, measured on the very run."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.magnitude import magnitude
from gatescope.lstm.network import LSTMNetwork, joined
from gatescope.lstm.packing import to_state_dict
from gatescope.lstm.trace import Trace

REFERENCE = "torch.nn.LSTM"
_TOLERANCES = {torch.float32: 1e-6, torch.float64: 1e-12}
_OWN_ROUNDINGS = 4  # two float32 runs of one LSTM round apart from the exact one, each to its own side


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
def agreement(model: LSTMSimpleCell | LSTMNetwork, trace: Trace, output: Tensor | None = None) -> Agreement:
    """Runs `torch.nn.LSTM` with the model's weights from the same initial state and compares.

    The whole `nn.LSTM` gives h of the last layer at every step. Of several layers and directions, each is also run by
    itself on what it was fed, which gives its h at every step but C at the last only; so each step is also taken for
    itself: one call with T = 1 over a batch made of every (x_t, h_{t−1}, C_{t−1}) of the trace gives C of every step.

    Args:
        model: what was traced.
        trace: what `gatescope.trace(model, …)` gave.
        output: what `reference_output` gave for the model, the trace's `fed` and its initial state, where it ran
            already.

    Returns:
        The differences, with a tolerance of 1e-6 in float32 and 1e-12 in float64 times the largest |C| (at least 1),
        since rounding grows with the values. An LSTM that makes small differences larger from step to step makes its
        rounding larger, too: where h is further apart than that, it may be by four times what `nn.LSTM` itself is away
        from `nn.LSTM` in float64.
    """
    cells = [cell for _, _, cell in model.places()] if isinstance(model, LSTMNetwork) else [model]
    if output is None:
        output = reference_output(model, trace.fed, _initial_state(trace))
    directions = len(model.directions) if isinstance(model, LSTMNetwork) else 1
    hidden_states, cell_states = [_largest(output, joined(trace.layers[-directions:]))], []
    x = trace.fed  # (T, B, I)
    for cell, layer in zip(cells, trace.layers, strict=True):
        if layer.layer > 0 and layer.direction == "forward":
            x = joined([below for below in trace.layers if below.layer == layer.layer - 1])  # (T, B, D·H)
        lstm = native(cell)
        if len(cells) > 1:
            hidden_states.append(_largest(_run(lstm, x, layer), layer.hidden_state))
        cell_states.append(_largest(_each_step(lstm, x, layer), layer.cell_state))
    scale = max(1.0, *(magnitude(layer.cell_state) for layer in trace.layers))
    found = Agreement(max(hidden_states), max(cell_states), _TOLERANCES[x.dtype] * scale)
    if found.holds or x.dtype == torch.float64:
        return found
    return replace(found, tolerance=max(found.tolerance, _OWN_ROUNDINGS * _own_rounding(model, trace, output)))


@torch.no_grad()
def reference_output(
    model: LSTMSimpleCell | LSTMNetwork, fed: Tensor, state: tuple[Tensor, Tensor] | None = None
) -> Tensor:
    """H of the last layer at every step as `torch.nn.LSTM` computes it with the model's weights, (T, B, D·H).

    It needs no trace, so it can run beside one.

    Args:
        model: a cell or a network, its front and read-out left out.
        fed: what the first layer gets, (T, I) or (T, B, I).
        state: (h, C) before the first step, each (L·D, B, H) or (L·D, H); zeros if None.
    """
    output: Tensor = _native_of(model)(fed, state)[0]
    return output


def _own_rounding(model: LSTMSimpleCell | LSTMNetwork, trace: Trace, output: Tensor) -> float:
    """How far `nn.LSTM` in float32 is from itself in float64."""
    hidden, cell = _initial_state(trace)
    exact: Tensor = _native_of(model).double()(trace.fed.double(), (hidden.double(), cell.double()))[0]
    return _largest(exact, output)


def _native_of(model: LSTMSimpleCell | LSTMNetwork) -> nn.LSTM:
    lstm = model.to_torch() if isinstance(model, LSTMNetwork) else native(model)
    lstm.batch_first = False  # a trace is time-major
    return lstm


def native(cell: LSTMSimpleCell) -> nn.LSTM:
    """The `nn.LSTM` of one cell; made without numbers, so that none are drawn to be thrown away."""
    lstm = nn.LSTM(
        cell.input_size,
        cell.hidden_size,
        bias=cell.W_f.bias is not None,
        proj_size=cell.proj_size,
        device="meta",
        dtype=cell.W_f.weight.dtype,
    )
    lstm.load_state_dict(to_state_dict(cell), assign=True)
    return lstm


def _initial_state(trace: Trace) -> tuple[Tensor, Tensor]:
    """(h, C) of all layers and directions before the first step, each (L·D, B, H)."""
    hidden, cell = zip(*(layer.initial_state for layer in trace.layers), strict=True)
    return torch.stack(hidden), torch.stack(cell)


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


def _largest(one: Tensor, other: Tensor) -> float:
    return magnitude(one - other)
