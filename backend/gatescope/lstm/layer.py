"""One layer in one direction over a whole sequence, with every gate and state of every step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm import recovery
from gatescope.lstm.cancellation import check_cancelled
from gatescope.lstm.cell import Direction, LSTMSimpleCell, Step
from gatescope.lstm.intervention import Intervention, holding


class State(NamedTuple):
    """The state that a layer carries from step to step; each (B, H), or (H) for a single sequence.

    With a projection the hidden state is (B, P) or (P).
    """

    hidden_state: Tensor
    cell_state: Tensor


@dataclass(frozen=True)
class LayerTrace:
    """One layer and direction of a run; the six tensors are (T, H), or (T, B, H) for a batch.

    Step t of every tensor belongs to x_t, also backward, where step t was computed from step t + 1. With a projection
    the hidden state is (T, P) or (T, B, P).
    """

    layer: int
    direction: Direction
    initial_state: State
    forget_gate: Tensor
    input_gate: Tensor
    candidate: Tensor
    output_gate: Tensor
    cell_state: Tensor
    hidden_state: Tensor

    @property
    def final_state(self) -> State:
        """The state after the last step computed, which backward is step 0."""
        last = 0 if self.direction == "backward" else -1
        return State(self.hidden_state[last], self.cell_state[last])

    @property
    def previous_state(self) -> State:
        """The state that each step started from; shaped as the six tensors."""
        return State(
            self._previous(self.initial_state.hidden_state, self.hidden_state),
            self._previous(self.initial_state.cell_state, self.cell_state),
        )

    def _previous(self, initial: Tensor, states: Tensor) -> Tensor:
        if self.direction == "backward":
            return torch.cat([states[1:], initial.unsqueeze(0)])  # (T, B, H)
        return torch.cat([initial.unsqueeze(0), states[:-1]])  # (T, B, H)


def joined(layers: Sequence[LayerTrace]) -> Tensor:
    """The hidden states of the directions of one layer side by side, (T, B, D·H)."""
    return torch.cat([layer.hidden_state for layer in layers], dim=-1)


def trace_layer(
    cell: LSTMSimpleCell,
    x: Tensor,
    initial_state: State,
    layer: int = 0,
    direction: Direction = "forward",
    interventions: Sequence[Intervention] = (),
) -> LayerTrace:
    """Runs a cell over x, (T, I) or (T, B, I), from an initial state that fits, with the interventions in this layer.

    Where no gradient is asked for, the compiled loop runs on a CPU, and nn.LSTM with the gates recovered on CUDA;
    elsewhere the plain loop.
    """
    from gatescope.lstm import kernel  # numba takes a second to import

    if _gradient_is_asked_for(cell, x, initial_state):
        steps = plain_loop(cell, x, initial_state, direction, interventions)
    elif kernel.applies(cell, x, initial_state):
        steps = kernel.run(cell, x, initial_state, backward=direction == "backward", interventions=interventions)
    elif recovery.applies(cell, x, initial_state) and not interventions:
        steps = recovery.run(cell, x, initial_state, backward=direction == "backward")
    else:
        steps = plain_loop(cell, x, initial_state, direction, interventions)
    return LayerTrace(layer, direction, initial_state, **steps._asdict())


def _gradient_is_asked_for(cell: LSTMSimpleCell, x: Tensor, state: State) -> bool:
    return torch.is_grad_enabled() and any(tensor.requires_grad for tensor in (x, *state, *cell.parameters()))


def plain_loop(
    cell: LSTMSimpleCell,
    x: Tensor,
    initial_state: State,
    direction: Direction = "forward",
    interventions: Sequence[Intervention] = (),
) -> Step:
    """Step after step as the textbook writes it, the reference of the compiled loop; (T, H) or (T, B, H)."""
    state, steps = initial_state, []
    times = reversed(range(len(x))) if direction == "backward" else range(len(x))
    for time in times:
        check_cancelled()
        step = cell.step(x[time], state, holding(interventions, time))
        state = State(step.hidden_state, step.cell_state)
        steps.append(step)
    if direction == "backward":
        steps.reverse()
    return Step(*map(torch.stack, zip(*steps, strict=True)))


def starting_state(cell: LSTMSimpleCell, x: Tensor, given: tuple[Tensor, Tensor] | None) -> State:
    """The state before the first step for x, (T, I) or (T, B, I): the one given, spread over the batch, or zeros.

    Raises:
        InvalidInput: a tensor does not fit the cell and the batch.
    """
    batch = x.shape[1:-1]  # (B) or ()
    shapes = [(*batch, cell.output_size), (*batch, cell.hidden_size)]
    if given is None:
        return State(*(cell.W_f.weight.new_zeros(shape) for shape in shapes))
    for name, tensor, shape in zip(State._fields, given, shapes, strict=True):
        if tensor.shape not in (shape, shape[-1:]):
            raise InvalidInput(
                f"the initial {name} has shape {tuple(tensor.shape)}; it must be {shape}",
                field=f"initial_state.{name}",
                code="wrong_shape",
            )
    return State(*(tensor.expand(shape) for tensor, shape in zip(given, shapes, strict=True)))
