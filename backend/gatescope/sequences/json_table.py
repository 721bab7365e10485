"""Tables as JSON: a list of numbers, of rows or of objects, or an object of columns."""

import json
from collections.abc import Sequence as Many
from typing import Any

from gatescope.bounded_json import MOST_ITEMS, read_json
from gatescope.errors import InvalidInput
from gatescope.sequences.numbers import from_values
from gatescope.sequences.sequence import ScalingMethod, Sequence, SequenceLimits
from gatescope.unicode import check_unicode


def from_json_table(text: str, columns: Many[int] | None, scaling: ScalingMethod, limits: SequenceLimits) -> Sequence:
    """A sequence from a table in JSON; arguments, and what it raises, as of `from_table`."""
    names, values = _names_and_values(_read(text, limits), limits)
    try:
        return from_values(values, names, columns, scaling, limits, field="text")
    except InvalidInput as error:
        error.field = error.field.split(".")[0]  # a text has no places that a path could name
        raise


def _read(text: str, limits: SequenceLimits) -> Any:
    try:
        return read_json(text, most_items=max(MOST_ITEMS, limits.steps, limits.columns), field="text")
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"this is not JSON: {error.msg} in row {error.lineno}, column {error.colno}",
            field="text",
            code="malformed_json",
            row=error.lineno,
            column=error.colno,
        ) from error


def _names_and_values(content: Any, limits: SequenceLimits) -> tuple[list[str] | None, list[Any]]:
    if isinstance(content, dict) and content and all(isinstance(column, list) for column in content.values()):
        if len({len(column) for column in content.values()}) > 1:
            raise InvalidInput("the columns have different lengths", field="text", code="ragged_columns")
        names, steps = _names(content, limits), len(next(iter(content.values())))
        limits.check(steps=steps, cells=steps * len(names), field="text")
        return names, [list(row) for row in zip(*content.values(), strict=True)]
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        names = _names(content[0], limits)
        limits.check(steps=len(content), cells=len(content) * len(names), field="text")
        for place, row in enumerate(content):
            if list(row) != names and set(row) != set(names):
                raise InvalidInput(
                    f"object {place} has other keys than the first one",
                    field="text",
                    code="ragged_objects",
                    row=place,
                )
        return names, [[row[name] for name in names] for row in content]
    if isinstance(content, list):
        return None, content
    raise InvalidInput(
        "the JSON must be a list of numbers, of rows or of objects, or an object of columns",
        field="text",
        code="unknown_json",
    )


def _names(row: dict[str, Any], limits: SequenceLimits) -> list[str]:
    limits.check(columns=len(row), field="text")
    for name in row:
        check_unicode(name, field="text")
    return list(row)
