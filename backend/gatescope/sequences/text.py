"""Text, one-hot by its characters."""

import numpy as np
import regex

from gatescope.errors import InvalidInput
from gatescope.sequences.sequence import Scaling, Sequence, SequenceLimits


def from_text(text: str, limits: SequenceLimits | None = None) -> Sequence:
    """A sequence with one step a character, each one-hot over the characters that occur.

    A character is what a reader takes for one: an extended grapheme cluster (Unicode UAX #29), so 한, é and 👩‍🚀 are
    one step each, however they are encoded. The text is not normalised: two encodings of é are two characters, since
    that is what a model trained on such text would see.

    Args:
        text: not empty.
        limits: how long it may be, and how large its alphabet.

    Returns:
        values (T, I) of zeros and ones; features: the alphabet in code point order; characters: the T characters.

    Raises:
        InvalidInput: the text is empty, or holds half of a surrogate pair.
        LimitExceeded: there are too many characters, or too many different ones.
    """
    if not text:
        raise InvalidInput("the text is empty; at least one character is needed", field="text", code="empty")
    surrogate = regex.search(r"[\ud800-\udfff]", text)
    if surrogate:
        raise InvalidInput(
            f"the text holds half of a surrogate pair at {surrogate.start()}, which is no character",
            field="text",
            code="lone_surrogate",
            position=surrogate.start(),
        )
    characters = tuple(regex.findall(r"\X", text))
    alphabet = tuple(sorted(set(characters)))
    (limits or SequenceLimits()).check(steps=len(characters), features=len(alphabet), field="text")
    place = {character: index for index, character in enumerate(alphabet)}
    values = np.zeros((len(characters), len(alphabet)))  # (T, I)
    values[np.arange(len(characters)), [place[character] for character in characters]] = 1
    unscaled = Scaling("none", np.zeros(len(alphabet)), np.ones(len(alphabet)))
    return Sequence(values, alphabet, alphabet, unscaled, characters)
