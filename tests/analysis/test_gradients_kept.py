"""A trace that carries gradients is answered as one without, and no answer carries them on."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass

import pytest
import torch
from torch import Tensor

from gatescope import LSTMNetwork, trace
from gatescope.analysis import compare, contributions, half_lives, health, retention, writes
from gatescope.lstm.trace import Trace

torch.manual_seed(0)
NETWORK = LSTMNetwork(1, 3, 2, bidirectional=True)
QUESTIONS: list[Callable[[Trace], object]] = [
    lambda traced: compare(traced, traced),
    lambda traced: contributions(NETWORK, traced, 3, 4, 1),
    lambda traced: half_lives(traced, 1),
    lambda traced: retention(traced, 1, 2),
    lambda traced: writes(traced, 2, 5),
    health,
]


def tensors(answer: object) -> list[Tensor]:
    """All tensors of an answer, however deep."""
    if isinstance(answer, Tensor):
        return [answer]
    if is_dataclass(answer):
        return [tensor for field in fields(answer) for tensor in tensors(getattr(answer, field.name))]
    within = answer.values() if isinstance(answer, Mapping) else answer if isinstance(answer, tuple) else ()
    return [tensor for each in within for tensor in tensors(each)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_gradients_change_no_answer(question: Callable[[Trace], object]) -> None:
    x = torch.randn(9, 1)
    with_gradients = tensors(question(trace(NETWORK, x)))
    with torch.no_grad():
        without = tensors(question(trace(NETWORK, x)))
    assert with_gradients
    for one, other in zip(with_gradients, without, strict=True):
        assert not one.requires_grad
        torch.testing.assert_close(one, other, equal_nan=True)
