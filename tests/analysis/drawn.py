"""Networks and sequences of all kinds for the tests of the analyses, and what an analysis allocates."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from gatescope import LSTMNetwork, LSTMSimpleCell, trace
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.trace import Trace


@dataclass(frozen=True)
class Drawn:
    network: LSTMNetwork
    x: Tensor
    state: tuple[Tensor, Tensor] | None = None

    @cached_property
    def trace(self) -> Trace:
        with torch.no_grad():
            return trace(self.network, self.x, self.state)

    @property
    def layers(self) -> list[tuple[int, LayerTrace, LSTMSimpleCell]]:
        """Each layer and direction with its index and its cell."""
        cells = [cell for _, _, cell in self.network.places()]
        return [(index, *pair) for index, pair in enumerate(zip(self.trace.layers, cells, strict=True))]


@st.composite
def drawn_runs(draw: st.DrawFn) -> Drawn:
    """A network of up to three layers, one or two directions, with a projection or none, and a run from a state."""
    hidden_size = draw(st.integers(1, 7))
    torch.manual_seed(draw(st.integers(0, 2**31)))
    dtype = draw(st.sampled_from([torch.float32, torch.float64]))
    network = LSTMNetwork(
        draw(st.integers(1, 4)),
        hidden_size,
        draw(st.integers(1, 3)),
        bias=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        proj_size=draw(st.integers(0, hidden_size - 1)),
        dtype=dtype,
    )
    spread = draw(st.sampled_from([0.1, 1.0, 3.0]))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0, spread)
    x = torch.randn(draw(st.integers(1, 30)), network.first_cell.input_size, dtype=dtype)
    state = None
    if draw(st.booleans()):
        places, output_size = len(network.cells), network.first_cell.output_size
        state = (torch.randn(places, output_size, dtype=dtype), torch.randn(places, hidden_size, dtype=dtype))
    return Drawn(network, x, state)


def zero_weights(forget_bias: float, steps: int = 11) -> Trace:
    """A run of a cell whose weights are all zero but for the bias of the forget gate."""
    cell = LSTMSimpleCell(1, 2)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        torch.nn.init.constant_(cell.W_f.bias, forget_bias)
        return trace(cell, torch.ones(steps, 1))


def large_run(steps: int = 1000, hidden_size: int = 128, *, bidirectional: bool = False) -> Drawn:
    torch.manual_seed(0)
    network = LSTMNetwork(4, hidden_size, bidirectional=bidirectional)
    return Drawn(network, torch.randn(steps, 4))


def nbytes(layer: LayerTrace) -> int:
    """The size of the six tensors of a layer and direction."""
    names = ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state")
    return sum(int(getattr(layer, name).nbytes) for name in names)


class Allocations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of all tensors made meanwhile, those let go of again included: no less than the peak."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        answer = func(*args, **(kwargs or {}))
        known = {_storage(leaf) for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)}
        made = [leaf for leaf in tree_leaves(answer) if isinstance(leaf, Tensor) and _storage(leaf) not in known]
        self.total += sum(leaf.untyped_storage().nbytes() for leaf in made)
        return answer


def _storage(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()
