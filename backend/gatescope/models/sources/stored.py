"""The description of a stored model, which is read without its tensors."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from torch import Tensor

from gatescope.models.checkpoint import MOST_LSTMS, CheckpointLSTM
from gatescope.models.neighbours import MOST_PARTS

HASH_DIGITS = 32
Damage = Literal["description", "tensors"]


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
    omitted_parts: int = 0  # further ones that fit

    @classmethod
    def of(cls, lstm: CheckpointLSTM, tensors: Mapping[str, Tensor]) -> Self:
        """The description of an LSTM of a checkpoint with these tensors."""
        layout = lstm.layout
        return cls(
            lstm.name,
            layout.input_size,
            layout.hidden_size,
            layout.proj_size,
            layout.num_layers,
            layout.bidirectional,
            {name: len(tensors[f"{name}.weight"]) for name in lstm.fronts},
            {name: len(tensors[f"{name}.weight"]) for name in lstm.read_outs},
            lstm.omitted_parts,
        )


@dataclass(frozen=True)
class StoredModel:
    """The description of a stored model.

    id: the hash of the tensors, and behind it that of the file's name where the same tensors were stored before under
    another; unsupported: recurrent modules of the file that are no LSTM, and what they are; omitted: how many more
    recurrent modules the file had; damaged: which file of the model is damaged or missing.
    """

    id: str
    name: str
    file_name: str
    file_bytes: int
    created: str
    lstms: tuple[StoredLSTM, ...]
    unsupported: Mapping[str, str]
    vocabulary: tuple[str, ...] | None = None
    omitted: int = 0
    damaged: Damage | None = None

    @property
    def tensors(self) -> str:
        """The hash of the tensors, which other models may share."""
        return self.id[:HASH_DIGITS]

    def to_json(self) -> bytes:
        """The description as it is stored."""
        content = asdict(self)
        del content["damaged"]
        return json.dumps(content, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, identifier: str, text: bytes) -> Self:
        """The reverse of `to_json`, of this version and those before; what it cannot be is a damaged model."""
        try:
            model = cls(**_checked(json.loads(text), MODEL))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls.damaged_one(identifier)
        return model if model.id == identifier else cls.damaged_one(identifier)

    @classmethod
    def damaged_one(cls, identifier: str) -> Self:
        """A model of which no more is known."""
        return cls(identifier, identifier, "", 0, "", (), {}, damaged="description")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # a lone surrogate is no text
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _texts(value: Any) -> dict[str, str]:
    return {_text(name): _text(text) for name, text in value.items()}


def _sizes(value: Any) -> dict[str, int]:
    return {_text(name): _count(size) for name, size in list(value.items())[:MOST_PARTS]}


def _lstms(value: Any) -> tuple[StoredLSTM, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError
    return tuple(StoredLSTM(**_checked(lstm, LSTM)) for lstm in value[:MOST_LSTMS])


def _vocabulary(value: Any) -> tuple[str, ...] | None:
    if value is not None and not isinstance(value, list):
        raise TypeError
    return None if value is None else tuple(map(_text, value))


Checks = Mapping[str, Callable[[Any], Any]]
LSTM: Checks = {
    "name": _text,
    **dict.fromkeys(("input_size", "hidden_size", "proj_size", "num_layers", "omitted_parts"), _count),
    "bidirectional": _flag,
    **dict.fromkeys(("fronts", "read_outs"), _sizes),
}
MODEL: Checks = {
    **dict.fromkeys(("id", "name", "file_name", "created"), _text),
    **dict.fromkeys(("file_bytes", "omitted"), _count),
    "lstms": _lstms,
    "unsupported": _texts,
    "vocabulary": _vocabulary,
}


def _checked(content: Any, checks: Checks) -> dict[str, Any]:
    """The fields, none of which may be unknown: a later version may mean something by it."""
    return {name: checks[name](value) for name, value in content.items()}
