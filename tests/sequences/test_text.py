import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.sequences import SequenceLimits, from_text

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(texts)
def test_each_character_is_one_hot_and_the_characters_make_the_text(text: str) -> None:
    sequence = from_text(text)
    assert sequence.characters is not None
    assert "".join(sequence.characters) == text
    assert (sequence.values.sum(axis=1) == 1).all()
    assert set(np.unique(sequence.values)) <= {0, 1}
    assert [sequence.features[index] for index in sequence.values.argmax(axis=1)] == list(sequence.characters)
    assert list(sequence.features) == sorted(set(sequence.characters))


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("망각", ("망", "각")),
        ("e\u0301a", ("e\u0301", "a")),
        ("👩‍🚀🇰🇷", ("👩‍🚀", "🇰🇷")),
        ("a\r\nb\n", ("a", "\r\n", "b", "\n")),
        ("한", ("한",)),
    ],
)
def test_a_character_is_what_a_reader_takes_for_one(text: str, characters: tuple[str, ...]) -> None:
    assert from_text(text).characters == characters


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("a\ud800b", "lone_surrogate")])
def test_a_text_that_cannot_be_read_is_named(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        from_text(text)
    assert (raised.value.code, raised.value.field) == (code, "text")


@pytest.mark.parametrize("limits", [SequenceLimits(steps=2), SequenceLimits(features=2)])
def test_limits_are_kept(limits: SequenceLimits) -> None:
    with pytest.raises(LimitExceeded):
        from_text("abc", limits)
