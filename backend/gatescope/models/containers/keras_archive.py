"""Keras 3's ``.keras`` files: a zip with the weights as HDF5 and the model's configuration as JSON."""

import json
import zipfile
from pathlib import Path

from gatescope.models.containers.hdf5 import read_hdf5
from gatescope.models.containers.zip_entries import SIGNATURE, zip_entries
from gatescope.models.content import Content, refusal

WEIGHTS = "model.weights.h5"
CONFIGURATION = "config.json"
LARGEST_CONFIGURATION = 16 * 2**20  # bytes


def match(path: Path, start: bytes) -> bool:
    """Whether it is a zip with weights."""
    return start.startswith(SIGNATURE) and any(entry.filename == WEIGHTS for entry in zip_entries(path))


def read(path: Path) -> Content:
    """The weights, with the configuration as settings."""
    if sum(entry.file_size for entry in zip_entries(path)) > 4 * path.stat().st_size + LARGEST_CONFIGURATION:
        raise refusal("the zip unpacks to far more than its size", "zip_bomb")
    try:
        with zipfile.ZipFile(path) as archive:
            configuration = archive.read(CONFIGURATION) if CONFIGURATION in archive.namelist() else b"{}"
            weights, settings = archive.read(WEIGHTS), json.loads(configuration[:LARGEST_CONFIGURATION])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RecursionError, OSError, EOFError) as error:
        raise refusal("this zip is broken or cut off", "broken_file") from error
    return read_hdf5(weights, settings)
