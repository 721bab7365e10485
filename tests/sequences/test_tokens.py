import pytest

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.sequences import SequenceLimits, tokenize


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


@pytest.mark.parametrize("vocabulary", [("a", " "), ("aa", " ")], ids=["characters", "words"])
def test_limits_are_kept(vocabulary: tuple[str, ...]) -> None:
    with pytest.raises(LimitExceeded, match="the number of steps is larger; the limit is 2"):
        tokenize("a a a a", vocabulary, SequenceLimits(steps=2))
