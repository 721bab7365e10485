"""What a file holds, read in this process, since a child takes seconds to start."""

from pathlib import Path

from gatescope.models.checkpoint import Checkpoint
from gatescope.models.sandbox.result import read


def inspect(path: Path) -> Checkpoint:
    """As `read_checkpoint`."""
    return read(path)
