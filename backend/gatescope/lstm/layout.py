"""The sizes of an LSTM, as the names and shapes of `torch.nn.LSTM`'s tensors tell them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import DIRECTIONS
from gatescope.lstm.packing import suffix

_NAME = re.compile(r"(?:weight_(?:ih|hh|hr)|bias_(?:ih|hh))_l([0-9]+)(_reverse)?")


def with_layers(weights: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """The weights under the names of `torch.nn.LSTM`; a `torch.nn.LSTMCell` names no layer."""
    return {f"{name}_l0": tensor for name, tensor in weights.items()} if "weight_ih" in weights else weights


@dataclass(frozen=True)
class Layout:
    """The sizes of an LSTM: I, H, P (0 without a projection) and L; whether it has two directions, and biases."""

    input_size: int
    hidden_size: int
    proj_size: int
    num_layers: int
    bidirectional: bool
    bias: bool

    @classmethod
    def of(cls, weights: Mapping[str, Tensor]) -> "Layout":
        """The sizes that the weights of a `torch.nn.LSTM` tell; no number in them is read.

        Raises:
            InvalidInput: a tensor is missing, unknown, or has a shape that does not fit the others.
        """
        first, projection = _matrix(weights, "weight_ih_l0", "(4H, I)"), None
        if "weight_hr_l0" in weights:
            projection = _matrix(weights, "weight_hr_l0", "(P, H)")
        if 0 in first.shape or first.shape[0] % 4:
            raise _wrong_shape("weight_ih_l0", first, "(4H, I)")
        layout = cls(
            first.shape[1],
            first.shape[0] // 4,
            0 if projection is None else projection.shape[0],
            _num_layers(weights),
            any(match[2] for match in map(_NAME.fullmatch, weights) if match),
            "bias_ih_l0" in weights,
        )
        layout._check(weights)
        return layout

    @property
    def output_size(self) -> int:
        """What a step of the last layer gives: its hidden states, or their projections, side by side."""
        return (self.proj_size or self.hidden_size) * (1 + self.bidirectional)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The name and shape of each tensor."""
        rows, shapes = 4 * self.hidden_size, dict[str, tuple[int, ...]]()
        for layer in range(self.num_layers):
            for direction in DIRECTIONS[: 1 + self.bidirectional]:
                end = suffix(layer, direction)
                shapes[f"weight_ih{end}"] = (rows, self.output_size if layer else self.input_size)
                shapes[f"weight_hh{end}"] = (rows, self.proj_size or self.hidden_size)
                if self.bias:
                    shapes |= {f"bias_ih{end}": (rows,), f"bias_hh{end}": (rows,)}
                if self.proj_size:
                    shapes[f"weight_hr{end}"] = (self.proj_size, self.hidden_size)
        return shapes

    def _check(self, weights: Mapping[str, Tensor]) -> None:
        shapes = self.shapes()
        for name in weights:
            if name not in shapes:
                directions = self.num_layers * (1 + self.bidirectional)
                raise _unknown(name, f"this LSTM of {directions} layers and directions")
        for name, shape in shapes.items():
            if _tensor(weights, name).shape != shape:
                raise _wrong_shape(name, weights[name], str(shape))


def _num_layers(weights: Mapping[str, Tensor]) -> int:
    """The number of layers in the names, which is never trusted beyond the number of tensors."""
    most, num_layers = len(weights), 1
    for name in weights:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        if len(match[1]) > len(str(most)) or int(match[1]) >= most:
            raise _unknown(name, f"an LSTM of {most} tensors")
        num_layers = max(num_layers, 1 + int(match[1]))
    return num_layers


def _matrix(weights: Mapping[str, Tensor], name: str, expected: str) -> Tensor:
    tensor = _tensor(weights, name)
    if tensor.dim() != 2:
        raise _wrong_shape(name, tensor, expected)
    return tensor


def _tensor(weights: Mapping[str, Tensor], name: str) -> Tensor:
    if name not in weights:
        raise InvalidInput(f"{name} is missing", field=name, code="missing_tensor", tensor=name)
    return weights[name]


def _unknown(name: str, what: str) -> InvalidInput:
    return InvalidInput(f"{name} does not belong to {what}", field=name, code="unknown_tensor", tensor=name)


def _wrong_shape(name: str, tensor: Tensor, expected: str) -> InvalidInput:
    return InvalidInput(
        f"{name} has shape {tuple(tensor.shape)}; beside the other tensors it must be {expected}",
        field=name,
        code="wrong_shape",
        tensor=name,
    )
