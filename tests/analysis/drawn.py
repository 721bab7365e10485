"""Networks and sequences of all kinds for the tests of the analyses, and what an analysis allocates."""

from collections.abc import Sequence
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
    """A network and a run of it, described by plain values, and made of them when they are first asked for.

    Made there and not while hypothesis draws: checking annotations draws from `random`, which hypothesis watches.

    spread: the standard deviation of every weight and bias; as PyTorch draws them if None.
    from_a_state: whether the run starts from a random state rather than from zeros.
    reads: whether the network has a read-out, of four outputs, that is not linear.
    """

    seed: int = 0
    input_size: int = 1
    hidden_size: int = 1
    num_layers: int = 1
    bias: bool = True
    batch_first: bool = False
    bidirectional: bool = False
    proj_size: int = 0
    dtype: torch.dtype = torch.float32
    spread: float | None = None
    steps: int = 1
    from_a_state: bool = False
    reads: bool = False

    @cached_property
    def network(self) -> LSTMNetwork:
        torch.manual_seed(self.seed)
        network = LSTMNetwork(
            self.input_size,
            self.hidden_size,
            self.num_layers,
            bias=self.bias,
            batch_first=self.batch_first,
            bidirectional=self.bidirectional,
            proj_size=self.proj_size,
            dtype=self.dtype,
        )
        if self.spread is not None:
            for parameter in network.parameters():
                torch.nn.init.normal_(parameter, 0, self.spread)
        if self.reads:
            width = network.first_cell.output_size * len(network.directions)
            network.read_out = torch.nn.Sequential(torch.nn.Linear(width, 4), torch.nn.Tanh()).to(self.dtype)
        return network

    @cached_property
    def x(self) -> Tensor:
        return self._random(self.steps, self.input_size, seed=1)

    @cached_property
    def state(self) -> tuple[Tensor, Tensor] | None:
        if not self.from_a_state:
            return None
        places, output_size = len(self.network.cells), self.network.first_cell.output_size
        return self._random(places, output_size, seed=2), self._random(places, self.hidden_size, seed=3)

    @cached_property
    def trace(self) -> Trace:
        with torch.no_grad():
            return trace(self.network, self.x, self.state)

    @property
    def layers(self) -> list[tuple[int, LayerTrace, LSTMSimpleCell]]:
        """Each layer and direction with its index and its cell."""
        cells = [cell for _, _, cell in self.network.places()]
        return [(index, *pair) for index, pair in enumerate(zip(self.trace.layers, cells, strict=True))]

    def _random(self, *shape: int, seed: int) -> Tensor:
        generator = torch.Generator().manual_seed(self.seed + seed)
        return torch.randn(*shape, generator=generator, dtype=self.dtype)


@st.composite
def drawn_runs(
    draw: st.DrawFn,
    dtypes: Sequence[torch.dtype] = (torch.float32, torch.float64),
    spreads: Sequence[float | None] = (0.1, 1.0, 3.0),
    most_steps: int = 30,
    reads: bool = False,
) -> Drawn:
    """A network of up to three layers, one or two directions, with a projection or none, and a run of it."""
    hidden_size = draw(st.integers(1, 7))
    return Drawn(
        seed=draw(st.integers(0, 2**31)),
        input_size=draw(st.integers(1, 4)),
        hidden_size=hidden_size,
        num_layers=draw(st.integers(1, 3)),
        bias=draw(st.booleans()),
        batch_first=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        proj_size=draw(st.integers(0, hidden_size - 1)),
        dtype=draw(st.sampled_from(dtypes)),
        spread=draw(st.sampled_from(spreads)),
        steps=draw(st.integers(1, most_steps)),
        from_a_state=draw(st.booleans()),
        reads=reads,
    )


def runs_for_gradients(*, reads: bool = False) -> st.SearchStrategy[Drawn]:
    """Short runs in float64 whose gates are not all saturated, so that gradients can be told from rounding."""
    return drawn_runs((torch.float64,), (None, 0.1, 0.5), 9, reads)


def zero_weights(forget_bias: float, steps: int = 11) -> Trace:
    """A run of a cell whose weights are all zero but for the bias of the forget gate."""
    cell = LSTMSimpleCell(1, 2)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        torch.nn.init.constant_(cell.W_f.bias, forget_bias)
        return trace(cell, torch.ones(steps, 1))


def large_run(steps: int = 1000, hidden_size: int = 128, *, bidirectional: bool = False) -> Drawn:
    return Drawn(input_size=4, hidden_size=hidden_size, bidirectional=bidirectional, steps=steps)


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
