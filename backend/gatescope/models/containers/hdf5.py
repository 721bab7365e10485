"""HDF5 files, as Keras writes its weights; read with h5py."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gatescope.models.content import Content, missing_extra, refusal

SIGNATURE = b"\x89HDF\r\n\x1a\n"
MOST_GROUPS = 10_000


def match(_: Path, start: bytes) -> bool:
    """Whether HDF5's signature stands first."""
    return start.startswith(SIGNATURE)


def read(path: Path) -> Content:
    """The floating-point datasets in float32, and the texts among the attributes of each group."""
    return read_hdf5(path.read_bytes(), {})


def read_hdf5(content: bytes, settings: Mapping[str, Any]) -> Content:
    """As `read`, of bytes whose settings stand elsewhere."""
    try:
        import h5py
    except ImportError as error:
        raise missing_extra("Keras", "keras") from error
    tensors, attributes, size = {}, {}, 0
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            if "model_weights" in file or "layer_names" in file.attrs:
                raise refusal("this is Keras's format from before 3; load it and save it as .keras", "old_keras")
            for path, item in _items(file):
                if isinstance(item, h5py.Group):
                    attributes[path] = {key: text for key, text in item.attrs.items() if isinstance(text, str)}
                elif isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
                    size += _checked_size(item, path)
                    if size > len(content):
                        raise refusal(f"{path} claims more values than the file holds", "swollen_tensor", tensor=path)
                    tensors[path] = torch.from_numpy(np.asarray(item[()], np.float32))
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise refusal("this is not a sound HDF5 file", "broken_file") from error
    return Content(tensors, settings=settings, attributes=attributes)


def _items(root: Any) -> Iterator[tuple[str, Any]]:
    """Each group and dataset with its path; links to somewhere else are not followed."""
    import h5py

    groups, count = [("", root)], 0
    while groups:
        path, group = groups.pop()
        count += 1
        if count > MOST_GROUPS:
            raise refusal(f"the file has more than {MOST_GROUPS:,} groups", "broken_file")
        yield path, group
        for key in group:
            place = f"{path}/{key}".lstrip("/")
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise refusal(f"{place} is a link to somewhere else", "link", tensor=place)
            item = group[key]
            if isinstance(item, h5py.Group):
                groups.append((place, item))
            else:
                yield place, item


def _checked_size(dataset: Any, path: str) -> int:
    """The bytes of a dataset whose numbers stand plainly in this file."""
    if dataset.is_virtual or dataset.external:
        raise refusal(f"{path} lies in another file", "external_data", tensor=path)
    if dataset.id.get_create_plist().get_nfilters():
        raise refusal(f"{path} is compressed, which Keras never does", "zip_bomb", tensor=path)
    return int(dataset.nbytes)
