"""Text as the tokens of a vocabulary, and their numbers."""

from collections.abc import Iterator
from collections.abc import Sequence as Many

import regex

from gatescope.errors import InvalidInput
from gatescope.sequences.graphemes import graphemes
from gatescope.sequences.sequence import SequenceLimits

UNKNOWN = ("<unk>", "<UNK>", "[UNK]", "<unknown>")  # what models call a token that they do not know


def tokenize(
    text: str, vocabulary: Many[str], limits: SequenceLimits | None = None
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The tokens of a text and their numbers.

    Where every token is a single character (a grapheme cluster), but for specials in angle or square brackets, the
    text is taken character by character; else word by word and sign by sign, without the spaces.

    Raises:
        InvalidInput: the text holds a token that is not in the vocabulary, which has none for the unknown.
        LimitExceeded: there are too many tokens.
    """
    numbers = {token: number for number, token in enumerate(vocabulary)}
    unknown = next((numbers[name] for name in UNKNOWN if name in numbers), None)
    found = graphemes(text) if _by_character(vocabulary) else _words_and_signs(text)
    tokens = (limits or SequenceLimits()).take(found, field="text")
    if not tokens:
        raise InvalidInput("the text is empty; at least one token is needed", field="text", code="empty")
    encoded = []
    for place, token in enumerate(tokens):
        number = numbers.get(token, unknown)
        if number is None:
            raise InvalidInput(
                f"{token[:40]!r}, token {place} of the text, is not in the model's vocabulary",
                field="text",
                code="not_in_vocabulary",
                token=token[:40],
                place=place,
            )
        encoded.append(number)
    return tokens, tuple(encoded)


def _by_character(vocabulary: Many[str]) -> bool:
    return all(regex.fullmatch(r"\X|<.+>|\[.+\]", token) for token in vocabulary)


def _words_and_signs(text: str) -> Iterator[str]:
    return (match[0] for match in regex.finditer(r"\w+|[^\w\s]", text))
