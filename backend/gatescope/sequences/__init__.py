"""Where inputs come from: numbers and tables, signals, text."""

from gatescope.sequences.npy import from_npy
from gatescope.sequences.numbers import from_values
from gatescope.sequences.sequence import SCALINGS, Scaling, Sequence, SequenceLimits
from gatescope.sequences.signals import SIGNALS, from_signal
from gatescope.sequences.table import from_table
from gatescope.sequences.text import from_text
from gatescope.sequences.tokens import tokenize

__all__ = [
    "SCALINGS",
    "SIGNALS",
    "Scaling",
    "Sequence",
    "SequenceLimits",
    "from_npy",
    "from_signal",
    "from_table",
    "from_text",
    "from_values",
    "tokenize",
]
