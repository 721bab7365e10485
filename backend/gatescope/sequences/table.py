"""Tables as text: pasted numbers, CSV, TSV and JSON."""

import csv
import io
from collections.abc import Iterator
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from itertools import islice

import clevercsv
import numpy as np

from gatescope.errors import InvalidInput
from gatescope.sequences.json_table import from_json_table
from gatescope.sequences.numbers import LARGEST
from gatescope.sequences.sequence import (
    Array,
    ScalingMethod,
    Sequence,
    SequenceLimits,
    check_columns,
    select,
)

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
        return from_json_table(text, columns, scaling, limits)
    rows = _rows(text, limits)
    names, rows = _header(rows)
    if names is None and len(rows) == 1 and all(_number(cell) is not None for cell in rows[0].cells):
        rows = [_Row(rows[0].line, [cell]) for cell in rows[0].cells]
    names = names or [f"x{index}" for index in range(len(rows[0].cells))]
    limits.check(steps=len(rows), columns=len(names), field="text")
    indices, matrix = _numeric(rows, names, columns)
    sequence = select(matrix, [names[index] for index in indices], None, scaling, limits, "text")
    return replace(sequence, columns=tuple(names))


def _rows(text: str, limits: SequenceLimits) -> list[_Row]:
    delimiter = _delimiter(text)
    most = max(limits.columns, limits.steps) + 1  # a single row is one feature over time; it may end with a delimiter
    if delimiter == _WHITESPACE:
        rows = _within(_spaced(text, most), limits)
    else:
        rows = _within(_delimited(text, delimiter, most, limits), limits)
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


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, one after the other; a comment is a blank line."""
    for line in io.StringIO(text, newline=None):
        yield "\n" if line.lstrip().startswith("#") else line


def _within(found: Iterator[_Row], limits: SequenceLimits) -> list[_Row]:
    """The rows, of which no more are read once they are too many."""
    rows: list[_Row] = []
    cells = 0
    for row in found:
        rows.append(row)
        cells += len(row.cells)
        if len(rows) > limits.steps + 1:  # the first may be a header
            raise limits.exceeded("steps", field="text")
        if cells > limits.cells:
            raise limits.exceeded("cells", field="text")
    return rows


def _delimiter(text: str) -> str:
    lines = (line[:_SAMPLE_CHARACTERS] for line in _lines(text) if not line.isspace())
    sample = "".join(islice(lines, _SAMPLE_LINES))[:_SAMPLE_CHARACTERS]
    try:
        dialect = clevercsv.Sniffer().sniff(sample, delimiters=[",", ";", "\t", "|", _WHITESPACE])
    except clevercsv.Error:
        dialect = None
    if dialect is None:  # too irregular to tell; the row that is irregular is named later
        return next((sign for sign in ";\t,|" if sign in sample), _WHITESPACE)
    return dialect.delimiter or _WHITESPACE


def _spaced(text: str, most: int) -> Iterator[_Row]:
    for number, line in enumerate(_lines(text), 1):
        if not line.isspace():
            yield _Row(number, line.split(None, most))  # what is beyond it stays together in one more cell


def _delimited(text: str, delimiter: str, most: int, limits: SequenceLimits) -> Iterator[_Row]:
    delimiters = 0

    def counted() -> Iterator[str]:
        nonlocal delimiters
        for line in _lines(text):
            delimiters += line.count(delimiter)
            if delimiters > most:
                raise limits.exceeded("columns", field="text")
            yield "\n" if line.isspace() else line

    reader = csv.reader(counted(), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            delimiters = 0
            if cells:
                yield _Row(reader.line_num, cells)
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
