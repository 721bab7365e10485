"""How far does a gradient reach? That of a state at one step, with respect to every earlier state and input."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from gatescope.analysis.backpropagation import backpropagate
from gatescope.analysis.places import cell_at, check_index, check_state, last_step, layer_index
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.lstm.trace import Trace

Quantity = Literal["cell_state", "hidden_state"]
Whole = Literal["norm", "sum"]


@dataclass(frozen=True)
class StateGradients:
    """The gradients of a target at step `end` of one layer and direction, in float64.

    What the direction computes after `end` has the gradient 0. x is the input of the layer: the sequence, or the
    hidden states of the layer below.

    cell_state: ∂target/∂C_t, (T, H), with all detours through h and the gates.
    hidden_state: ∂target/∂h_t with C_t held, (T, P).
    inputs: ∂target/∂x_t, (T, I).
    direct: the part of `cell_state` that came along the cell state alone: the product of the forget gates after t up
        to `end`, (T, H).
    """

    layer: int
    direction: Direction
    end: int
    cell_state: Tensor
    hidden_state: Tensor
    inputs: Tensor
    direct: Tensor

    def norms(self) -> dict[str, Tensor]:
        """The Euclidean norm over units or features at each step, (T), of each of the four."""
        names = ("cell_state", "hidden_state", "inputs", "direct")
        return {name: torch.linalg.vector_norm(getattr(self, name), dim=-1) for name in names}


def state_gradients(
    model: LSTMSimpleCell | LSTMNetwork,
    trace: Trace,
    target: int | Whole = "norm",
    *,
    quantity: Quantity = "cell_state",
    layer: int = 0,
    direction: Direction = "forward",
    end: int | None = None,
) -> StateGradients:
    """The gradients of a state with respect to the states and inputs before it.

    A gradient tells the effect of an infinitely small push, on this sequence. It does not tell whether anything was
    stored there, nor the effect of a large push.

    Sources: the recurrence in `backpropagation`. The direct path is the constant error carousel of Hochreiter &
    Schmidhuber 1997, scaled by the forget gate of Gers et al. 2000.

    Args:
        model: the model that ran.
        trace: of one sequence, tensors (T, H).
        target: a unit, or the sum or the Euclidean norm over all units.
        quantity: whether of C or of h; with a projection h has P units.
        layer: of the target.
        direction: of the layer.
        end: the step of the target; the one that the direction computes last if None.

    Raises:
        InvalidInput: there is no such layer, direction, step, unit or quantity, or the trace does not belong here.
    """
    index = layer_index(trace, layer, direction)
    cell = cell_at(as_network(model), trace, index)
    traced = trace.layers[index]
    steps = len(traced.cell_state)
    end = last_step(steps, direction) if end is None else end
    check_index("step", end, steps)
    seed = seed_of(traced, target, quantity, end)  # (H) or (P)
    gradients = backpropagate(cell, traced, **{quantity: seed}, end=end)
    direct = _direct(traced, gradients.cell_state[end], end)
    return StateGradients(layer, direction, end, **gradients._asdict(), direct=direct)


def seed_of(traced: LayerTrace, target: int | Whole, quantity: str, end: int) -> Tensor:
    """The gradient of the target with respect to its own quantity at the end, (…, H) or (…, P), in float64.

    Raises:
        InvalidInput: there is no such quantity, unit or way to sum up.
    """
    check_state(quantity)
    values = getattr(traced, quantity)[end].detach().double()  # (…, H)
    if target == "sum":
        return torch.ones_like(values)
    if target == "norm":
        return torch.nn.functional.normalize(values, dim=-1, eps=torch.finfo(torch.float64).tiny)
    if isinstance(target, str):
        raise InvalidInput(
            f"target is {target!r}; it must be a unit, sum or norm", field="target", code="unknown_target"
        )
    check_index("unit", target, values.shape[-1])
    seed = torch.zeros_like(values)
    seed[..., target] = 1
    return seed


def _direct(traced: LayerTrace, at_end: Tensor, end: int) -> Tensor:
    """The gradient at the end carried back by the forget gates alone, (T, H)."""
    f = traced.forget_gate.detach().double()
    direct = torch.zeros_like(f)
    if traced.direction == "backward":
        passed = torch.cat([torch.ones_like(f[:1]), f[end:-1]]).cumprod(0)  # (T − end, H)
        direct[end:] = at_end * passed
    else:
        passed = torch.cat([f[1 : end + 1], torch.ones_like(f[:1])]).flip(0).cumprod(0).flip(0)  # (end + 1, H)
        direct[: end + 1] = at_end * passed
    return direct
