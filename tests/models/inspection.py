"""What a file holds, read in this process, since a child takes seconds to start."""

from pathlib import Path

from gatescope.models.checkpoint import Checkpoint, find
from gatescope.models.sandbox import read


def inspect(path: Path) -> Checkpoint:
    """As `read_checkpoint`."""
    return find(read(path))
