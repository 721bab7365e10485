"""The adding problem: two of fifty numbers are marked; their sum is asked at the end.

Hochreiter & Schmidhuber (1997), Long short-term memory. Here the sum of what was marked so far is trained at every
step, and measured at the last.
"""

import torch

from gatescope.training.task import Sample, Task, draw

STEPS = 50


def generate(generator: torch.Generator) -> Sample:
    """Fifty numbers in 0 … 1, one marked in each half."""
    numbers, marks = torch.rand(STEPS, generator=generator), torch.zeros(STEPS)
    marks[draw(generator, 0, STEPS // 2 - 1)] = 1
    marks[draw(generator, STEPS // 2, STEPS - 2)] = 1
    sums = (numbers * marks).cumsum(0)  # (T)
    asked = torch.arange(STEPS) == STEPS - 1
    return Sample(torch.stack([numbers, marks], dim=1), sums[:, None], asked, sums)


ADDING = Task(
    name="adding",
    output_kind="value",
    features=("number", "mark"),
    outputs=("sum",),
    generate=generate,
    hidden_size=16,
    steps=2_000,
)
