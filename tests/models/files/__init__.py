"""Files that readers meet, each made by the program that writes its format, and what is in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ModelFile:
    """A file: a line of a table.

    write: makes the file at a path, or changes there a copy of `origin`, a file that `keras_reference.py` writes;
    code, message and field: of the error, where it holds no LSTM; lstms: those in it, as a list of them says.
    """

    name: str
    write: Callable[[Path], object] = lambda _: None
    code: str = ""
    message: str | None = None
    field: str = "file"
    lstms: tuple[str, ...] = ()
    origin: str = ""
