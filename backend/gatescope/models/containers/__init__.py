"""File formats: from bytes to named tensors, without trust.

A container is a module with two functions, `match` and `read`, and stands in `CONTAINERS`. It knows nothing of LSTMs.
A file from a stranger is hostile until shown otherwise: a container looks at sizes before it takes memory, runs nothing
of the file, and is itself run in a child process (see `gatescope.models.sandbox`).
"""

from pathlib import Path
from typing import Protocol

from gatescope.models.containers import hdf5, keras_archive, onnx, safetensors, torch_pickle, torch_zip
from gatescope.models.content import Content, refusal

START = 16  # bytes


class Container(Protocol):
    """One file format."""

    def match(self, path: Path, start: bytes) -> bool:
        """Tells by the first bytes, and a glance at the rest, whether a file has this format."""

    def read(self, path: Path) -> Content:
        """Reads a file of this format.

        Raises:
            InvalidInput: the file is broken, holds what is not let in, or a package that reads it is not installed.
        """


# The first that matches reads the file.
CONTAINERS: tuple[Container, ...] = (keras_archive, torch_zip, hdf5, safetensors, torch_pickle, onnx)


def container_of(path: Path) -> Container:
    """The container of a file.

    Raises:
        InvalidInput: the file has none of the formats that are known, or is a broken zip.
    """
    with path.open("rb") as file:
        start = file.read(START)
    for container in CONTAINERS:
        if container.match(path, start):
            return container
    raise refusal("this is no safetensors, PyTorch, ONNX or Keras file", "unknown_file")
