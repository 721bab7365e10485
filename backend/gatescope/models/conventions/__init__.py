"""Ways of naming the tensors of an LSTM: from the names of a file to LSTMs as PyTorch has them.

A convention is a module with two functions, `match` and `translate`, and stands in `CONVENTIONS`. It knows no file
format.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from gatescope.models.content import Content, refusal
from gatescope.models.conventions import keras, onnx, pytorch
from gatescope.models.reading import LSTMReading, Reading


class Convention(Protocol):
    """One naming."""

    def match(self, content: Content) -> bool:
        """Tells by names and structure, without reading a tensor, whether the naming occurs in a file."""

    def translate(self, content: Content) -> Reading:
        """The LSTMs that follow the naming; the other tensors are left to the next convention.

        Raises:
            InvalidInput: the tensors of an LSTM do not fit together.
        """


LONGEST_NAME = 500  # letters

CONVENTIONS: tuple[Convention, ...] = (onnx, keras, pytorch)


def translate(content: Content) -> Reading:
    """The LSTMs of all conventions that occur in a file.

    Raises:
        InvalidInput: the tensors of an LSTM do not fit together, or a name is too long.
    """
    _check_names(content.tensors)
    lstms: list[LSTMReading] = []
    unsupported: dict[str, str] = {}
    for convention in CONVENTIONS:
        if convention.match(content):
            reading = convention.translate(content)
            lstms += reading.lstms
            unsupported |= reading.unsupported
            content = replace(content, tensors=reading.others)
    _check_names((*(lstm.name for lstm in lstms), *unsupported, *content.tensors))
    return Reading(tuple(lstms), content.tensors, unsupported)


def _check_names(names: Iterable[str]) -> None:
    longest = max(map(len, names), default=0)
    if longest > LONGEST_NAME:
        raise refusal(f"a name has {longest:,} letters; {LONGEST_NAME} are allowed", "long_name", limit=LONGEST_NAME)
