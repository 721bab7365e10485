"""Numbers that are numbers already: lists of values."""

import math
import numbers
from collections.abc import Sequence as Many
from typing import Any

import numpy as np

from gatescope.errors import InvalidInput
from gatescope.sequences.sequence import Array, ScalingMethod, Sequence, SequenceLimits, select

LARGEST = float(np.finfo(np.float32).max)  # the cell computes in float32


def from_values(
    values: Many[float] | Many[Many[float]],
    features: Many[str] | None = None,
    columns: Many[int] | None = None,
    scaling: ScalingMethod = "none",
    limits: SequenceLimits | None = None,
    *,
    field: str = "values",
) -> Sequence:
    """A sequence from lists.

    Args:
        values: (T, all columns), or (T) for a single feature.
        features: the names of the columns; x0, x1, … if None.
        columns: the indices of the columns to take; all if None.
        scaling: ``none``, ``zscore`` or ``minmax``.
        limits: how large it may be.
        field: where the values stand in the request, for errors.

    Raises:
        InvalidInput: the rows are ragged, empty, or hold something that is not a finite float32 number; the names
            do not fit.
        LimitExceeded: there are too many steps or features.
    """
    limits = limits or SequenceLimits()
    matrix = _matrix(values, field, limits)
    check_finite(matrix, field, nested=_nested(values))
    names = default_names(matrix.shape[1]) if features is None else _checked_names(features, matrix.shape[1])
    return select(matrix, names, columns, scaling, limits, field)


def _matrix(values: Many[float] | Many[Many[float]], field: str, limits: SequenceLimits) -> Array:
    limits.check(steps=len(values), field=field)
    if len(values) == 0:
        raise InvalidInput("there are no values; at least one step is needed", field=field, code="empty")
    rows = [value if isinstance(value, list | tuple) else [value] for value in values]
    width = len(rows[0])
    if width == 0:
        raise InvalidInput("the first row is empty; at least one value is needed", field=f"{field}.0", code="empty_row")
    limits.check(columns=width, cells=len(rows) * width, field=field)
    for place, row in enumerate(rows):
        if len(row) != width:
            raise InvalidInput(
                f"row {place} has {_count(len(row))}, the rows before it have {width}",
                field=f"{field}.{place}",
                code="ragged_rows",
                row=place,
                actual=len(row),
                expected=width,
            )
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            if type(value) not in (int, float) and not _is_number(value):
                raise InvalidInput(
                    f"the value at step {place}, column {column} is not a number",
                    field=f"{field}.{place}.{column}" if _nested(values) else f"{field}.{place}",
                    code="not_a_number_at",
                    step=place,
                    column=column,
                )
    try:
        return np.array(rows, dtype=np.float64)  # (T, all)
    except OverflowError:  # an integer beyond float64
        return np.array([[_float(value) for value in row] for row in rows])  # (T, all)


def _is_number(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _nested(values: Many[float] | Many[Many[float]]) -> bool:
    return isinstance(values[0], list | tuple)


def check_finite(matrix: Array, field: str, *, nested: bool = True) -> None:
    """Raises InvalidInput with the place of the first value of (T, all) that float32 cannot hold."""
    unusable = ~(np.abs(matrix) <= LARGEST)  # (T, all)
    if unusable.any():
        row, column = divmod(int(unusable.argmax()), matrix.shape[1])
        place = f"{row}.{column}" if nested else f"{row}"
        raise InvalidInput(
            f"the value at step {row}, column {column} is not a finite number of at most ±{LARGEST:.3g}",
            field=f"{field}.{place}",
            code="not_finite",
            step=row,
            column=column,
        )


def default_names(width: int) -> list[str]:
    """The names of columns that have none."""
    return [f"x{index}" for index in range(width)]


def _checked_names(features: Many[str], width: int) -> list[str]:
    if len(features) != width:
        raise InvalidInput(
            f"features names {len(features)} columns; the values have {width}",
            field="features",
            code="names_do_not_fit",
            actual=len(features),
            expected=width,
        )
    return list(features)


def _count(number: int) -> str:
    return "1 value" if number == 1 else f"{number} values"
