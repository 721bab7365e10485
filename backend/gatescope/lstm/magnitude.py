"""Upper bounds of the numbers of a run, and a refusal where a dtype may not hold them.

Whether a sum overflows depends on the order in which a processor adds: 3e38 + 3e38 − 3e38 is finite, or not. So the
results of the run decide nothing. Bounds follow from the weights, the input, the initial state and the interventions. A
run is refused where a bound is beyond half of the largest number, so that rounding does not matter either. A gate is at
most 1, and so is tanh; with n the number of terms of a sum::

    |pre-activation| ≤ n · max(|W|·|x_t|, |R|·|h_{t−1}|, |b|)     n = I + P + 1
    |C_t| ≤ |f|·|C_{t−1}| + |i|·|C̃|                              each at most 1, or what it is held at
    |h_t| ≤ |o|, or with a projection n · max(|W_h|·|o|)           n = H
    |output| ≤ n · max(|A|·|h_t|, |b|)                            n = D·P + 1

The terms of a sum are not added up: a maximum is the same in whatever order it is taken.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import GATES, LSTMSimpleCell
from gatescope.lstm.intervention import Intervention
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.lstm.trace import Trace


@torch.no_grad()
def check_magnitudes(
    model: LSTMSimpleCell | LSTMNetwork, trace: Trace, interventions: Sequence[Intervention] = ()
) -> None:
    """Refuses a run of one sequence in which a number could be beyond its dtype.

    Args:
        model: the model that ran.
        trace: the run; only its input and its initial state are used.
        interventions: those of the run.

    Raises:
        InvalidInput: with the code ``overflow``; the context names the quantity and the step, of several steps the one
            that is computed first, and of several layers the lowest.
    """
    network, dtype = as_network(model), trace.fed.dtype
    x = trace.fed  # (T, I)
    hidden: list[Tensor] = []  # of each direction of a layer, (T, P)
    for (number, direction, cell), layer in zip(network.places(), trace.layers, strict=True):
        if hidden and direction == "forward":
            x, hidden = torch.cat(hidden, dim=1), []  # (T, D·P)
        held = [each for each in interventions if (each.layer, each.direction) == (number, direction)]
        bounds = _bounds(cell, layer, x, held)
        _check(bounds, dtype, backward=direction == "backward")
        hidden.append(bounds["hidden_state"])
    read_out = _linear(network.read_out)
    if read_out is not None:
        _check({"output": _sums(read_out, torch.cat(hidden, dim=1))}, dtype)


def magnitude(tensor: Tensor) -> float:
    """The largest absolute value; NaN where there is one."""
    least, most = tensor.aminmax()
    return float(torch.maximum(-least, most))


def _bounds(cell: LSTMSimpleCell, layer: LayerTrace, x: Tensor, held: Sequence[Intervention]) -> dict[str, Tensor]:
    """The bound of each quantity of a layer, for a gate of its pre-activation: (T, 1), (T, H) or (T, P)."""
    one = torch.ones((), dtype=x.dtype).expand(len(x), cell.hidden_size)  # (T, H)
    gates = {name: _held(name, one, held) for name in GATES}
    shown = gates["output_gate"]  # |tanh C| ≤ 1
    if cell.W_h is not None:
        shown = _sums(cell.W_h, shown).to(x.dtype).expand(-1, cell.proj_size)  # (T, P)
    hidden = _held("hidden_state", shown, held)
    initial = layer.initial_state.hidden_state.abs()[None]  # (1, P)
    is_backward = layer.direction == "backward"
    before = torch.cat([hidden[1:], initial] if is_backward else [initial, hidden[:-1]])  # (T, P)
    combined = torch.cat([x, before], dim=1)  # (T, I + P)
    largest = magnitude(combined)
    bounds = {name: _sums(getattr(cell, weight), combined, largest) for name, weight in GATES.items()}
    return bounds | {"cell_state": _cell_states(layer, gates, held), "hidden_state": hidden}


def _held(quantity: str, bound: Tensor, held: Sequence[Intervention]) -> Tensor:
    """The bound of a quantity, (T, U); where an intervention holds it, the value of that; later ones win."""
    chosen = [each for each in held if each.quantity == quantity]
    bound = bound.clone() if chosen else bound
    for each in chosen:
        units = slice(None) if each.units is None else list(each.units)
        bound[each.first : None if each.last is None else each.last + 1, units] = abs(each.value)
    return bound


def _cell_states(layer: LayerTrace, gates: Mapping[str, Tensor], held: Sequence[Intervention]) -> Tensor:
    """|C_t| ≤ |f|·|C_{t−1}| + |i|·|C̃|, (T, H); without interventions beyond 1, |C_0| + t + 1, (T, 1)."""
    state = layer.initial_state.cell_state.abs().double().numpy()  # (H)
    steps = range(len(layer.cell_state))
    if all(abs(each.value) <= 1 for each in held):
        bound = float(state.max()) + 1 + np.arange(len(steps))[:, None]  # (T, 1)
        return torch.from_numpy(bound[::-1].copy() if layer.direction == "backward" else bound)
    forget_gate, input_gate, candidate = (gates[name].double() for name in ("forget_gate", "input_gate", "candidate"))
    kept_share, written = forget_gate.numpy(), (input_gate * candidate).numpy()
    unheld = torch.full_like(forget_gate, torch.nan)
    held_at = _held("cell_state", unheld, held).numpy()  # NaN where it is not held
    bound = np.empty_like(written)
    with np.errstate(over="ignore", invalid="ignore"):  # of what is beyond float64, too
        for t in reversed(steps) if layer.direction == "backward" else steps:
            computed = kept_share[t] * state + written[t]
            state = bound[t] = np.where(np.isnan(held_at[t]), computed, held_at[t])
    return torch.from_numpy(bound)


def _sums(linear: nn.Linear, x: Tensor, largest: float | None = None) -> Tensor:
    """The bound of |W·x + b|, (T, 1), for x (T, N); ``largest`` is the magnitude of x if it is known."""
    weight = linear.weight
    bias = 0.0 if linear.bias is None else magnitude(linear.bias)
    terms = weight.shape[1] + (linear.bias is not None)
    # Enough for most runs; only where it is too rough is each step bounded by itself.
    rough = terms * float(np.maximum(bias, magnitude(weight) * (magnitude(x) if largest is None else largest)))
    if rough <= torch.finfo(weight.dtype).max / 2:
        return torch.full((1, 1), rough, dtype=torch.float64).expand(len(x), 1)
    columns = weight.abs().amax(dim=0).double()  # (N)
    products = x.abs().double() * columns  # (T, N)
    return products.amax(dim=1, keepdim=True).clamp_min(bias) * terms


def _check(bounds: Mapping[str, Tensor], dtype: torch.dtype, *, backward: bool = False) -> None:
    first: dict[str, int] = {}  # the step that each quantity is beyond its dtype at
    for quantity, bound in bounds.items():
        beyond = (~(bound <= torch.finfo(dtype).max / 2)).any(dim=1)  # (T)
        if beyond.any():
            first[quantity] = int(beyond.nonzero()[-1 if backward else 0])
    if not first:
        return
    quantity, step = (max if backward else min)(first.items(), key=lambda item: item[1])
    name = str(dtype).removeprefix("torch.")
    raise InvalidInput(
        f"{quantity} can grow beyond {name} at step {step}; scale the sequence, or use smaller weights",
        code="overflow",
        quantity=quantity,
        step=step,
    )


def _linear(read_out: nn.Module | None) -> nn.Linear | None:
    """The linear layer that a read-out begins with, if it does."""
    first = read_out[0] if isinstance(read_out, nn.Sequential) else read_out
    return first if isinstance(first, nn.Linear) else None
