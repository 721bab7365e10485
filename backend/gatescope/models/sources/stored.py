"""The description of a stored model, which is read without its tensors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from torch import Tensor

from gatescope.models.checkpoint import CheckpointLSTM

HASH_DIGITS = 32


@dataclass(frozen=True)
class StoredLSTM:
    """An LSTM inside a stored model: its sizes, and the parts that can stand before and after it."""

    name: str
    input_size: int
    hidden_size: int
    proj_size: int
    num_layers: int
    bidirectional: bool
    fronts: Mapping[str, int]  # the name of each embedding with the number of its rows
    read_outs: Mapping[str, int]  # the name of each linear layer with the number of its outputs

    @classmethod
    def of(cls, lstm: CheckpointLSTM, tensors: Mapping[str, Tensor]) -> Self:
        """The description of an LSTM of a checkpoint with these tensors."""
        cell = lstm.network.first_cell
        return cls(
            lstm.name,
            cell.input_size,
            cell.hidden_size,
            cell.proj_size,
            lstm.network.num_layers,
            len(lstm.network.directions) == 2,
            {name: len(tensors[f"{name}.weight"]) for name in lstm.fronts},
            {name: len(tensors[f"{name}.weight"]) for name in lstm.read_outs},
        )


@dataclass(frozen=True)
class StoredModel:
    """The description of a stored model.

    id: the hash of the tensors, and behind it that of the file's name where the same tensors were stored before under
    another; unsupported: recurrent modules of the file that are no LSTM, and what they are.
    """

    id: str
    name: str
    file_name: str
    file_bytes: int
    created: str
    lstms: tuple[StoredLSTM, ...]
    unsupported: Mapping[str, str]
    vocabulary: tuple[str, ...] | None = None

    @property
    def tensors(self) -> str:
        """The hash of the tensors, which other models may share."""
        return self.id[:HASH_DIGITS]

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """The reverse of `dataclasses.asdict`."""
        vocabulary = content["vocabulary"]
        lists = {
            "lstms": tuple(StoredLSTM(**lstm) for lstm in content["lstms"]),
            "vocabulary": None if vocabulary is None else tuple(vocabulary),
        }
        return cls(**{**content, **lists})
