import csv
import io
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.sequences import SequenceLimits, from_table

numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 4))
matrices = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=2, max_size=12)
)


@given(matrices, st.sampled_from([",", ";", "\t", "|", " ", "   "]), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_a_table_is_read_whatever_separates_its_values(
    rows: list[list[float]], separator: str, header: bool, line_end: str
) -> None:
    names = [f"column_{index}" for index in range(len(rows[0]))]
    lines = [separator.join(map(repr, row)) for row in rows]
    if header:
        lines.insert(0, separator.join(names))
    sequence = from_table(line_end.join(lines) + line_end)
    assert sequence.values.tolist() == rows
    assert sequence.features == (tuple(names) if header else tuple(f"x{index}" for index in range(len(rows[0]))))


@given(matrices)
def test_what_the_csv_module_writes_is_read_back(rows: list[list[float]]) -> None:
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow([f'name, "{index}"' for index in range(len(rows[0]))])
    writer.writerows(rows)
    sequence = from_table(written.getvalue())
    assert sequence.values.tolist() == rows
    assert sequence.features[0] == 'name, "0"'


@given(matrices)
def test_json_tables_of_every_kind_are_the_same_table(rows: list[list[float]]) -> None:
    names = [f"x{index}" for index in range(len(rows[0]))]
    objects = [dict(zip(names, row, strict=True)) for row in rows]
    columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    for content in (rows, objects, columns):
        sequence = from_table(json.dumps(content))
        assert (sequence.values.tolist(), sequence.features) == (rows, tuple(names))


@pytest.mark.parametrize(
    "text", ["1 2 3", "1,2,3", "1\n2\n3", "[1, 2, 3]", "1;2;3\n", "\ufeff1\t2\t3", "# note\n\n1 2 3"]
)
def test_a_single_row_or_column_is_one_feature_over_time(text: str) -> None:
    assert from_table(text).values.tolist() == [[1], [2], [3]]


def test_two_rows_of_numbers_are_two_steps() -> None:
    assert from_table("1 2 3\n4 5 6").values.shape == (2, 3)


@pytest.mark.parametrize("text", ["1,5;2,5\n3,5;4", "1,5\t2,5\n3,5\t4"])
def test_a_decimal_comma_is_read_where_something_else_separates(text: str) -> None:
    assert from_table(text).values.tolist() == [[1.5, 2.5], [3.5, 4.0]]


def test_columns_without_numbers_are_left_out_but_keep_their_place() -> None:
    sequence = from_table("date,price,note,volume\n2026-01-01,1,a,10\n2026-01-02,2,b,20")
    assert sequence.columns == ("date", "price", "note", "volume")
    assert sequence.features == ("price", "volume")
    assert from_table("date,price\n2026-01-01,1\n2026-01-02,2", columns=[1]).values.tolist() == [[1], [2]]


def test_columns_enter_the_model_in_the_order_asked_for() -> None:
    sequence = from_table("a,b,c\n1,2,3\n4,5,6", columns=[2, 0])
    assert (sequence.features, sequence.values.tolist()) == (("c", "a"), [[3, 1], [6, 4]])


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "empty", "there are no numbers"),
        (" \n# only a comment\n", "empty", "there are no numbers"),
        ("1,2\n\n3", "ragged_rows", "row 3 has 1 values; the rows above it have 2"),
        ("a,b\n1,2\n3,x", "not_a_number", "row 3, column 2 holds 'x', which is not a number"),
        ("1,2\n3,4_0", "not_a_number", "row 2, column 2 holds '4_0'"),
        ("1,2\n3,", "missing_value", "row 2, column 2 is empty"),
        ("1,2\n3,nan", "not_finite_cell", "row 2, column 2 holds 'nan'"),
        ("1,2\n-inf,4", "not_finite_cell", "row 2, column 1 holds '-inf'"),
        ("1,2\n3,1e39", "not_finite_cell", "row 2, column 2 holds '1e39'"),
        ("hello world", "not_a_number", "row 1, column 1 holds 'hello'"),
        ("1,2\n3," + "z" * 500, "not_a_number", "z" * 40 + "…'"),
        ('a,b\n1,"2', "unreadable_row", "row 2 cannot be read"),
        ("[1, 2", "malformed_json", "this is not JSON: .* in row 1, column 6"),
        ("[" * 100_000, "json_too_deep", "nested more than 32 deep"),
        (f"[{'1' * 5000}]", "json_number_too_long", "thousands of digits"),
        (f"[{'1' * 4000}]", "not_finite", "the value at step 0, column 0"),
        (f"[{'1,' * 50_000}1]", "json_too_large", "more than 50,000 items"),
        (r'{"\ud800": [1, 2]}', "lone_surrogate", "half of a surrogate pair at 0"),
        (r'[{"a\udfff": 1}]', "lone_surrogate", "half of a surrogate pair at 1"),
        ("{}", "unknown_json", "the JSON must be a list"),
        ('{"a": 1}', "unknown_json", "the JSON must be a list"),
        ('{"a": [1, 2], "b": [1]}', "ragged_columns", "different lengths"),
        ('[{"a": 1}, {"b": 1}]', "ragged_objects", "object 1 has other keys"),
        ("[[1, 2], [3]]", "ragged_rows", "row 1 has 1 value, the rows before it have 2"),
        ("[1, NaN]", "not_finite", "the value at step 1, column 0"),
        ("[1, 1e999]", "not_finite", "the value at step 1, column 0"),
        ('[1, "2"]', "not_a_number_at", "the value at step 1, column 0 is not a number"),
        ("[1, true]", "not_a_number_at", "the value at step 1, column 0 is not a number"),
        ("[[1], null]", "ragged_rows|not_a_number_at", "."),
        ("[]", "empty", "there are no values"),
        ("[[]]", "empty_row", "the first row is empty"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, code: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as raised:
        from_table(text)
    assert raised.value.code in code.split("|")
    assert raised.value.field == "text"


@pytest.mark.parametrize(
    ("columns", "field"), [([2], "columns.0"), ([0, -1], "columns.1"), ([], "columns"), ([0, 0], "columns")]
)
def test_a_column_that_cannot_be_chosen_is_named(columns: list[int], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        from_table("1,2\n3,4", columns=columns)
    assert raised.value.field == field


def test_a_chosen_column_without_numbers_is_an_error_with_its_place() -> None:
    with pytest.raises(InvalidInput, match="row 2, column 1 holds '2026-01-01', which is not a number"):
        from_table("date,price\n2026-01-01,1\n2026-01-02,2", columns=[0])


def test_limits_are_kept() -> None:
    with pytest.raises(
        LimitExceeded, match=r"the number of steps is 4; the limit is 3 \(setting GATESCOPE_MAX_STEPS\)"
    ):
        from_table("1\n2\n3\n4", limits=SequenceLimits(steps=3))
    with pytest.raises(LimitExceeded, match=r"features is 3; the limit is 2 \(setting GATESCOPE_MAX_FEATURES\)"):
        from_table("1 2 3\n4 5 6", limits=SequenceLimits(features=2))
    assert from_table("1 2 3\n4 5 6", [0, 1], limits=SequenceLimits(features=2)).values.shape == (2, 2)


@given(st.text(max_size=200))
def test_no_text_raises_anything_but_a_named_mistake(text: str) -> None:
    with suppress(InvalidInput):
        assert np.isfinite(from_table(text).values).all()


def rows_of_numbers(rows: int) -> str:
    return "\n".join([",".join(["0.12345678"] * 100)] * rows)


def calls(work: Callable[[], object]) -> int:
    """How many functions are called by ``work``, those of C included."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def test_a_table_of_sixteen_megabytes_is_read() -> None:
    assert from_table(rows_of_numbers(15_000)).values.shape == (15_000, 100)


def test_each_further_number_of_a_table_takes_the_same_few_calls() -> None:
    tables = [rows_of_numbers(rows) for rows in (100, 300, 500)]
    few, more, most = (calls(partial(from_table, table)) for table in tables)
    assert most - more == pytest.approx(more - few, rel=0.1)
    assert (most - more) / (200 * 100) < 10
