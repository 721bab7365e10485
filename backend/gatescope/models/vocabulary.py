"""The tokens that a model of text knows, and a text as their numbers."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import regex

from gatescope.errors import InvalidInput

LARGEST = 200_000  # tokens
UNKNOWN = ("<unk>", "<UNK>", "[UNK]", "<unknown>")  # what models call a token that they do not know


def read_vocabulary(text: str) -> tuple[str, ...]:
    """Tokens in the order of their numbers.

    Args:
        text: JSON: a list of tokens, an object of tokens and their numbers, or of numbers and their tokens; or else
            one token a line.

    Raises:
        InvalidInput: there is none, one stands twice, or the numbers are not 0, 1, 2, ….
    """
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if isinstance(content, Mapping):
        return check_vocabulary(_in_order(content))
    if isinstance(content, list):
        return check_vocabulary(content)
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return check_vocabulary([line for line in lines if line])


def check_vocabulary(tokens: Sequence[Any]) -> tuple[str, ...]:
    """The tokens, if they make a vocabulary.

    Raises:
        InvalidInput: there is none or too many, one is not a text, or one stands twice.
    """
    if not 0 < len(tokens) <= LARGEST:
        raise _wrong(f"a vocabulary has 1 … {LARGEST:,} tokens; this has {len(tokens):,}", "vocabulary_size")
    seen: set[str] = set()
    for place, token in enumerate(tokens):
        if not isinstance(token, str) or not token:
            raise _wrong(f"token {place} is not a text", "token_not_text", token=place)
        if token in seen:
            raise _wrong(f"token {place}, {token[:40]!r}, stands twice", "token_twice", place=place, token=token[:40])
        seen.add(token)
    return tuple(tokens)


def tokenize(text: str, vocabulary: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The tokens of a text and their numbers.

    Where every token is a single character (a grapheme cluster), but for specials in angle or square brackets, the
    text is taken character by character; else word by word and sign by sign, without the spaces.

    Raises:
        InvalidInput: the text holds a token that is not in the vocabulary, which has none for the unknown.
    """
    numbers = {token: number for number, token in enumerate(vocabulary)}
    unknown = next((numbers[name] for name in UNKNOWN if name in numbers), None)
    tokens = tuple(match[0] for match in regex.finditer(r"\X" if _by_character(vocabulary) else r"\w+|[^\w\s]", text))
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


def _by_character(vocabulary: Sequence[str]) -> bool:
    return all(regex.fullmatch(r"\X|<.+>|\[.+\]", token) for token in vocabulary)


def _in_order(content: Mapping[str, Any]) -> list[str]:
    """Tokens by their numbers, whichever of the two the keys are."""
    if all(isinstance(value, int) for value in content.values()):
        by_number = {number: token for token, number in content.items()}
    else:
        by_number = {int(key): token for key, token in content.items() if key.isdecimal()}
    if sorted(by_number) != list(range(len(content))):
        raise _wrong("the numbers of the tokens must be 0, 1, 2, … without a gap", "token_numbers")
    return [by_number[number] for number in range(len(content))]


def _wrong(message: str, code: str, **context: str | int) -> InvalidInput:
    return InvalidInput(message, field="vocabulary", code=code, **context)
