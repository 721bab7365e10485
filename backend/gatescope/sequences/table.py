"""Tables as text: pasted numbers, CSV, TSV and JSON."""

import csv
import json
import re
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from typing import Any

import clevercsv
import numpy as np

from gatescope.errors import InvalidInput
from gatescope.sequences.numbers import LARGEST, from_values
from gatescope.sequences.sequence import (
    Array,
    ScalingMethod,
    Sequence,
    SequenceLimits,
    check_columns,
    select,
)

_LINE_END = re.compile(r"\r\n|\n|\r")
_SAMPLE_LINES = 50  # enough to tell a dialect, and detection stays a matter of milliseconds
_SAMPLE_CHARACTERS = 5_000
_WHITESPACE = " "
_SHOWN = 40  # characters of a wrong cell in a message


@dataclass(frozen=True)
class _Row:
    line: int  # as an editor counts, from 1
    cells: list[str]


def from_table(
    text: str,
    columns: Many[int] | None = None,
    scaling: ScalingMethod = "none",
    limits: SequenceLimits | None = None,
) -> Sequence:
    """A sequence from a table in text.

    Values are separated by commas, semicolons, tabs, bars or spaces; blank lines and lines that start with # are
    passed over. A first row without any number, above rows with numbers, is a header. A single row of numbers is one
    feature over time. JSON may be a list of numbers, of rows or of objects, or an object of columns. Where cells are
    separated by semicolons, tabs or spaces, 1,5 is read as 1.5. Columns without any number, such as dates, are left
    out unless they are asked for.

    Args:
        text: the table.
        columns: the indices of the columns to take, counted from 0; all that hold numbers if None.
        scaling: ``none``, ``zscore`` or ``minmax``.
        limits: how large it may be.

    Raises:
        InvalidInput: a row is ragged, or a cell is empty, not a number or not finite; with its line and column.
        LimitExceeded: there are too many steps or features.
    """
    text = text.removeprefix("\ufeff").replace("\0", "\ufffd")
    limits = limits or SequenceLimits()
    if text.lstrip()[:1] in ("[", "{"):
        return _from_json(text, columns, scaling, limits)
    rows = _rows(text)
    names, rows = _header(rows)
    if names is None and len(rows) == 1 and all(_number(cell) is not None for cell in rows[0].cells):
        rows = [_Row(rows[0].line, [cell]) for cell in rows[0].cells]
    names = names or [f"x{index}" for index in range(len(rows[0].cells))]
    limits.check(steps=len(rows), features=0, field="text")
    indices, matrix = _numeric(rows, names, columns)
    sequence = select(matrix, [names[index] for index in indices], None, scaling, limits, "text")
    return replace(sequence, columns=tuple(names))


def _rows(text: str) -> list[_Row]:
    lines = [line if line.strip() and not line.lstrip().startswith("#") else "" for line in _LINE_END.split(text)]
    delimiter = _delimiter(lines)
    if delimiter == _WHITESPACE:
        rows = [_Row(number, line.split()) for number, line in enumerate(lines, 1) if line]
    else:
        rows = _delimited(lines, delimiter)
    if not rows:
        raise InvalidInput("there are no numbers; at least one is needed", field="text", code="empty")
    if len(rows) > 1 and len(rows[0].cells) > 1 and not any(row.cells[-1] for row in rows):
        rows = [_Row(row.line, row.cells[:-1]) for row in rows]  # every line ends with a separator
    width = len(rows[0].cells)
    for row in rows:
        if len(row.cells) != width:
            raise InvalidInput(
                f"row {row.line} has {len(row.cells)} values; the rows above it have {width}",
                field="text",
                code="ragged_rows",
                row=row.line,
                actual=len(row.cells),
                expected=width,
            )
    decimal_comma = delimiter in (";", "\t", _WHITESPACE)
    return [_Row(row.line, [_clean(cell, decimal_comma) for cell in row.cells]) for row in rows]


def _delimiter(lines: list[str]) -> str:
    sample = "\n".join([line for line in lines if line][:_SAMPLE_LINES])[:_SAMPLE_CHARACTERS]
    try:
        dialect = clevercsv.Sniffer().sniff(sample, delimiters=[",", ";", "\t", "|", _WHITESPACE])
    except clevercsv.Error:
        dialect = None
    if dialect is None:  # too irregular to tell; the row that is irregular is named later
        return next((sign for sign in ";\t,|" if sign in sample), _WHITESPACE)
    return dialect.delimiter or _WHITESPACE


def _delimited(lines: list[str], delimiter: str) -> list[_Row]:
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        return [_Row(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise InvalidInput(
            f"row {reader.line_num} cannot be read: {error}",
            field="text",
            code="unreadable_row",
            row=reader.line_num,
        ) from error


def _clean(cell: str, decimal_comma: bool) -> str:
    cell = cell.strip()
    if decimal_comma and cell.count(",") == 1 and _number(swapped := cell.replace(",", ".")) is not None:
        return swapped
    return cell


def _number(cell: str) -> float | None:
    """The cell as a number; nan and inf are numbers too, of a kind that is refused by name later."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _header(rows: list[_Row]) -> tuple[list[str] | None, list[_Row]]:
    first, *others = rows
    if not others or any(_number(cell) is not None for cell in first.cells):
        return None, rows
    if not any(_number(cell) is not None for row in others for cell in row.cells):
        return None, rows
    return [cell or f"x{index}" for index, cell in enumerate(first.cells)], others


def _numeric(rows: list[_Row], names: list[str], columns: Many[int] | None) -> tuple[list[int], Array]:
    """The indices of the columns to take, and their numbers."""
    parsed = [[_number(cell) for cell in row.cells] for row in rows]
    has_number = [any(row[index] is not None for row in parsed) for index in range(len(names))]
    if columns is None and any(has_number):
        columns = [index for index, has_any in enumerate(has_number) if has_any]
    indices = check_columns(columns, names)
    for row, numbers in zip(rows, parsed, strict=True):
        for index in indices:
            value = numbers[index]
            if value is None or not abs(value) <= LARGEST:
                raise _wrong_cell(row.line, index + 1, row.cells[index])
    return indices, np.array([[numbers[index] for index in indices] for numbers in parsed], dtype=np.float64)


def _wrong_cell(line: int, column: int, cell: str) -> InvalidInput:
    shown = cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}…"
    if not cell:
        code, what = "missing_value", "is empty; every cell needs a number"
    elif _number(cell) is None:
        code, what = "not_a_number", f"holds '{shown}', which is not a number"
    else:
        code, what = (
            "not_finite_cell",
            f"holds '{shown}'; a finite number of at most ±{LARGEST:.3g} is needed",
        )
    return InvalidInput(
        f"row {line}, column {column} {what}", field="text", code=code, row=line, column=column, value=shown
    )


def _from_json(text: str, columns: Many[int] | None, scaling: ScalingMethod, limits: SequenceLimits) -> Sequence:
    names, values = _json_table(_parse_json(text))
    try:
        return from_values(values, names, columns, scaling, limits, field="text")
    except InvalidInput as error:
        error.field = error.field.split(".")[0]  # a text has no places that a path could name
        raise


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"this is not JSON: {error.msg} in row {error.lineno}, column {error.colno}",
            field="text",
            code="malformed_json",
            row=error.lineno,
            column=error.colno,
        ) from error
    except (RecursionError, ValueError) as error:  # nested thousands deep, or a number of thousands of digits
        raise _unknown_json() from error


def _json_table(content: Any) -> tuple[list[str] | None, list[Any]]:
    if isinstance(content, dict) and content and all(isinstance(column, list) for column in content.values()):
        if len({len(column) for column in content.values()}) > 1:
            raise InvalidInput("the columns have different lengths", field="text", code="ragged_columns")
        return list(content), [list(row) for row in zip(*content.values(), strict=True)]
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        names = list(content[0])
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
    raise _unknown_json()


def _unknown_json() -> InvalidInput:
    return InvalidInput(
        "the JSON must be a list of numbers, of rows or of objects, or an object of columns",
        field="text",
        code="unknown_json",
    )
