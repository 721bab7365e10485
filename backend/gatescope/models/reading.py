"""What a convention gives: the LSTMs of a file as PyTorch names and packs them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

Settings = Mapping[str, str | float | bool]


def full_name(module: str, name: str) -> str:
    """The name of a module's tensor in the file."""
    return f"{module}.{name}".removeprefix(".")


@dataclass(frozen=True)
class LSTMReading:
    """An LSTM of a file.

    name: the dotted name of its module, empty for the outermost. weights: as the state dict of a `torch.nn.LSTM` or
    `torch.nn.LSTMCell` holds them, gates in PyTorch's order. settings: those that the file holds. assumptions:
    settings that the file does not hold, with the values that are assumed.
    """

    name: str
    weights: Mapping[str, Tensor]
    settings: Settings = field(default_factory=dict)
    assumptions: Settings = field(default_factory=dict)

    @property
    def tensors(self) -> dict[str, Tensor]:
        """The weights under their full names."""
        return {full_name(self.name, name): tensor for name, tensor in self.weights.items()}


@dataclass(frozen=True)
class Reading:
    """The LSTMs of a file.

    others: the tensors of the file that belong to no LSTM; a ``weight`` (and a ``bias``) of two dimensions may be an
    embedding or a linear layer. unsupported: modules that were recognised but cannot be read as an LSTM, by name, and
    what they are.
    """

    lstms: tuple[LSTMReading, ...]
    others: Mapping[str, Tensor]
    unsupported: Mapping[str, str]

    @property
    def tensors(self) -> dict[str, Tensor]:
        """All tensors by their full names."""
        tensors = dict(self.others)
        for lstm in self.lstms:
            tensors |= lstm.tensors
        return tensors
