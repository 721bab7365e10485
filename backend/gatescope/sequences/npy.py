"""NumPy's .npy files."""

import io
import math
from collections.abc import Sequence as Many
from typing import Any

import numpy as np
from numpy.lib import format as npy_format

from gatescope.errors import InvalidInput
from gatescope.sequences.numbers import check_finite, default_names
from gatescope.sequences.sequence import ScalingMethod, Sequence, SequenceLimits, select


def from_npy(
    content: bytes,
    columns: Many[int] | None = None,
    scaling: ScalingMethod = "none",
    limits: SequenceLimits | None = None,
) -> Sequence:
    """A sequence from the bytes of a .npy file.

    Args:
        content: the file: an array (T, all columns), or (T) for a single feature, of real numbers.
        columns: the indices of the columns to take; all if None.
        scaling: ``none``, ``zscore`` or ``minmax``.
        limits: how large it may be; checked before memory is taken.

    Raises:
        InvalidInput: it is no .npy file, broken, of a wrong shape or type, or holds a value that is not finite.
        LimitExceeded: there are too many steps or columns.
    """
    limits = limits or SequenceLimits()
    shape, dtype = _header(content)
    if dtype.kind not in "fiub":
        raise InvalidInput(
            f"the file holds {str(dtype)[:80]}; real numbers are needed",
            field="data",
            code="npy_dtype",
            dtype=str(dtype)[:80],
        )
    if len(shape) not in (1, 2) or 0 in shape:
        raise InvalidInput(
            f"the array has shape {shape}; it must be (steps, columns) or (steps), and not empty",
            field="data",
            code="npy_shape",
            shape=str(shape)[:80],
        )
    limits.check(steps=shape[0], columns=math.prod(shape[1:]), cells=math.prod(shape), field="data")
    array = _load(content).astype(np.float64)
    matrix = array.reshape(len(array), -1)  # (T, all)
    check_finite(matrix, field="data")
    return select(matrix, default_names(matrix.shape[1]), columns, scaling, limits, "data")


def _header(content: bytes) -> tuple[tuple[int, ...], np.dtype[Any]]:
    stream = io.BytesIO(content)
    try:
        version = npy_format.read_magic(stream)
        read = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
        shape, _, dtype = read(stream)
    except Exception as error:  # a description can be anything that Python can write, and NumPy raises as it fails
        raise _broken() from error
    # What the header claims must be there, before memory for it is taken.
    if any(not 0 <= size <= len(content) for size in shape):
        raise _broken()
    if not dtype.hasobject and dtype.itemsize * math.prod(shape) > len(content) - stream.tell():
        raise _broken()
    return shape, dtype


def _load(content: bytes) -> np.ndarray[Any, Any]:
    try:
        return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except (ValueError, TypeError, EOFError, OverflowError) as error:
        raise _broken() from error


def _broken() -> InvalidInput:
    return InvalidInput("this is not a complete .npy file, as numpy.save writes it", field="data", code="npy_broken")
