"""aⁿbⁿ: words of some a and as many b, one after the other; the next character is asked.

Gers & Schmidhuber (2001), LSTM recurrent networks learn simple context-free and context-sensitive languages; Weiss,
Goldberg & Yahav (2018), On the practical computational power of finite precision RNNs for language recognition.
"""

import torch

from gatescope.training.task import Sample, Task, draw, text_sample

VOCABULARY = ".ab"
LONGEST = 12  # n in training
STEPS = 80


def generate(generator: torch.Generator) -> Sample:
    """Words of n from 1 to 12, each ended by a full stop, cut after 80 steps."""
    text = "."
    while len(text) <= STEPS:
        text += word(draw(generator, 1, LONGEST))
    return sample_of(text[: STEPS + 1])


def word(n: int) -> str:
    """``aaabbb.`` for 3."""
    return "a" * n + "b" * n + "."


def sample_of(text: str) -> Sample:
    """A text with its counts of a less b since the last full stop; what follows an a is anyone's guess."""
    counts: list[float] = []
    for character in text[:-1]:
        last = counts[-1] if counts else 0.0
        counts.append({".": 0.0, "a": last + 1, "b": last - 1}[character])
    return text_sample(text, VOCABULARY, [character != "a" for character in text[:-1]], counts)


ANBN = Task(
    name="anbn",
    output_kind="next_token",
    features=tuple(VOCABULARY),
    outputs=tuple(VOCABULARY),
    generate=generate,
    hidden_size=6,
    steps=4_000,
    sparsity=0.01,  # so that one unit counts, and not each of them a little
    seed=1,
)
