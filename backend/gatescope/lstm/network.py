"""Layers and directions of cells: what torch.nn.LSTM computes, with an optional front and read-out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import DIRECTIONS, Direction, LSTMSimpleCell
from gatescope.lstm.intervention import Intervention
from gatescope.lstm.layer import LayerTrace, joined, starting_state, trace_layer
from gatescope.lstm.layout import Layout, with_layers
from gatescope.lstm.packing import check_is_lstm, from_state_dict, native, suffix, to_state_dict


class LSTMNetwork(nn.Module):
    """Cells in layers; each layer runs in one direction or two, whose hidden states side by side feed the next.

    Args:
        input_size: I, the number of features of x_t.
        hidden_size: H, the number of units of each layer and direction.
        num_layers: L.
        bias: whether the gates have biases.
        batch_first: whether a batch is (B, T, I) rather than (T, B, I) where it enters and leaves; traces are
            time-major in any case.
        bidirectional: whether each layer also runs from the last step to the first.
        proj_size: P, the size of h with a projection; 0 for none.
        device: of the weights.
        dtype: float32 or float64.

    Attributes:
        cells: layer by layer, forward before backward.
        front: makes the features of the first layer, such as `torch.nn.Embedding`; or None.
        read_out: makes an output of the last layer's hidden states at each step, such as `torch.nn.Linear`; or None.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        bias: bool = True,
        batch_first: bool = False,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        directions = DIRECTIONS if bidirectional else DIRECTIONS[:1]
        between = (proj_size or hidden_size) * len(directions)  # what a layer passes to the next
        cells = [
            LSTMSimpleCell(between if layer else input_size, hidden_size, bias, device, dtype, proj_size)
            for layer in range(num_layers)
            for _ in directions
        ]
        self._assemble(cells, directions, batch_first)

    def _assemble(self, cells: Sequence[LSTMSimpleCell], directions: tuple[Direction, ...], batch_first: bool) -> None:
        super().__init__()
        self.batch_first = batch_first
        self.directions = directions
        self.cells = nn.ModuleList(cells)
        self.front: nn.Module | None = None
        self.read_out: nn.Module | None = None

    @classmethod
    def of_cells(
        cls,
        cells: Sequence[LSTMSimpleCell],
        directions: tuple[Direction, ...] = DIRECTIONS[:1],
        batch_first: bool = False,
    ) -> "LSTMNetwork":
        """The network of these very cells, layer by layer, forward before backward; nothing is copied."""
        network = cls.__new__(cls)
        network._assemble(cells, directions, batch_first)
        return network

    @classmethod
    def from_torch(cls, source: nn.LSTM | nn.LSTMCell | Mapping[str, Tensor]) -> "LSTMNetwork":
        """The network with the weights of an `nn.LSTM`, an `nn.LSTMCell`, or the state dict of either; copied.

        Raises:
            InvalidInput: it is no LSTM, or a tensor is missing, unknown, or of a shape that does not fit the others.
        """
        check_is_lstm(source)
        weights = with_layers(source.state_dict() if isinstance(source, nn.Module) else source)
        layout, first = Layout.of(weights), weights["weight_ih_l0"]
        network = cls(
            layout.input_size,
            layout.hidden_size,
            layout.num_layers,
            bias=layout.bias,
            batch_first=isinstance(source, nn.LSTM) and source.batch_first,
            bidirectional=layout.bidirectional,
            proj_size=layout.proj_size,
            device=first.device,
            dtype=first.dtype,
        )
        for index, (layer, direction, _) in enumerate(network.places()):
            network.cells[index] = from_state_dict(weights, suffix(layer, direction))
        return network

    def to_state_dict(self) -> dict[str, Tensor]:
        """The weights under the names of `torch.nn.LSTM`; the second biases are zero; copied."""
        packed: dict[str, Tensor] = {}
        for layer, direction, cell in self.places():
            packed |= to_state_dict(cell, suffix(layer, direction))
        return packed

    def to_torch(self) -> nn.LSTM:
        """The `torch.nn.LSTM` that computes what the layers compute; weights are copied."""
        return native(
            self.first_cell,
            self.to_state_dict(),
            num_layers=self.num_layers,
            batch_first=self.batch_first,
            bidirectional=len(self.directions) == 2,
        )

    @property
    def first_cell(self) -> LSTMSimpleCell:
        """The forward cell of layer 0, whose sizes the others share but for the input."""
        _, _, cell = next(self.places())
        return cell

    @property
    def num_layers(self) -> int:
        """L."""
        return len(self.cells) // len(self.directions)

    def places(self) -> Iterator[tuple[int, Direction, LSTMSimpleCell]]:
        """Each cell with its layer and direction, in the order of `cells`."""
        for index, cell in enumerate(self.cells):
            layer, direction = divmod(index, len(self.directions))
            yield layer, self.directions[direction], cast(LSTMSimpleCell, cell)

    def with_cells(self, cells: Sequence[LSTMSimpleCell]) -> "LSTMNetwork":
        """The same network with other cells, of the same sizes and in the order of `cells`; the rest is shared.

        Those of its upper layers alone make a network that takes what the layer below them passes on.
        """
        network = LSTMNetwork.of_cells(cells, self.directions, self.batch_first)
        network.front, network.read_out = self.front, self.read_out
        return network

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Gives what `torch.nn.LSTM` gives: h of the last layer, (T, B, D·H), and the final (h, C), each (L·D, B, H).

        Arguments and errors are those of `layers`; the front and the read-out do not run.
        """
        layers = self.layers(x, state)
        output = joined(layers[-len(self.directions) :])
        if self.batch_first and output.dim() == 3:
            output = output.transpose(0, 1)
        hidden_states, cell_states = zip(*(layer.final_state for layer in layers), strict=True)
        return output, (torch.stack(hidden_states), torch.stack(cell_states))

    def layers(
        self,
        x: Tensor,
        state: tuple[Tensor, Tensor] | None = None,
        interventions: Sequence[Intervention] = (),
    ) -> tuple[LayerTrace, ...]:
        """Runs every layer and direction.

        Args:
            x: (T, I), or (T, B, I), or (B, T, I) with `batch_first`.
            state: (h, C) before the first step: (L·D, B, H), or (L·D, H) for a single sequence; zeros if None.
            interventions: quantities held at a value while it runs.

        Raises:
            InvalidInput: x or the state does not fit.
        """
        if self.batch_first and x.dim() == 3:
            x = x.transpose(0, 1)  # (T, B, I)
        if state is not None and len(state[0]) != len(self.cells):
            raise InvalidInput(
                f"the initial state is for {len(state[0])} layers and directions; the network has {len(self.cells)}",
                field="initial_state",
                code="wrong_shape",
            )
        layers: list[LayerTrace] = []
        for index, (layer, direction, cell) in enumerate(self.places()):
            if layer > 0 and direction == "forward":
                x = joined(layers[-len(self.directions) :])  # (T, B, D·H)
            start = starting_state(cell, x, state and (state[0][index], state[1][index]))
            held = [each for each in interventions if (each.layer, each.direction) == (layer, direction)]
            layers.append(trace_layer(cell, x, start, layer, direction, held))
        return tuple(layers)


def as_network(model: LSTMSimpleCell | LSTMNetwork | nn.LSTM | nn.LSTMCell) -> LSTMNetwork:
    """A network as it is; a cell as a network of one layer that shares its weights; an LSTM of torch as a copy."""
    if isinstance(model, LSTMNetwork):
        return model
    return LSTMNetwork.of_cells([model]) if isinstance(model, LSTMSimpleCell) else LSTMNetwork.from_torch(model)


def cells_of(model: LSTMSimpleCell | LSTMNetwork) -> dict[tuple[int, Direction], LSTMSimpleCell]:
    """The cells of a model by layer and direction, in the order of `LSTMNetwork.cells`."""
    return {(layer, direction): cell for layer, direction, cell in as_network(model).places()}
