"""A whole sequence through a model, with everything kept.

Axes: time (T), batch (B), feature (I), unit (H). Tensors are time-major.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell, Step
from gatescope.lstm.packing import from_torch

Direction = Literal["forward", "backward"]


class State(NamedTuple):
    """What a layer carries from step to step; each (B, H), or (H) for a single sequence."""

    hidden_state: Tensor
    cell_state: Tensor


@dataclass(frozen=True)
class LayerTrace:
    """One layer and direction of a run; the six tensors are (T, H), or (T, B, H) for a batch."""

    layer: int
    direction: Direction
    initial_state: State
    forget_gate: Tensor
    input_gate: Tensor
    candidate: Tensor
    output_gate: Tensor
    cell_state: Tensor
    hidden_state: Tensor


@dataclass(frozen=True)
class Trace:
    """A run of a model: one entry for each layer and direction, from the input up."""

    layers: tuple[LayerTrace, ...]


def trace(
    model: LSTMSimpleCell | nn.LSTM,
    x: Float[Tensor, "time *batch_and_feature"],
    initial_state: tuple[Tensor, Tensor] | None = None,
) -> Trace:
    """Runs a sequence and keeps every gate and state of every step.

    Gradients flow from the result to the model and to x wherever autograd is on.

    Args:
        model: a cell, or a one-layer `torch.nn.LSTM`, which is read by its weights (gradients do not reach them).
        x: the sequence, (T, I) or (T, B, I), time first whatever the LSTM's `batch_first` says.
        initial_state: (h, C) before the first step, each (H) or (B, H); zeros if None.

    Returns:
        The trace; tensors have the dtype and the device of the model.

    Raises:
        InvalidInput: x is empty, has another width than the model, or the state does not fit.
    """
    cell = from_torch(model) if isinstance(model, nn.LSTM) else model
    if x.dim() not in (2, 3) or x.shape[0] == 0:
        raise InvalidInput(
            f"x has shape {tuple(x.shape)}; it must be (T, I) or (T, B, I) with at least one step",
            field="x",
            code="wrong_shape",
        )
    start = _initial_state(cell, x, initial_state)
    state, steps = start, []
    for x_t in x:
        step = cell.step(x_t, state)
        state = State(step.hidden_state, step.cell_state)
        steps.append(step)
    kept = Step(*map(torch.stack, zip(*steps, strict=True)))
    return Trace(layers=(LayerTrace(0, "forward", start, **kept._asdict()),))


def _initial_state(cell: LSTMSimpleCell, x: Tensor, given: tuple[Tensor, Tensor] | None) -> State:
    shape = (*x.shape[1:-1], cell.hidden_size)  # (B, H) or (H)
    if given is None:
        zeros = cell.W_f.weight.new_zeros(shape)
        return State(zeros, zeros)
    for name, tensor in zip(State._fields, given, strict=True):
        if tensor.shape not in (shape, shape[-1:]):
            raise InvalidInput(
                f"the initial {name} has shape {tuple(tensor.shape)}; it must be {shape}",
                field=f"initial_state.{name}",
                code="wrong_shape",
            )
    hidden_state, cell_state = given
    return State(hidden_state.expand(shape), cell_state.expand(shape))
