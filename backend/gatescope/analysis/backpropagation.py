"""Backpropagation through time from the tensors of a trace: no second run, no graph.

Autograd through the plain loop gives the same numbers, but takes four times as long at 1000 steps × 128 units, for it
runs the sequence again. Everything is in float64, so that a gradient of 1e−200 is not 0.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.analysis.places import last_step
from gatescope.lstm.cancellation import check_cancelled
from gatescope.lstm.cell import GATES, LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork

CHUNK = 128  # steps whose factors are in memory at one time


class Arrived(NamedTuple):
    """The gradients at one step: of h_t (…, P), of C_t (…, H), and of x_t (…, I)."""

    step: int
    hidden_state: Tensor
    cell_state: Tensor
    inputs: Tensor


class Gradients(NamedTuple):
    """The gradients at all steps: (T, …, P), (T, …, H) and (T, …, I); 0 where no gradient arrives."""

    hidden_state: Tensor
    cell_state: Tensor
    inputs: Tensor


def walk(
    cell: LSTMSimpleCell,
    layer: LayerTrace,
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
        cell: the weights of the layer.
        layer: its trace, (T, …, H).
        hidden_state: the target's gradient with respect to h at the end, broadcast to (…, P); 0 if None.
        cell_state: the same for C, (…, H), apart from what it does through h.
        arriving: the gradient that arrives at h of every step from the layer above, (T, …, P).
        end: the step to start at; the one that the direction computes last if None.
    """
    weight = torch.cat([getattr(cell, name).weight for name in GATES.values()]).detach().double()  # (4H, I + P)
    projection = cell.W_h.weight.detach().double() if cell.W_h is not None else None  # (P, H)
    forget_gate = layer.forget_gate.detach()
    steps, batch = len(forget_gate), forget_gate.shape[1:-1]
    dh = weight.new_zeros(*batch, cell.output_size) if hidden_state is None else hidden_state
    dC = weight.new_zeros(*batch, cell.hidden_size) if cell_state is None else cell_state
    end = last_step(steps, layer.direction) if end is None else end
    order = range(end, steps) if layer.direction == "backward" else range(end, -1, -1)
    for start in range(0, len(order), CHUNK):
        chunk = order[start : start + CHUNK]
        first = min(chunk)
        factors, opening = _factors(layer, slice(first, first + len(chunk)))
        for t in chunk:
            check_cancelled()
            dh = dh if arriving is None else dh + arriving[t]
            opened = dh if projection is None else dh @ projection  # (…, H)
            dC = torch.addcmul(dC, opened, opening[t - first])
            da = torch.stack([dC, dC, dC, opened], -2) * factors[t - first]  # (…, 4, H)
            passed = da.flatten(-2) @ weight  # (…, I + P)
            yield Arrived(t, dh, dC, passed[..., : cell.input_size])
            dh, dC = passed[..., cell.input_size :], dC * forget_gate[t]


def backpropagate(
    cell: LSTMSimpleCell,
    layer: LayerTrace,
    *,
    hidden_state: Tensor | None = None,
    cell_state: Tensor | None = None,
    arriving: Tensor | None = None,
    end: int | None = None,
) -> Gradients:
    """The gradients at every step that `walk` passes, with its arguments."""
    shape = layer.forget_gate.shape[:-1]  # (T, …)
    sizes = (cell.output_size, cell.hidden_size, cell.input_size)
    gradients = Gradients(*(torch.zeros(*shape, size, dtype=torch.float64) for size in sizes))
    steps = walk(cell, layer, hidden_state=hidden_state, cell_state=cell_state, arriving=arriving, end=end)
    for step, *arrived in steps:
        for of_all_steps, of_step in zip(gradients, arrived, strict=True):
            of_all_steps[step] = of_step
    return gradients


def down_to_inputs(network: LSTMNetwork, layers: tuple[LayerTrace, ...], arriving: Tensor) -> Tensor:
    """Carries a gradient with respect to the hidden states of a layer down to the input of the first layer.

    Args:
        network: the network.
        layers: the traces from the first layer up to that one.
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


def _factors(layer: LayerTrace, part: slice) -> tuple[Tensor, Tensor]:
    """The factors of the gradients of some steps: at the pre-activations f, i, C̃, o (N, …, 4, H), at h (N, …, H)."""
    f, i, C_tilde, o, C = (
        tensor[part].detach().double()
        for tensor in (layer.forget_gate, layer.input_gate, layer.candidate, layer.output_gate, layer.cell_state)
    )
    tanh_C = C.tanh()  # (N, …, H)
    of_gates = [
        _cell_state_before(layer, part) * f * (1 - f),
        C_tilde * i * (1 - i),
        i * (1 - C_tilde**2),
        tanh_C * o * (1 - o),
    ]
    return torch.stack(of_gates, -2), o * (1 - tanh_C**2)


def _cell_state_before(layer: LayerTrace, part: slice) -> Tensor:
    """The cell state before each of some steps, (N, …, H)."""
    C, initial = layer.cell_state.detach(), layer.initial_state.cell_state.detach().unsqueeze(0)
    if layer.direction == "backward":
        return torch.cat([C[part.start + 1 : part.stop + 1], initial])[: part.stop - part.start]
    return torch.cat([C[part.start - 1 : part.start] if part.start else initial, C[part.start : part.stop - 1]])
