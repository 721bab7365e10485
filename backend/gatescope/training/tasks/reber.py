"""The embedded Reber grammar: the second letter comes back as the last but one; the next letter is asked.

Hochreiter & Schmidhuber (1997), Long short-term memory.
"""

import torch

from gatescope.training.task import Sample, Task, draw, text_sample

VOCABULARY = "BTPSXVE"
STEPS = 60
# Each state of the inner grammar: two letters with the states they lead to; 5 is the end.
GRAMMAR = (
    (("T", 1), ("P", 2)),
    (("S", 1), ("X", 3)),
    (("T", 2), ("V", 4)),
    (("X", 2), ("S", 5)),
    (("P", 3), ("V", 5)),
)
END = 5


def generate(generator: torch.Generator, steps: int = STEPS) -> Sample:
    """Strings of the grammar, one after the other, cut after 60 steps; with many more, a continual stream.

    The stream: Gers, Schmidhuber & Cummins (2000), Learning to forget.
    """
    text, asked, quantity = "", [], []
    while len(text) <= steps:
        word = string(generator)
        text += word
        asked += [False] * (len(word) - 3) + [True, False, False]
        memory = 1.0 if word[1] == "T" else -1.0
        quantity += [0.0, *[memory] * (len(word) - 2), 0.0]
    return text_sample(text[: steps + 1], VOCABULARY, asked[:steps], quantity[:steps])


def string(generator: torch.Generator) -> str:
    """One string, such as BTBPVVETE."""
    second = "TP"[draw(generator, 0, 1)]
    inner, state = "", 0
    while state != END:
        letter, state = GRAMMAR[state][draw(generator, 0, 1)]
        inner += letter
    return f"B{second}B{inner}E{second}E"


REBER = Task(
    name="reber",
    output_kind="next_token",
    features=tuple(VOCABULARY),
    outputs=tuple(VOCABULARY),
    generate=generate,
    hidden_size=8,
    steps=2_000,
    seed=1,
)
