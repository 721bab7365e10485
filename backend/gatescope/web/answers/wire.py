"""The answer as bytes of JSON: tensors as nested lists or as base64, the rest as it is."""

import binascii
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import orjson
import torch

Array = np.ndarray[Any, np.dtype[np.float32]]


class Encoding(StrEnum):
    """How the tensors of an answer are written."""

    LIST = "list"
    BASE64 = "base64"


# Bytes of a tensor that become one part of the answer: a multiple of 3, so that base64 needs no padding in between, and
# small enough for the processor's cache.
PART = 3 * 2**16
ROWS_OF = 2**14  # numbers that are written as lists in one stretch: less than a millisecond of work


def encode(answer: Mapping[str, Any], encoding: Encoding) -> Iterator[bytes]:
    """Write ``answer`` as JSON, part by part, so that no tensor is ever in memory as text as a whole.

    Args:
        answer: plain JSON values and tensors, in mappings and lists at any depth; or a function, which is called when
            its turn comes, since its result may still be computed.
        encoding: ``list`` writes the shortest decimals that give the same float32 back; ``base64`` writes Plotly's
            typed array ``{"dtype": "f4", "shape": "T, H", "bdata": …}``.
    """
    return _parts(answer, _lists if encoding is Encoding.LIST else _base64)


def _parts(value: Any, write: Callable[[Array], Iterator[bytes]]) -> Iterator[bytes]:
    if callable(value):
        value = value()
    if isinstance(value, torch.Tensor):
        with np.errstate(over="ignore"):  # a gradient beyond float32 is infinite on the wire, in lists null
            array = np.ascontiguousarray(value.detach().cpu().numpy(), dtype="<f4")
        yield from write(array)
    elif isinstance(value, Mapping):
        separator = b"{"
        for key, inner in value.items():
            yield separator + orjson.dumps(key) + b":"
            yield from _parts(inner, write)
            separator = b","
        yield b"}" if value else b"{}"
    elif isinstance(value, list) and value and isinstance(value[0], Mapping | torch.Tensor):
        separator = b"["
        for inner in value:
            yield separator
            yield from _parts(inner, write)
            separator = b","
        yield b"]"
    else:
        yield orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def _lists(array: Array) -> Iterator[bytes]:
    """Row after row in stretches, since no other thread can run while one is written."""
    rows = max(1, ROWS_OF // max(1, array[:1].size)) if array.ndim else 0
    if not rows or len(array) <= rows:
        yield orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)
        return
    separator = b"["
    for start in range(0, len(array), rows):
        yield separator
        yield orjson.dumps(array[start : start + rows], option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
        separator = b","
    yield b"]"


def _base64(array: Array) -> Iterator[bytes]:
    shape = ", ".join(str(size) for size in array.shape)
    yield f'{{"dtype":"f4","shape":"{shape}","bdata":"'.encode()
    buffer = array.reshape(-1).view(np.uint8).data
    for start in range(0, len(buffer), PART):
        yield binascii.b2a_base64(buffer[start : start + PART], newline=False)
    yield b'"}'
