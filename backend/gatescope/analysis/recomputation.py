"""Gradients of many runs at once by torch.nn.LSTM's own passes, in little memory: time is walked twice, in stretches.

nn.LSTM takes a step of four runs in about the time of one, but stores all steps between its forward and its backward
pass. So only the states between stretches are stored here, and each stretch runs again for its gradient.

Source: Gruslys et al., "Memory-Efficient Backpropagation Through Time", 2016.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from gatescope.lstm.cancellation import check_cancelled
from gatescope.lstm.cell import Direction
from gatescope.lstm.layer import State
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.packing import to_torch

STRETCH = 128  # steps


class Reading(NamedTuple):
    """The states that a target is made of: those after a step of a layer, in one direction or in all."""

    layer: int
    directions: tuple[Direction, ...]
    step: int


class ReadTarget(NamedTuple):
    """A target F as a function of the states that are read, each (B, P) and (B, H)."""

    reading: Reading
    read_out: nn.Module | None  # None: a unit's state is the target
    number: int  # of the output or the unit
    quantity: str = "hidden_state"

    def values(self, read: list[State]) -> Tensor:
        """F, (B)."""
        if self.read_out is not None:
            outputs: Tensor = self.read_out(torch.cat([state.hidden_state for state in read], -1)[None])  # (1, B, O)
            return outputs[0, :, self.number]
        state: Tensor = getattr(read[0], self.quantity)  # (B, P) or (B, H)
        return state[:, self.number]

    @torch.enable_grad()
    def gradients(self, read: list[State]) -> list[State]:
        """∂F with respect to the states read."""
        leaves = [State(*(tensor.detach().requires_grad_() for tensor in state)) for state in read]
        flat = [tensor for state in leaves for tensor in state]
        gradients = torch.autograd.grad(self.values(leaves).sum(), flat, allow_unused=True, materialize_grads=True)
        return [State(*gradients[first : first + 2]) for first in range(0, len(gradients), 2)]


class _Ran(NamedTuple):
    """A layer in one direction over a batch; time in the order in which it ran."""

    lstm: nn.LSTM
    x: Tensor  # (T, B, I)
    borders: list[State]  # before each stretch; each tensor (1, B, H)
    final: State


class BatchRun:
    """A batch of runs up to the states that are read, with gradients back to the input.

    Attributes:
        read: the states there, one for each direction of the reading; each (B, P) and (B, H).
    """

    def __init__(self, network: LSTMNetwork, fed: Tensor, states: list[State], reading: Reading) -> None:
        """Runs the layers below the reading to the end, and its own layer up to its step.

        Args:
            network: the network; its weights get no gradients.
            fed: the input of the first layer, (T, B, I).
            states: before the first step, one for each layer and direction; each (P) and (H).
            reading: the states to read.
        """
        self._reading = reading
        self._below: list[list[_Ran]] = []
        x, starts = fed, iter(states)
        layers: list[list[tuple[Direction, nn.LSTM, State]]] = [[] for _ in range(network.num_layers)]
        for layer, direction, cell in network.places():
            layers[layer].append((direction, to_torch(cell).requires_grad_(False), next(starts)))
        for places in layers[: reading.layer]:
            ran, outputs = zip(*(_run(lstm, _turned(x, way), start) for way, lstm, start in places), strict=True)
            self._below.append(list(ran))
            x = torch.cat([_turned(output, way) for output, way in zip(outputs, network.directions, strict=True)], -1)
        self._top = [
            _run(lstm, _turned(x, way)[: self._steps(way, len(x))], start, with_outputs=False)[0]
            for way, lstm, start in layers[reading.layer]
            if way in reading.directions
        ]
        self._directions, self._shape = network.directions, x.shape
        self.read = [State(*(tensor.squeeze(0) for tensor in ran.final)) for ran in self._top]

    def gradient(self, of_read: list[State]) -> Tensor:
        """The gradient of the input, (T, B, I), from those of the states read, each (B, P) and (B, H)."""
        passed = self._top[0].x.new_zeros(self._shape)
        for way, ran, given in zip(self._reading.directions, self._top, of_read, strict=True):
            gradient = _back(ran, State(*(tensor.unsqueeze(0) for tensor in given)))  # (up to the step, B, I)
            reached = passed[-len(gradient) :] if way == "backward" else passed[: len(gradient)]
            reached += _turned(gradient, way)
        for layer in reversed(self._below):
            parts = zip(self._directions, layer, passed.chunk(len(layer), -1), strict=True)  # D × (T, B, P)
            below = [_turned(_back(ran, _zeros(ran.final), _turned(part, way)), way) for way, ran, part in parts]
            passed = torch.stack(below).sum(0)
        return passed

    def _steps(self, direction: Direction, steps: int) -> int:
        return steps - self._reading.step if direction == "backward" else self._reading.step + 1


def _run(lstm: nn.LSTM, x: Tensor, start: State, *, with_outputs: bool = True) -> tuple[_Ran, Tensor]:
    """The run, and its hidden states, (T, B, P), or none if they are not needed."""
    state = State(*(tensor.expand(1, x.shape[1], -1).contiguous() for tensor in start))
    borders, outputs = [], []
    for part in torch.split(x, STRETCH):
        check_cancelled()
        borders.append(state)
        output, final = lstm(part, tuple(state))
        state = State(*final)
        if with_outputs:
            outputs.append(output)
    return _Ran(lstm, x, borders, state), torch.cat(outputs) if with_outputs else x.new_zeros(0)


@torch.enable_grad()
def _back(ran: _Ran, of_final: State, arriving: Tensor | None = None) -> Tensor:
    """The gradient of x, (T, B, I), from those of the final state and of all hidden states, (T, B, P)."""
    gradients = torch.zeros_like(ran.x)
    for start, border in reversed(list(zip(range(0, len(ran.x), STRETCH), ran.borders, strict=True))):
        check_cancelled()
        if arriving is None and not any(bool(tensor.any()) for tensor in of_final):
            break  # all that is left is zero
        part = slice(start, start + STRETCH)
        x, h, C = (tensor.detach().requires_grad_() for tensor in (ran.x[part], *border))
        output, final = ran.lstm(x, (h, C))
        results, given = [*final], [*of_final]
        if arriving is not None:
            results, given = [output, *results], [arriving[part], *given]
        gradients[part], *passed = torch.autograd.grad(results, (x, h, C), given)
        of_final = State(*map(_normal, passed))
    return gradients


def _normal(tensor: Tensor) -> Tensor:
    """A tensor without denormal numbers, which are slow and add nothing."""
    return tensor.where(tensor.abs() >= torch.finfo(tensor.dtype).tiny, 0)


def _zeros(state: State) -> State:
    return State(*map(torch.zeros_like, state))


def _turned(x: Tensor, direction: Direction) -> Tensor:
    return x.flip(0) if direction == "backward" else x
