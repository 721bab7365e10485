"""Ways of naming the tensors of an LSTM: from the names of a file to LSTMs as PyTorch has them.

A convention is a module with two functions, `match` and `translate`, and stands in `CONVENTIONS`. It knows no file
format.
"""

from dataclasses import replace
from typing import Protocol

from gatescope.models.content import Content
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


CONVENTIONS: tuple[Convention, ...] = (onnx, keras, pytorch)


def translate(content: Content) -> Reading:
    """The LSTMs of all conventions that occur in a file.

    Raises:
        InvalidInput: the tensors of an LSTM do not fit together.
    """
    lstms: list[LSTMReading] = []
    unsupported: dict[str, str] = {}
    for convention in CONVENTIONS:
        if convention.match(content):
            reading = convention.translate(content)
            lstms += reading.lstms
            unsupported |= reading.unsupported
            content = replace(content, tensors=reading.others)
    return Reading(tuple(lstms), content.tensors, unsupported)
