"""Why does a gate stand where it stands? Its pre-activation, split into the pushes of its inputs.

The split is exact, since a pre-activation is a sum: W·[x_t, h_{t−1}] + b. It tells the pushes of this step, not what
would have happened without one of them, nor where h_{t−1} comes from.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from gatescope.analysis.places import cell_at, check_index, check_range
from gatescope.lstm.cell import GATES, LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.lstm.trace import Trace


@dataclass(frozen=True)
class Pushes:
    """The pushes at one gate of one unit, before σ or, for the candidate, before tanh; float64.

    of_input: of each feature of x_t, (I); above the first layer the features are the hidden states of the layer below,
        its directions side by side.
    of_hidden_state: of each entry of h_{t−1}, (H), or (P) with a projection.
    of_bias: the bias; 0 without one.
    pre_activation: the sum of all pushes.
    activation: the gate of the run: σ or tanh of the pre-activation, or the value of an intervention.
    """

    of_input: Tensor
    of_hidden_state: Tensor
    of_bias: float
    pre_activation: float
    activation: float


@dataclass(frozen=True)
class Contributions:
    """One step of one unit: the pushes at its gates, and its cell update.

    gates: by name, in the order of the equations.
    previous_cell_state: C_{t−1}; backward, that of step t + 1.
    kept: f_t · C_{t−1}.
    written: i_t · C̃_t.
    cell_state: C_t of the run; kept and written together, up to rounding.
    hidden_state: o_t · tanh(C_t), before a projection.
    """

    step: int
    unit: int
    gates: dict[str, Pushes]
    previous_cell_state: float
    kept: float
    written: float
    cell_state: float
    hidden_state: float


def contributions(model: LSTMSimpleCell | LSTMNetwork, trace: Trace, layer: int, step: int, unit: int) -> Contributions:
    """Splits the four pre-activations of a unit at a step, and its cell update.

    Args:
        model: the model that ran.
        trace: of one sequence, tensors (T, H).
        layer: an index of ``trace.layers``.
        step: t, 0 … T − 1.
        unit: 0 … H − 1.

    Raises:
        InvalidInput: there is no such layer, step or unit, the trace is of a batch or of a model of other sizes.
    """
    cell = cell_at(as_network(model), trace, layer)
    chosen = trace.layers[layer]
    steps, units = chosen.cell_state.shape
    check_range("step", step, 0, steps - 1)
    check_index("unit", unit, units)
    x = _input_of(trace, chosen, step)  # (I)
    h = _previous(chosen.initial_state.hidden_state, chosen.hidden_state, chosen, step)  # (H) or (P)
    previous = float(_previous(chosen.initial_state.cell_state, chosen.cell_state, chosen, step)[unit])
    at = {name: float(getattr(chosen, name)[step, unit].detach()) for name in (*GATES, "cell_state")}
    return Contributions(
        step=step,
        unit=unit,
        gates={name: _pushes(getattr(cell, matrix), unit, x, h, at[name]) for name, matrix in GATES.items()},
        previous_cell_state=previous,
        kept=at["forget_gate"] * previous,
        written=at["input_gate"] * at["candidate"],
        cell_state=at["cell_state"],
        hidden_state=at["output_gate"] * math.tanh(at["cell_state"]),
    )


def _pushes(gate: torch.nn.Linear, unit: int, x: Tensor, h: Tensor, activation: float) -> Pushes:
    pushed = gate.weight[unit].detach().to(torch.float64) * torch.cat([x, h])  # (I + H)
    bias = 0.0 if gate.bias is None else float(gate.bias[unit].detach())
    return Pushes(pushed[: len(x)], pushed[len(x) :], bias, float(pushed.sum()) + bias, activation)


def _input_of(trace: Trace, layer: LayerTrace, step: int) -> Tensor:
    """The input of a layer at a step, (I), float64."""
    below = [each for each in trace.layers if each.layer == layer.layer - 1]
    fed = torch.cat([each.hidden_state[step] for each in below]) if below else trace.fed[step]
    return fed.detach().to(torch.float64)


def _previous(initial: Tensor, states: Tensor, layer: LayerTrace, step: int) -> Tensor:
    """The state before a step, (H), float64; no other step is copied."""
    before = step + 1 if layer.direction == "backward" else step - 1
    state = states[before] if 0 <= before < len(states) else initial
    return state.detach().to(torch.float64)
