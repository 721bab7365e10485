import time
from itertools import islice

import regex
from hypothesis import given
from hypothesis import strategies as st

from gatescope.sequences.graphemes import graphemes

FLAG = "\U0001f1f0"
# A piece of each kind that the rules of UAX #29 speak of: flags, marks, joiners, syllables, conjuncts, line ends.
PIECES = [FLAG, "\U0001f1f7", "a", "\u0301", "\u200d", "👩", "🏽", "\u1100", "\u1161", "\u11a8", "각", "\u0600"]
PIECES += ["\u0915", "\u094d", "\u0903", "\r", "\n", "\x00"]
texts = st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 3) | st.integers(60, 200)), max_size=8).map(
    lambda runs: "".join(piece * times for piece, times in runs)
)


@given(texts | st.text())
def test_they_are_those_of_regex(text: str) -> None:
    assert list(graphemes(text)) == regex.findall(r"\X", text)


def seconds(text: str) -> float:
    """The CPU time that the first 20,000 clusters of a text take."""
    before = time.process_time()
    for _ in islice(graphemes(text), 20_000):
        pass
    return time.process_time() - before


def test_flags_take_no_more_time_than_letters() -> None:
    letters = seconds("a" * 40_000)
    assert seconds(FLAG * 40_000) < 20 * letters
    assert seconds(FLAG * 400_000) < 20 * letters
