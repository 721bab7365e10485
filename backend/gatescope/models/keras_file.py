"""The LSTM layers of a Keras 3 file, `.keras` or `.weights.h5`, with the embeddings and dense layers beside them.

Only the weights are read, with h5py; Keras itself is never asked to build the model, since its file can hold code.
Kernels are (I, 4H) and (H, 4H), gates packed in the order i, f, c, o, which is PyTorch's.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gatescope.models.contents import Contents, missing_extra, refused

SIGNATURE = b"\x89HDF\r\n\x1a\n"
WEIGHTS = "model.weights.h5"
MOST_GROUPS = 10_000
LARGEST_CONFIG = 16 * 2**20  # bytes
KINDS = {3: "a GRU", 1: "a plain RNN"}  # by the columns of the recurrent kernel for each of its rows
SILENT = {"Dropout", "InputLayer", "SpatialDropout1D", "GaussianNoise"}  # between two layers of one LSTM
Array = np.ndarray[Any, Any]


def read_keras(path: Path) -> Contents:
    """Reads the weights of a Keras 3 file.

    Raises:
        InvalidInput: the file is broken, holds what Keras does not write, or the package h5py is not there.
    """
    try:
        import h5py
    except ImportError as error:
        raise missing_extra("Keras", "keras") from error
    content, config = _unpack(path)
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            if "model_weights" in file or "layer_names" in file.attrs:
                raise refused("this is Keras's format from before 3; load it and save it as .keras", "old_keras")
            found = dict(_variables(file, len(content)))
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise refused("this is not a sound HDF5 file", "broken_file") from error
    return _translate(found, config)


def _unpack(path: Path) -> tuple[bytes, Mapping[str, Any]]:
    """The HDF5 file and the model's configuration, which a `.weights.h5` has not."""
    with path.open("rb") as file:
        if file.read(len(SIGNATURE)) == SIGNATURE:
            return path.read_bytes(), {}
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if sum(entry.file_size for entry in entries.values()) > 4 * path.stat().st_size + LARGEST_CONFIG:
                raise refused("the zip unpacks to far more than its size", "zip_bomb")
            config = archive.read("config.json") if "config.json" in entries else b"{}"
            return archive.read(WEIGHTS), json.loads(config[:LARGEST_CONFIG])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RecursionError, OSError, EOFError) as error:
        raise refused("this zip is broken or cut off", "broken_file") from error


def _variables(root: Any, size: int) -> Iterator[tuple[str, tuple[str, list[Array]]]]:
    """Each layer's path with its name and its arrays; only plain datasets of this very file are let in."""
    import h5py

    left = size
    waiting, seen = [("", root)], 0
    while waiting:
        path, group = waiting.pop()
        seen += 1
        if seen > MOST_GROUPS:
            raise refused(f"the file has more than {MOST_GROUPS:,} groups", "broken_file")
        arrays = {}
        for key in group:
            place = f"{path}/{key}".lstrip("/")
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise refused(f"{place} is a link to somewhere else", "link", tensor=place)
            item = group[key]
            if isinstance(item, h5py.Group):
                waiting.append((place, item))
            elif isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
                left -= _check_dataset(item, place)
                if left < 0:
                    raise refused(f"{place} claims more values than the file holds", "swollen_tensor", tensor=place)
                arrays[key] = np.asarray(item[()])
        if path.endswith("vars"):
            name = group.attrs.get("name", "")
            ordered = [arrays[key] for key in sorted(arrays, key=lambda key: (len(key), key))]
            yield path.removesuffix("vars").strip("/"), (name if isinstance(name, str) else "", ordered)


def _check_dataset(dataset: Any, place: str) -> int:
    if dataset.is_virtual or dataset.external:
        raise refused(f"{place} lies in another file", "external_data", tensor=place)
    if dataset.id.get_create_plist().get_nfilters():
        raise refused(f"{place} is compressed, which Keras never does", "zip_bomb", tensor=place)
    return int(dataset.nbytes)


def _translate(found: Mapping[str, tuple[str, list[Array]]], config: Mapping[str, Any]) -> Contents:
    """Layers as PyTorch's modules, by their paths in the file."""
    tensors: dict[str, Tensor] = {}
    modules: dict[str, list[list[Array]]] = {}  # an LSTM's arrays, for each direction
    unsupported: dict[str, str] = {}
    settings = dict(_settings(config))
    names = {path: name for path, (name, _) in found.items()}
    for path, (_, arrays) in sorted(found.items()):
        if not arrays:  # a layer whose arrays belong to its cell
            continue
        layer, _, inner = path.rpartition("/")
        name = _module(layer if inner == "cell" else path)
        if inner == "cell" and arrays[0].ndim == 2 and len(arrays) > 1:
            outer, _, side = layer.rpartition("/")
            module = _module(outer) if side in ("forward_layer", "backward_layer") else name
            reason = _kind(arrays) or settings.get(names.get(outer if module != name else layer, ""))
            if reason:
                unsupported[module] = reason
            else:
                place = modules.setdefault(module, [])
                place.insert(0 if side == "forward_layer" else len(place), arrays)
        elif inner.startswith("embedding") and [array.ndim for array in arrays] == [2]:
            tensors[f"{name}.weight"] = _tensor(arrays[0])  # (V, I)
        elif inner.startswith("dense") and arrays[0].ndim == 2:
            tensors[f"{name}.weight"] = _tensor(arrays[0].T)  # (O, H)
            tensors |= {f"{name}.bias": _tensor(bias) for bias in arrays[1:2]}
    for module, layers in _stacked(modules, config, names).items():
        for index, directions in enumerate(layers):
            for suffix, arrays in zip(("", "_reverse"), directions, strict=False):
                tensors |= _lstm(module, f"_l{index}{suffix}", arrays)
    return Contents(tensors, unsupported)


def _module(path: str) -> str:
    """``layers/encoder/layers/lstm`` as ``encoder.lstm``."""
    return ".".join(part for part in path.split("/") if part not in ("layers", ""))


def _kind(arrays: list[Array]) -> str | None:
    """What a recurrent layer is, if it is no LSTM."""
    rows, columns = arrays[1].shape if arrays[1].ndim == 2 else (0, 0)
    ratio = columns // rows if rows and columns % rows == 0 else 0
    return None if ratio == 4 else KINDS.get(ratio, "no LSTM")


def _settings(config: Any) -> Iterator[tuple[str, str]]:
    """The names of layers with settings that `torch.nn.LSTM` does not have, and which those are."""
    if isinstance(config, list):
        for item in config:
            yield from _settings(item)
    elif isinstance(config, Mapping):
        inner, kind = config.get("config"), config.get("class_name")
        if isinstance(inner, Mapping) and kind in ("LSTM", "Bidirectional"):
            reason = _reason(inner, str(kind))
            if reason:
                yield str(inner.get("name")), f"an LSTM with {reason}"
        elif kind != "Bidirectional":
            for value in config.values():
                yield from _settings(value)


def _reason(config: Mapping[str, Any], kind: str) -> str | None:
    if kind == "Bidirectional":
        if config.get("merge_mode") != "concat":
            return f"merge_mode {config.get('merge_mode')}"
        sides = (config.get("layer"), config.get("backward_layer"))
        inner = [
            side["config"] for side in sides if isinstance(side, Mapping) and isinstance(side.get("config"), Mapping)
        ]
        return next(filter(None, (_reason({**side, "go_backwards": False}, "LSTM") for side in inner)), None)
    expected = {"activation": "tanh", "recurrent_activation": "sigmoid", "go_backwards": False}
    return next(
        (f"{name} {config[name]}" for name, usual in expected.items() if config.get(name, usual) != usual), None
    )


def _stacked(
    modules: Mapping[str, list[list[Array]]], config: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, list[list[list[Array]]]]:
    """LSTM layers that follow one another in a Sequential model as layers of one LSTM."""
    by_name = {name: _module(path) for path, name in names.items()}
    stacks: dict[str, list[list[list[Array]]]] = {}
    current: str | None = None
    inner = config.get("config")
    listed = inner.get("layers", []) if config.get("class_name") == "Sequential" and isinstance(inner, Mapping) else []
    waiting = dict(modules)
    for layer in listed if isinstance(listed, list) else []:
        name = by_name.get(str(layer.get("config", {}).get("name")), "") if isinstance(layer, Mapping) else ""
        if name not in waiting:
            current = current if isinstance(layer, Mapping) and layer.get("class_name") in SILENT else None
            continue
        directions = waiting.pop(name)
        if current and _sizes(stacks[current][-1]) == _sizes(directions):
            joined = f"{current}+{name}"
            stacks[joined] = [*stacks.pop(current), directions]
            current = joined
        else:
            stacks[name], current = [directions], name
    return stacks | {name: [directions] for name, directions in waiting.items()}


def _sizes(directions: list[list[Array]]) -> list[tuple[int, ...]]:
    return [arrays[1].shape for arrays in directions]


def _lstm(module: str, end: str, arrays: list[Array]) -> dict[str, Tensor]:
    kernel, recurrent = arrays[:2]
    if kernel.shape[1] != recurrent.shape[1]:
        raise refused(f"the kernels of {module} do not fit together", "broken_file")
    bias = arrays[2] if len(arrays) > 2 else np.zeros(kernel.shape[1])
    return {
        f"{module}.weight_ih{end}": _tensor(kernel.T),  # (4H, I)
        f"{module}.weight_hh{end}": _tensor(recurrent.T),  # (4H, H)
        f"{module}.bias_ih{end}": _tensor(bias),
        f"{module}.bias_hh{end}": torch.zeros(len(bias)),
    }


def _tensor(array: Array) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array).astype(np.float32))
