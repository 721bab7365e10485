"""Yearly sunspot numbers, one year ahead; the years from 1940 on are held out.

The numbers are divided by 100 all along, so that nothing of the held-out years enters the scale.
"""

import torch
from torch import Tensor

from gatescope.sequences.signals import sunspot_numbers
from gatescope.training.task import Sample, Task, draw

FIRST_YEAR, HELD_OUT = 1700, 1940
SCALE = 100.0
STEPS = 60
WARM_UP = 12  # years seen before the first answer counts, a little more than a cycle


def series() -> Tensor:
    """All years, (T), scaled."""
    return torch.from_numpy(sunspot_numbers()).to(torch.float32) / SCALE


def generate(generator: torch.Generator) -> Sample:
    """Sixty years of those before 1940."""
    start = draw(generator, 0, HELD_OUT - FIRST_YEAR - STEPS - 1)
    return sample_of(series()[start : start + STEPS + 1])


def fresh(_: torch.Generator) -> Sample:
    """The held-out years, with the years before them that the network needs to settle."""
    return sample_of(series()[HELD_OUT - FIRST_YEAR - WARM_UP :])


def sample_of(numbers: Tensor) -> Sample:
    """T + 1 years as T steps."""
    asked = torch.arange(len(numbers) - 1) >= WARM_UP - 1
    return Sample(numbers[:-1, None], numbers[1:, None], asked, numbers[:-1])


SUNSPOTS = Task(
    name="sunspots",
    output_kind="value",
    features=("number",),
    outputs=("next_year",),
    generate=generate,
    fresh=fresh,
    hidden_size=12,
    steps=600,
    weight_decay=1e-3,
    seed=2,
)
