"""The answer as bytes of JSON: tensors as nested lists or as base64, the rest as it is."""

import base64
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import orjson
import torch


class Encoding(StrEnum):
    """How the tensors of an answer are written."""

    LIST = "list"
    BASE64 = "base64"


def encode(answer: Mapping[str, Any], encoding: Encoding) -> bytes:
    """Write ``answer``, in which tensors may stand at any depth, as JSON.

    Args:
        answer: plain JSON values and float32 tensors.
        encoding: ``list`` writes the shortest decimals that give the same float32 back; ``base64`` writes Plotly's
            typed array ``{"dtype": "f4", "shape": "T, H", "bdata": …}``.
    """
    write = _as_array if encoding is Encoding.LIST else _as_base64
    return orjson.dumps(answer, default=write, option=orjson.OPT_SERIALIZE_NUMPY)


def _as_array(tensor: object) -> np.ndarray[Any, np.dtype[np.float32]]:
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"{type(tensor).__name__} is neither JSON nor a tensor")
    return np.ascontiguousarray(tensor.detach().cpu().numpy(), dtype=np.float32)


def _as_base64(tensor: object) -> dict[str, str]:
    array = _as_array(tensor)
    shape = ", ".join(str(size) for size in array.shape)
    return {
        "dtype": "f4",
        "shape": shape,
        "bdata": base64.b64encode(array.astype("<f4", copy=False).data).decode("ascii"),
    }
