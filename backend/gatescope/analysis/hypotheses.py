"""Hypotheses about a unit: one number for each step of a sequence, (T)."""

from collections.abc import Sequence

import torch
from torch import Tensor


def position(steps: int) -> Tensor:
    """The number of the step, (T)."""
    return torch.arange(steps, dtype=torch.float64)


def inside_quotes(tokens: Sequence[str], opening: str = '"', closing: str = '"') -> Tensor:
    """1 where a quotation is open after the step, else 0, (T).

    The two signs may be the same; the opening sign counts as inside, the closing one does not.
    """
    inside, states = False, []
    for token in tokens:
        if inside:
            inside = token != closing
        elif token == opening:
            inside = True
        states.append(float(inside))
    return torch.tensor(states, dtype=torch.float64)


def count_difference(tokens: Sequence[str], plus: str, minus: str) -> Tensor:
    """The number of ``plus`` so far less the number of ``minus``, (T)."""
    return torch.tensor([(token == plus) - (token == minus) for token in tokens], dtype=torch.float64).cumsum(0)


def is_token(tokens: Sequence[str], token: str) -> Tensor:
    """1 where the token is this one, else 0, (T)."""
    return torch.tensor([each == token for each in tokens], dtype=torch.float64)
