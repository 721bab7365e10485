"""What every source of input becomes: a matrix of numbers with names, and how it was scaled."""

from collections.abc import Iterator
from collections.abc import Sequence as Many
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, get_args

import numpy as np

from gatescope.errors import InvalidInput, LimitExceeded

Array = np.ndarray[Any, np.dtype[np.float64]]
ScalingMethod = Literal["none", "zscore", "minmax"]
SCALINGS: tuple[ScalingMethod, ...] = get_args(ScalingMethod)


@dataclass(frozen=True)
class SequenceLimits:
    """How large a sequence may be.

    steps, features: T and I; columns, cells: of the table that the features are taken from.
    """

    steps: int = 20_000
    features: int = 512
    columns: int = 10_000
    cells: int = 6_000_000

    def check(self, *, field: str, **sizes: int) -> None:
        """Raises LimitExceeded where one of ``sizes``, each under the name of its limit, is beyond it."""
        for name, actual in sizes.items():
            if actual > getattr(self, name):
                raise self.exceeded(name, actual, field=field)

    def take(self, steps: Iterator[str], *, field: str) -> tuple[str, ...]:
        """The steps, of which no more are read once they are too many; raises LimitExceeded then."""
        taken = tuple(islice(steps, self.steps + 1))
        if len(taken) > self.steps:
            raise self.exceeded("steps", field=field)
        return taken

    def exceeded(self, name: str, actual: int | None = None, *, field: str) -> LimitExceeded:
        """The error of a size beyond its limit; ``actual`` is None where it was counted no further."""
        return LimitExceeded(
            f"the number of {name}",
            actual=actual,
            limit=getattr(self, name),
            setting=f"GATESCOPE_MAX_{name.upper()}",
            field=field,
        )


@dataclass(frozen=True)
class Scaling:
    """How raw numbers became the input of a model: input = (raw − offset) / scale, both (I)."""

    method: ScalingMethod
    offset: Array
    scale: Array


@dataclass(frozen=True)
class Sequence:
    """The input of a model.

    values: (T, I); features: the I names; columns: the names of all columns that could have been chosen;
    characters: the T characters of a text, else None.
    """

    values: Array
    features: tuple[str, ...]
    columns: tuple[str, ...]
    scaling: Scaling
    characters: tuple[str, ...] | None = None


def scale(values: Array, method: ScalingMethod) -> tuple[Array, Scaling]:
    """Scales each column: not at all, to mean 0 and (population) standard deviation 1, or to 0 … 1.

    A constant column has nothing to be divided by: its scale is 1, so it becomes 0.
    """
    width = values.shape[1]
    offset, spread = np.zeros(width), np.ones(width)
    if method == "zscore":
        offset, spread = values.mean(axis=0), values.std(axis=0)  # (I)
    elif method == "minmax":
        offset, spread = values.min(axis=0), np.ptp(values, axis=0)  # (I)
    elif method != "none":
        raise InvalidInput(
            f"scaling is {method!r}; it must be one of {', '.join(SCALINGS)}",
            field="scaling",
            code="unknown_scaling",
        )
    # Rounding leaves a constant column of, say, 0.1 with a spread of 1e-17; dividing by that would invent a signal.
    constant = spread <= 1e-12 * np.abs(values).max(axis=0)
    spread = np.where(constant, 1.0, spread)
    return (values - offset) / spread, Scaling(method, offset, spread)


def select(
    values: Array,
    names: Many[str],
    columns: Many[int] | None,
    method: ScalingMethod,
    limits: SequenceLimits,
    field: str,
) -> Sequence:
    """Takes the chosen columns of a table (T, all), in the order asked for, and scales them.

    Raises:
        InvalidInput: a column is not there, or none is chosen.
        LimitExceeded: there are too many steps or features.
    """
    indices = check_columns(columns, names)
    limits.check(steps=len(values), features=len(indices), field=field)
    features, scaling = scale(values[:, indices], method)
    return Sequence(features, tuple(names[index] for index in indices), tuple(names), scaling)


def check_columns(columns: Many[int] | None, names: Many[str]) -> list[int]:
    """The indices asked for, or all of them.

    Raises:
        InvalidInput: an index names no column, one is named twice, or there is none.
    """
    if columns is None:
        return list(range(len(names)))
    for place, column in enumerate(columns):
        if not 0 <= column < len(names):
            raise InvalidInput(
                f"there is no column {column}; the table has the columns 0 … {len(names) - 1}",
                field=f"columns.{place}",
                code="no_such_column",
                column=column,
                last=len(names) - 1,
            )
    if not columns or len(set(columns)) < len(columns):
        raise InvalidInput(
            "columns must name at least one column, and none twice",
            field="columns",
            code="columns_not_distinct",
        )
    return list(columns)
