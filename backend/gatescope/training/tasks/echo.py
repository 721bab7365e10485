"""Echo: random signs, each repeated four steps later."""

import torch

from gatescope.training.task import Sample, Task

DELAY = 4
STEPS = 60


def generate(generator: torch.Generator) -> Sample:
    """Sixty signs, −1 or 1; before the first echo there is nothing to say."""
    signs = torch.randint(0, 2, (STEPS,), generator=generator) * 2.0 - 1  # (T)
    echo = torch.cat([torch.zeros(DELAY), signs[:-DELAY]])  # (T)
    return Sample(signs[:, None], echo[:, None], torch.arange(STEPS) >= DELAY, echo)


ECHO = Task(
    name="echo",
    output_kind="value",
    features=("sign",),
    outputs=("echo",),
    generate=generate,
    hidden_size=12,
    steps=2_000,
)
