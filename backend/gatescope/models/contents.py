"""What every reader of a checkpoint gives: tensors under PyTorch's names, and what it found but cannot use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from gatescope.errors import InvalidInput


@dataclass(frozen=True)
class Contents:
    """The inside of a file.

    tensors: dense floating-point tensors by their dotted names, LSTMs under the names of `torch.nn.LSTM`; unsupported:
    recurrent modules of other kinds, and what they are.
    """

    tensors: Mapping[str, Tensor]
    unsupported: Mapping[str, str] = field(default_factory=dict)


def refused(message: str, code: str, **context: str | int) -> InvalidInput:
    """The mistake of a file that is not let in."""
    return InvalidInput(message, field="file", code=code, **context)


def missing_extra(kind: str, extra: str) -> InvalidInput:
    """The mistake of a file whose reader is not installed."""
    command = f"pip install 'gatescope[{extra}]'"
    return refused(f"reading {kind} files needs an optional part: {command}", "missing_extra", command=command)
