"""Text, one-hot by its characters."""

import numpy as np

from gatescope.errors import InvalidInput
from gatescope.sequences.graphemes import graphemes
from gatescope.sequences.sequence import Scaling, Sequence, SequenceLimits
from gatescope.unicode import check_unicode


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
    check_unicode(text, field="text")
    limits = limits or SequenceLimits()
    characters = limits.take(graphemes(text), field="text")
    alphabet = tuple(sorted(set(characters)))
    limits.check(features=len(alphabet), cells=len(characters) * len(alphabet), field="text")
    place = {character: index for index, character in enumerate(alphabet)}
    values = np.zeros((len(characters), len(alphabet)))  # (T, I)
    values[np.arange(len(characters)), [place[character] for character in characters]] = 1
    unscaled = Scaling("none", np.zeros(len(alphabet)), np.ones(len(alphabet)))
    return Sequence(values, alphabet, alphabet, unscaled, characters)
