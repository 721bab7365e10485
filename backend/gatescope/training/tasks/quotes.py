"""Generated text with quotations and nested brackets; which sign closes is asked.

The words are the same inside and outside, so only memory tells whether a quotation is open. After Karpathy, Johnson &
Fei-Fei (2015), Visualizing and understanding recurrent networks, who found units that are on inside quotes.
"""

import torch

from gatescope.training.task import Sample, Task, draw, text_sample

WORDS = ("a", "an", "and", "dog", "he", "in", "is", "it", "no", "on", "said", "so", "the", "to", "we")
CLOSING = {"(": ")", "[": "]", '"': '"'}
VOCABULARY = "".join(sorted({*"".join(WORDS), *CLOSING, *CLOSING.values(), " ", "."}))
DEEPEST = 2
STEPS = 120


def generate(generator: torch.Generator) -> Sample:
    """Sentences, cut after 120 steps."""
    text = ""
    while len(text) <= STEPS:
        text += f"{phrase(generator, 0)}. "
    text = text[: STEPS + 1]
    inside = inside_quotation(text)
    closes = [text[t + 1] in ")]" or (text[t + 1] == '"' and inside[t]) for t in range(STEPS)]
    return text_sample(text, VOCABULARY, closes, [float(state) for state in inside])


def phrase(generator: torch.Generator, depth: int) -> str:
    """A few words, some of them in quotation marks or brackets, which may hold brackets again."""
    parts = []
    for _ in range(draw(generator, 2, 5)):
        choice = draw(generator, 0, 9)
        if choice < 2:
            parts.append(f'"{words(generator)}"')
        elif choice < 4 and depth < DEEPEST:
            opening = "(["[draw(generator, 0, 1)]
            parts.append(f"{opening}{phrase(generator, depth + 1)}{CLOSING[opening]}")
        else:
            parts.append(words(generator))
    return " ".join(parts)


def words(generator: torch.Generator) -> str:
    """One to four words."""
    return " ".join(WORDS[draw(generator, 0, len(WORDS) - 1)] for _ in range(draw(generator, 1, 4)))


def inside_quotation(text: str) -> list[bool]:
    """For each character but the last, whether a quotation is open after it."""
    inside, states = False, []
    for character in text[:-1]:
        inside ^= character == '"'
        states.append(inside)
    return states


QUOTES = Task(
    name="quotes",
    output_kind="next_token",
    features=tuple(VOCABULARY),
    outputs=tuple(VOCABULARY),
    generate=generate,
    choices=tuple('")]'),
    hidden_size=48,
    steps=2_500,
    seed=2,
)
