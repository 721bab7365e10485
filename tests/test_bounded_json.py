import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatescope.bounded_json import DEEPEST, read_json
from gatescope.errors import InvalidInput

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(values, st.sampled_from([None, 2]))
def test_it_reads_what_json_reads(value: Any, indent: int | None) -> None:
    assert read_json(json.dumps(value, indent=indent)) == value


@given(values.map(json.dumps), st.integers(0, 100), st.text('[]{},:"1e- n\\', max_size=4))
def test_it_refuses_what_json_refuses_at_the_same_place(text: str, place: int, other: str) -> None:
    broken = text[:place] + other + text[place + len(other) :]
    outcomes = []
    for read in (json.loads, read_json):
        try:
            outcomes.append(repr(read(broken)))
        except json.JSONDecodeError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    ("fits", "exceeds"),
    [
        ("[1, 2, 3]", "[1, 2, 3, 4]"),
        ('["", [1], {}]', '["", [1], {}, 0]'),
        ('{"a": 1, "b": [1, 2, 3], "c": 3}', '{"a": 1, "b": 2, "c": 3, "d": 4}'),
        ('{"a": [[1, 2, 3]]}', '{"a": [[1, 2, 3, 4]]}'),
    ],
)
def test_a_list_or_an_object_has_so_many_items_at_most(fits: str, exceeds: str) -> None:
    assert read_json(fits, most_items=3) == json.loads(fits)
    with pytest.raises(InvalidInput, match="more than 3 items") as raised:
        read_json(exceeds, most_items=3, field="text")
    assert (raised.value.code, raised.value.field) == ("json_too_large", "text")


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
def test_it_is_nested_so_deep_at_most(opening: str, closing: str) -> None:
    text = opening * DEEPEST + '""' + closing * DEEPEST
    assert read_json(text) == json.loads(text)
    with pytest.raises(InvalidInput, match=f"more than {DEEPEST} deep"):
        read_json(opening + text + closing)


def test_a_list_too_long_is_refused_before_the_rest_is_looked_at() -> None:
    with pytest.raises(InvalidInput, match="more than 2 items"):
        read_json('["a", "b", "c", this is no JSON', most_items=2)
