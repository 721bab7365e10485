import json

import pytest

from gatescope.errors import InvalidInput
from gatescope.models.vocabulary import LARGEST, read_vocabulary


@pytest.mark.parametrize(
    "text",
    [
        '["a", "b", "\\n"]',
        '{"a": 0, "\\n": 2, "b": 1}',
        '{"0": "a", "1": "b", "2": "\\n"}',
    ],
)
def test_a_vocabulary_is_read_as_json(text: str) -> None:
    assert read_vocabulary(text) == ("a", "b", "\n")


@pytest.mark.parametrize("text", ["the\ncat\nsat\n", "the\r\ncat\r\nsat"])
def test_a_vocabulary_is_read_as_one_token_a_line(text: str) -> None:
    assert read_vocabulary(text) == ("the", "cat", "sat")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ([], "vocabulary_size"),
        (["a", ""], "token_not_text"),
        (["a", 7], "token_not_text"),
        (["a", "b", "a"], "token_twice"),
        ({"a": 0, "b": 2}, "token_numbers"),
        ({"a": "b"}, "token_numbers"),
        ({"1" * 5000: "a"}, "token_numbers"),
        ({"a": 10**4000}, "token_numbers"),
        (["a", "\ud800"], "lone_surrogate"),
        ({"0": "\udfff"}, "lone_surrogate"),
        ({"\ud800": 0}, "lone_surrogate"),
        ([["a"]], "token_not_text"),
        ([0] * (LARGEST + 1), "json_too_large"),
    ],
)
def test_what_is_no_vocabulary_says_why(content: object, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_vocabulary(json.dumps(content))
    assert (caught.value.code, caught.value.field) == (code, "vocabulary")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "json_too_deep"),
        ("{" + '"a":{' * 100_000, "json_too_deep"),
        (f'{{"a": {"1" * 5000}}}', "json_number_too_long"),
        ("a\n" * (LARGEST + 1), "vocabulary_size"),
        ("\n" * 1_000_000, "vocabulary_size"),
        ("a\n\n\nb\n", "blank_line"),  # with a token that is a newline, which would shift the number of b
    ],
    ids=["deep list", "deep object", "long number", "many lines", "blank lines", "a newline as a token"],
)
def test_a_text_that_is_no_vocabulary_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_vocabulary(text)
    assert (caught.value.code, caught.value.field) == (code, "vocabulary")
