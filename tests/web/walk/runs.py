"""A run of the walk: a model, a sequence, what is held, changed or started from; as a request, and computed alone.

And what a route asks of it.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import torch
from tests.web.rest import Json
from tests.web.walk.models import Model, Native, Network
from tests.web.walk.sequences import Sequence, entering, misfit
from torch import Tensor

from gatescope import ForgetBiasChange, Intervention, LSTMNetwork, Trace, WeightChange, trace, with_changes
from gatescope.lstm.cell import Direction
from gatescope.lstm.network import cells_of
from gatescope.lstm.packing import suffix

State = tuple[Tensor, Tensor]
# What a run may hold, change and start from, by the fields of the request.
WHATS: Mapping[str, tuple[str, ...]] = {
    "as it is": (),
    "held": ("interventions",),
    "changed": ("changes",),
    "started": ("initial_state",),
    "all three": ("interventions", "changes", "initial_state"),
}


@dataclass(frozen=True)
class Run:
    """A model on a sequence; of one that does not fit, only the request can be had."""

    model: Model
    sequence: Sequence
    folder: Path
    stored: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    @property
    def plain(self) -> "Run":
        """The same with nothing held, changed or started from."""
        return Run(self.model, self.sequence, self.folder, self.stored)

    @cached_property
    def request(self) -> Json:
        asked: Json = {"model": self.model.request(self.folder, self.stored), "sequence": self.sequence.request}
        if self.interventions:
            asked["interventions"] = [vars(held) for held in self.interventions]
        if self.changes:
            kinds = {ForgetBiasChange: "forget_bias", WeightChange: "weight"}
            asked["changes"] = [{"type": kinds[type(change)], **vars(change)} for change in self.changes]
        if self.state:
            hidden, cell = (tensor.tolist() for tensor in self.state)
            asked["initial_state"] = {"hidden_state": hidden, "cell_state": cell}
        return asked

    @cached_property
    def x(self) -> Tensor:
        return entering(self.model, self.sequence)  # (T, I) or (T)

    @property
    def steps(self) -> int:
        """T."""
        return self._size[1]

    @cached_property
    def _size(self) -> tuple[int, int]:
        """The width and the length of the sequence."""
        if misfit(self.model, self.sequence):
            return self.model.inputs or 1, 1
        return (self.x.shape[1] if self.x.dim() == 2 else 1), len(self.x)

    @cached_property
    def network(self) -> Network:
        network = self.model.build(self.folder, *self._size)
        return with_changes(network, self.changes)

    @cached_property
    def _unchanged(self) -> Network:
        return self.model.build(self.folder, *self._size)

    @cached_property
    def trace(self) -> Trace:
        with torch.no_grad():
            return trace(self.network, self.x, self.state, self.interventions)

    @property
    def place(self) -> tuple[int, Direction]:
        """The layer and direction that is asked about: the last."""
        return list(cells_of(self._unchanged))[-1]

    @property
    def index(self) -> int:
        """Of that place among the layers of the trace."""
        return len(cells_of(self._unchanged)) - 1

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        if "interventions" not in self.fields:
            return ()
        layer, direction = self.place
        last = self.steps // 2
        return (
            Intervention("forget_gate", 0.75, layer, direction),
            Intervention("cell_state", -0.5, layer, direction, (0,), 0, last),
        )

    @property
    def changes(self) -> tuple[WeightChange | ForgetBiasChange, ...]:
        """A weight, and the forget bias where there is one."""
        if "changes" not in self.fields:
            return ()
        layer, direction = self.place
        weight = WeightChange(f"weight_hh{suffix(layer, direction)}", 1, 0.5, 0)
        has_bias = cells_of(self._unchanged)[self.place].W_f.bias is not None
        return (weight, *([ForgetBiasChange(1.5, layer, direction)] if has_bias else []))

    @cached_property
    def state(self) -> State | None:
        """(h, C), each a row for each layer and direction, (L·D, P) and (L·D, H); of a cell (P) and (H)."""
        if "initial_state" not in self.fields:
            return None
        cells, generator = list(cells_of(self._unchanged).values()), torch.Generator().manual_seed(5)
        sizes = (cells[0].output_size, cells[0].hidden_size)
        rows = [torch.randn(len(cells), size, generator=generator) for size in sizes]
        if isinstance(self._unchanged, LSTMNetwork):
            return rows[0], rows[1]
        return rows[0][0], rows[1][0]

    def in_torch(self) -> tuple[Tensor, Tensor | None]:
        """What PyTorch's own modules make of it where nothing is held: h of the last layer, and the output."""
        native: Native = deepcopy(self.model.native(self.folder, *self._size))
        state = self.state
        if state and state[0].dim() == 1:
            state = (state[0][None], state[1][None])
        with torch.no_grad():
            weights = dict(native.lstm.named_parameters())
            for change in self.changes:
                if isinstance(change, WeightChange):
                    weights[change.name][change.row, change.column] = change.value
                else:
                    end = suffix(change.layer, change.direction)
                    weights[f"bias_ih{end}"].chunk(4)[1].fill_(change.value)
                    weights[f"bias_hh{end}"].chunk(4)[1].fill_(0)
            return native.run(self.x, state)


@dataclass(frozen=True)
class Route:
    """A route. asks: the fields beside the run; answer: what they must be answered with, as far as it is told here.

    names_the_run: whether these fields hold the run itself; of_gradients: whether it takes no interventions;
    needs_output: whether it needs a read-out; fewest: steps.
    """

    path: str
    asks: Callable[[Run], Json]
    answer: Callable[[Run], Json]
    names_the_run: bool = False
    of_gradients: bool = False
    needs_output: bool = False
    fewest: int = 1

    def request(self, run: Run) -> Json:
        """The body of a request."""
        return self.asks(run) if self.names_the_run else run.request | self.asks(run)

    def refusal(self, run: Run) -> str | None:
        """The code with which a run that its model takes is refused here."""
        if self.of_gradients and "interventions" in run.fields:
            return "gradients_of_held"
        if self.needs_output and not run.model.outputs:
            return "no_read_out"
        return "too_few_steps" if run.steps < self.fewest else None
