from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.sequences import SequenceLimits, from_values


@given(st.lists(st.floats(-1e30, 1e30), min_size=1))
def test_a_flat_list_is_one_feature(values: list[float]) -> None:
    sequence = from_values(values)
    assert sequence.values.tolist() == [[value] for value in values]
    assert sequence.features == ("x0",)


def test_columns_have_names_and_an_order() -> None:
    sequence = from_values([[1, 2, 3], [4, 5, 6]], features=["a", "b", "c"], columns=[2, 0])
    assert sequence.features == ("c", "a")
    assert sequence.columns == ("a", "b", "c")
    assert sequence.values.tolist() == [[3, 1], [6, 4]]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ([], "empty", "values"),
        ([[]], "empty_row", "values.0"),
        ([[1, 2], [3]], "ragged_rows", "values.1"),
        ([[1], 2, [3, 4]], "ragged_rows", "values.2"),
        ([1.0, float("nan")], "not_finite", "values.1"),
        ([[1.0], [float("inf")]], "not_finite", "values.1.0"),
        ([[1.0, -4e38]], "not_finite", "values.0.1"),
        ([1, 10**400], "not_finite", "values.1"),
        ([[1, "2"]], "not_a_number_at", "values.0.1"),
        ([True, 1], "not_a_number_at", "values.0"),
        ([None], "not_a_number_at", "values.0"),
    ],
)
def test_a_mistake_is_named_with_its_place(values: list[Any], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        from_values(values)
    assert (raised.value.code, raised.value.field) == (code, field)


def test_names_must_fit() -> None:
    with pytest.raises(InvalidInput, match="features names 1 columns; the values have 2") as raised:
        from_values([[1, 2]], features=["a"])
    assert raised.value.field == "features"


def test_limits_are_kept() -> None:
    with pytest.raises(LimitExceeded) as raised:
        from_values([1, 2, 3], limits=SequenceLimits(steps=2))
    assert raised.value.context["setting"] == "GATESCOPE_MAX_STEPS"
