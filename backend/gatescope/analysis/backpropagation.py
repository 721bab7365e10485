"""Backpropagation through time from what a trace kept: no second run, no graph.

Autograd through the plain loop gives the same numbers (it is the oracle of the tests), but has to run the sequence
again and to keep every product of every step: four times as long at 1000 steps × 128 units. Everything is computed
in float64, so that a gradient of 1e−200 is still one, and not a slow denormal number.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.trace import Trace

GATES = ("W_f", "W_i", "W_C", "W_o")
CHUNK = 256  # steps whose factors are kept at a time


class Arrived(NamedTuple):
    """The gradients at one step: of h_t (…, P), of C_t (…, H), and of x_t (…, I)."""

    step: int
    hidden_state: Tensor
    cell_state: Tensor
    inputs: Tensor


class Gradients(NamedTuple):
    """The gradients at all steps: (T, …, P), (T, …, H) and (T, …, I); 0 where nothing arrives."""

    hidden_state: Tensor
    cell_state: Tensor
    inputs: Tensor


def as_network(model: LSTMSimpleCell | LSTMNetwork) -> LSTMNetwork:
    """The model itself, or a cell as a network of one layer that shares its weights."""
    if isinstance(model, LSTMNetwork):
        return model
    network = LSTMNetwork(model.input_size, model.hidden_size, device="meta", proj_size=model.proj_size)
    network.cells[0] = model
    return network


def placed(network: LSTMNetwork, trace: Trace, layer: int, direction: str) -> tuple[LSTMSimpleCell, LayerTrace]:
    """The cell and the trace of a layer and direction.

    Raises:
        InvalidInput: the trace is of a batch or of another network, or there is no such layer or direction.
    """
    places = list(network.places())
    if [place[:2] for place in places] != [(kept.layer, kept.direction) for kept in trace.layers]:
        raise InvalidInput("the trace is of another model", field="trace", code="trace_of_another_model")
    if trace.fed.dim() != 2:
        raise InvalidInput(
            f"the trace is of a batch of {trace.fed.shape[1]}; one sequence is needed",
            field="trace",
            code="one_sequence",
        )
    check_index("layer", layer, network.num_layers)
    if direction not in network.directions:
        raise InvalidInput(
            f"the model does not run {direction}", field="direction", code="no_such_direction", direction=direction
        )
    index = layer * len(network.directions) + network.directions.index(direction)
    return places[index][2], trace.layers[index]


def check_index(what: str, index: int, size: int) -> None:
    """Raises InvalidInput with the code ``no_such_…`` unless 0 ≤ index < size."""
    if not 0 <= index < size:
        raise InvalidInput(
            f"{what} is {index}; it must be 0 … {size - 1}",
            field=what,
            code=f"no_such_{what}",
            actual=index,
            last=size - 1,
        )


def last_step(steps: int, direction: Direction) -> int:
    """The step that a direction computes last."""
    return 0 if direction == "backward" else steps - 1


def walk(
    cell: LSTMSimpleCell,
    kept: LayerTrace,
    *,
    hidden_state: Tensor | None = None,
    cell_state: Tensor | None = None,
    arriving: Tensor | None = None,
    end: int | None = None,
) -> Iterator[Arrived]:
    """Walks against the time of a layer from a step back to its first, with the gradients of some target.

    With dh and dC the gradients that arrive at step t, a the pre-activations, and W the weights::

        dC += dh ⊙ o ⊙ (1 − tanh²C)
        da_f = dC ⊙ C_{t−1} ⊙ f(1 − f)       da_i = dC ⊙ C̃ ⊙ i(1 − i)
        da_C = dC ⊙ i ⊙ (1 − C̃²)             da_o = dh ⊙ tanh C ⊙ o(1 − o)
        [dx, dh_{t−1}] = da·W                dC_{t−1} = dC ⊙ f

    Source: Hochreiter & Schmidhuber 1997, appendix A, without its truncation; Greff et al., "LSTM: A Search Space
    Odyssey", 2017, appendix A, without peepholes.

    Args:
        cell: its weights.
        kept: the layer's trace, (T, …, H).
        hidden_state: the target's gradient with respect to h at the end, broadcast to (…, P); 0 if None.
        cell_state: the same for C, (…, H), apart from what it does through h.
        arriving: what arrives at h of every step from above, (T, …, P).
        end: where to start; the step that the direction computes last if None.
    """
    weight = torch.cat([getattr(cell, name).weight for name in GATES]).detach().double()  # (4H, I + P)
    projection = cell.W_h.weight.detach().double() if cell.W_h is not None else None  # (P, H)
    forget_gate = kept.forget_gate.detach()
    steps, batch = len(forget_gate), forget_gate.shape[1:-1]
    dh = weight.new_zeros(*batch, cell.output_size) if hidden_state is None else hidden_state
    dC = weight.new_zeros(*batch, cell.hidden_size) if cell_state is None else cell_state
    end = last_step(steps, kept.direction) if end is None else end
    order = range(end, steps) if kept.direction == "backward" else range(end, -1, -1)
    for start in range(0, len(order), CHUNK):
        some = order[start : start + CHUNK]
        first = min(some)
        factors, opening = _factors(kept, slice(first, first + len(some)))
        for t in some:
            dh = dh if arriving is None else dh + arriving[t]
            opened = dh if projection is None else dh @ projection  # (…, H)
            dC = torch.addcmul(dC, opened, opening[t - first])
            da = torch.stack([dC, dC, dC, opened], -2) * factors[t - first]  # (…, 4, H)
            passed = da.flatten(-2) @ weight  # (…, I + P)
            yield Arrived(t, dh, dC, passed[..., : cell.input_size])
            dh, dC = passed[..., cell.input_size :], dC * forget_gate[t]


def backpropagate(
    cell: LSTMSimpleCell,
    kept: LayerTrace,
    *,
    hidden_state: Tensor | None = None,
    cell_state: Tensor | None = None,
    arriving: Tensor | None = None,
    end: int | None = None,
) -> Gradients:
    """The gradients at every step that `walk` passes, with its arguments."""
    shape = kept.forget_gate.shape[:-1]  # (T, …)
    sizes = (cell.output_size, cell.hidden_size, cell.input_size)
    found = Gradients(*(torch.zeros(*shape, size, dtype=torch.float64) for size in sizes))
    given = {"hidden_state": hidden_state, "cell_state": cell_state, "arriving": arriving}
    for step, *gradients in walk(cell, kept, **given, end=end):
        for whole, gradient in zip(found, gradients, strict=True):
            whole[step] = gradient
    return found


def down_to_fed(network: LSTMNetwork, layers: tuple[LayerTrace, ...], arriving: Tensor) -> Tensor:
    """Carries a gradient with respect to the hidden states of some layer down to what the first layer got.

    Args:
        network: the network.
        layers: the traces from the first layer up to that one; none to stay where it is.
        arriving: the gradient, (T, …, D·P).

    Returns:
        (T, …, I).
    """
    directions = len(network.directions)
    cells = [cell for _, _, cell in network.places()]
    for first in range(len(layers) - directions, -1, -directions):
        parts = arriving.chunk(directions, -1)  # D × (T, …, P)
        below = [
            backpropagate(cells[first + place], layers[first + place], arriving=part).inputs
            for place, part in enumerate(parts)
        ]
        arriving = torch.stack(below).sum(0)  # (T, …, I)
    return arriving


def _factors(kept: LayerTrace, part: slice) -> tuple[Tensor, Tensor]:
    """What the gradients of some steps are multiplied by, in float64.

    For the pre-activations f, i, C̃, o (N, …, 4, H), and at h (N, …, H).
    """
    f, i, C_tilde, o, C = (
        tensor[part].detach().double()
        for tensor in (kept.forget_gate, kept.input_gate, kept.candidate, kept.output_gate, kept.cell_state)
    )
    tanh_C = C.tanh()  # (N, …, H)
    of_gates = [
        _cell_state_before(kept, part) * f * (1 - f),
        C_tilde * i * (1 - i),
        i * (1 - C_tilde**2),
        tanh_C * o * (1 - o),
    ]
    return torch.stack(of_gates, -2), o * (1 - tanh_C**2)


def _cell_state_before(kept: LayerTrace, part: slice) -> Tensor:
    """The cell state that each of some steps started from, (N, …, H)."""
    C, initial = kept.cell_state.detach(), kept.initial_state.cell_state.detach().unsqueeze(0)
    if kept.direction == "backward":
        return torch.cat([C[part.start + 1 : part.stop + 1], initial])[: part.stop - part.start]
    return torch.cat([C[part.start - 1 : part.start] if part.start else initial, C[part.start : part.stop - 1]])
