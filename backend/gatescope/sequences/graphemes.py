"""Characters as a reader counts them: extended grapheme clusters (Unicode UAX #29)."""

from collections.abc import Iterator

import regex

# At each regional indicator regex looks back to the first one of the run, which takes time by its square. They go in
# pairs from that first one on (rules GB12 and GB13), so that behind an even number of them a cluster always ends.
_PAIRS = regex.compile(r"(?:[\U0001F1E6-\U0001F1FF]{2}){32}")
_CLUSTER = regex.compile(r"\X")


def graphemes(text: str) -> Iterator[str]:
    """The extended grapheme clusters of a text, one after the other, in a time that grows with its length."""
    start = 0
    for pairs in _PAIRS.finditer(text):
        yield from (cluster[0] for cluster in _CLUSTER.finditer(text[start : pairs.end()]))
        start = pairs.end()
    yield from (cluster[0] for cluster in _CLUSTER.finditer(text[start:]))
