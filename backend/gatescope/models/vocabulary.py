"""The tokens that a model of text knows."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from gatescope.bounded_json import read_json
from gatescope.errors import InvalidInput
from gatescope.unicode import check_unicode

LARGEST = 200_000  # tokens
MOST_DIGITS = len(str(LARGEST))


def read_vocabulary(text: str) -> tuple[str, ...]:
    """Tokens in the order of their numbers.

    Args:
        text: JSON: a list of tokens, an object of tokens and their numbers, or of numbers and their tokens; or else
            one token a line.

    Raises:
        InvalidInput: there is none, one stands twice, or the numbers are not 0, 1, 2, …; it is JSON with too many
            items, or nested too deeply.
    """
    try:
        content = read_json(text, most_items=LARGEST, field="vocabulary")
    except json.JSONDecodeError:
        content = None
    if isinstance(content, Mapping):
        return check_vocabulary(_in_order(content))
    if isinstance(content, list):
        return check_vocabulary(content)
    return check_vocabulary(_by_line(text))


def check_vocabulary(tokens: Sequence[Any]) -> tuple[str, ...]:
    """The tokens, if they make a vocabulary.

    Raises:
        InvalidInput: there is none or too many, one is not a text or holds half a character, or one stands twice.
    """
    if not 0 < len(tokens) <= LARGEST:
        has = "more" if tokens else "none"
        raise _wrong(f"a vocabulary has 1 … {LARGEST:,} tokens; this has {has}", "vocabulary_size")
    seen: set[str] = set()
    for place, token in enumerate(tokens):
        if not isinstance(token, str) or not token:
            raise _wrong(f"token {place} is not a text", "token_not_text", token=place)
        check_unicode(token, field="vocabulary")
        if token in seen:
            raise _wrong(f"token {place}, {token[:40]!r}, stands twice", "token_twice", place=place, token=token[:40])
        seen.add(token)
    return tuple(tokens)


def _by_line(text: str) -> list[str]:
    """The tokens of a file with one a line; those beyond the largest vocabulary are not read."""
    tokens: list[str] = []
    blank = None
    for number, line in enumerate(StringIO(text, newline="\n"), start=1):
        token = line.removesuffix("\n").removesuffix("\r")
        if not token:
            blank = blank or number
        elif blank:  # a token that is itself the end of a line: left out, it would shift the numbers of all others
            message = f"line {blank} is blank; write a vocabulary with such a token as a JSON list"
            raise _wrong(message, "blank_line", line=blank)
        elif len(tokens) > LARGEST:
            break
        else:
            tokens.append(token)
    return tokens


def _in_order(content: Mapping[str, Any]) -> list[str]:
    """Tokens by their numbers, whichever of the two the keys are."""
    if all(isinstance(value, int) for value in content.values()):
        by_number = {number: token for token, number in content.items()}
    else:
        by_number = {int(key): token for key, token in content.items() if key.isdecimal() and len(key) <= MOST_DIGITS}
    if sorted(by_number) != list(range(len(content))):
        raise _wrong("the numbers of the tokens must be 0, 1, 2, … without a gap", "token_numbers")
    return [by_number[number] for number in range(len(content))]


def _wrong(message: str, code: str, **context: str | int) -> InvalidInput:
    return InvalidInput(message, field="vocabulary", code=code, **context)
