import json

import pytest

from gatescope.errors import InvalidInput
from gatescope.models.vocabulary import read_vocabulary, tokenize


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
    ],
)
def test_what_is_no_vocabulary_says_why(content: object, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_vocabulary(json.dumps(content))
    assert (caught.value.code, caught.value.field) == (code, "vocabulary")


def test_a_vocabulary_of_characters_takes_a_text_character_by_character() -> None:
    assert tokenize("문 👩‍🚀", ("👩‍🚀", " ", "<pad>", "문")) == (("문", " ", "👩‍🚀"), (3, 1, 0))


def test_a_vocabulary_of_words_takes_a_text_word_by_word() -> None:
    assert tokenize("the cat,\n sat.", ("the", "sat", "cat", ",", ".")) == (
        ("the", "cat", ",", "sat", "."),
        (0, 2, 3, 1, 4),
    )


def test_a_token_that_is_not_there_is_the_unknown_one_or_is_named_with_its_place() -> None:
    assert tokenize("dog sat", ("<unk>", "cat", "sat"))[1] == (0, 2)
    with pytest.raises(InvalidInput, match="'dog', token 1") as caught:
        tokenize("cat dog", ("cat", "sat"))
    assert caught.value.code == "not_in_vocabulary"


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one token"):
        tokenize(" \n", ("the", "cat"))
