"""A task: a generator of inputs with their right outputs, and how a network is trained on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import one_hot

OutputKind = Literal["next_token", "value"]


@dataclass(frozen=True)
class Sample:
    """One input with its right output.

    values: (T, I), one-hot for a text; targets: what the read-out should say, token numbers (T) or values (T, O);
    asked: (T), where that is decided by what went before, so that a network can be right; quantity: (T), what a unit is
    expected to keep; text: the T + 1 tokens of a text, of which the last is only ever a target.
    """

    values: Tensor
    targets: Tensor
    asked: Tensor
    quantity: Tensor
    text: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Task:
    """A task and the settings with which it is learned within minutes.

    generate: draws a sample for training; fresh: draws one that was never trained on, to measure and to show;
    features and outputs: their names, for a text the vocabulary; choices: tokens among which the answer is looked for,
    where not among all; sparsity: what a unit's weights to the gates and to the read-out cost, by their Euclidean norm,
    so that no more units work than are needed (group lasso: Yuan & Lin 2006); seed: that of the shipped model.
    """

    name: str
    output_kind: OutputKind
    features: tuple[str, ...]
    outputs: tuple[str, ...]
    generate: Callable[[torch.Generator], Sample]
    hidden_size: int
    steps: int
    fresh: Callable[[torch.Generator], Sample] | None = None
    choices: tuple[str, ...] | None = None
    batch_size: int = 32
    learning_rate: float = 0.01
    weight_decay: float = 0.0
    sparsity: float = 0.0
    seed: int = 0

    @property
    def vocabulary(self) -> tuple[str, ...] | None:
        """The tokens of a task of text."""
        return self.outputs if self.output_kind == "next_token" else None

    def sample(self, seed: int) -> Sample:
        """A fresh input, the same for the same seed."""
        return (self.fresh or self.generate)(torch.Generator().manual_seed(seed))


def text_sample(text: str, vocabulary: str, asked: list[bool], quantity: list[float]) -> Sample:
    """A text of T + 1 characters as a sample of T steps; ``asked`` and ``quantity`` say for each step."""
    numbers = torch.tensor([vocabulary.index(character) for character in text])  # (T + 1)
    values = one_hot(numbers[:-1], len(vocabulary)).to(torch.float32)  # (T, V)
    return Sample(values, numbers[1:], torch.tensor(asked), torch.tensor(quantity), tuple(text))


def draw(generator: torch.Generator, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))
