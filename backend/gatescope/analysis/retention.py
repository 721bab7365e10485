"""How long does a unit remember? The product of its forget gates, and its half-life.

The share ∏ f_k, k from after s up to t, of the cell state after step s is left after step t: the direct path of the
constant error carousel (Hochreiter & Schmidhuber 1997; with a forget gate: Gers, Schmidhuber & Cummins 2000). It does
not tell whether anything useful was in the cell, nor what comes back through h.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from gatescope.analysis.places import as_it_ran, check_index, check_range, layer_at
from gatescope.lstm.trace import Trace

DEFAULT_MOST = 200
LARGEST_MOST = 400  # a triangle of more steps shows nothing more, and the memory grows with the square


@dataclass(frozen=True)
class Retention:
    """What a unit keeps from step to step.

    steps: the N steps shown, ascending, (N), int64; all of the range, or some at even distances with both its ends.
    retained: (N, N), float64; ``retained[a, b]`` is the share of the cell state after ``steps[a]`` that is left after
        ``steps[b]``; 1 on the diagonal, NaN where b was computed before a.
    """

    steps: Tensor
    retained: Tensor


def retention(
    trace: Trace, layer: int, unit: int, *, start: int = 0, stop: int | None = None, most: int = DEFAULT_MOST
) -> Retention:
    """The share ∏ f_k that a unit keeps from each step to each later one.

    Backward, later means nearer to step 0. The memory is linear in the length of the range, beside the N × N shown. A
    gate at exactly 0 keeps exactly nothing.

    Args:
        trace: of one sequence, tensors (T, H).
        layer: an index of ``trace.layers``.
        unit: 0 … H − 1.
        start: the first step of the range.
        stop: the step after its last; the whole sequence if None.
        most: the largest N, 2 … 400.

    Raises:
        InvalidInput: there is no such layer, unit or range, ``most`` is out of range, or the trace is of a batch.
    """
    chosen = layer_at(trace, layer)
    steps, units = chosen.forget_gate.shape
    stop = steps if stop is None else stop
    check_index("unit", unit, units)
    check_range("start", start, 0, steps - 1)
    check_range("stop", stop, start + 1, steps)
    check_range("most", most, 2, LARGEST_MOST)
    gates = as_it_ran(chosen, chosen.forget_gate[start:stop, unit].detach().to(torch.float64))  # (R)
    shown = torch.linspace(0, stop - start - 1, min(most, stop - start), dtype=torch.float64).round().long()  # (N)
    retained = _products(gates, shown)
    if chosen.direction == "backward":
        return Retention(stop - 1 - shown.flip(0), retained.flip(0, 1))
    return Retention(start + shown, retained)


def half_lives(trace: Trace, layer: int) -> Tensor:
    """The half-life of each unit in steps over the sequence, (H), float64.

    T½ = −1 / mean(log₂ |f_t|), the mean over all steps: after so many steps with the geometric mean of its forget
    gates, half of a cell state is left. It is infinite where f is 1 at every step, and 0 where it is 0 at any.

    Raises:
        InvalidInput: there is no such layer, or the trace is of a batch.
    """
    gates = layer_at(trace, layer).forget_gate.detach().to(torch.float64).abs()  # (T, H)
    mean = gates.log2().mean(dim=0)  # (H)
    return torch.where(mean >= 0, torch.inf, -1 / mean)


def _products(gates: Tensor, shown: Tensor) -> Tensor:
    """∏ of gates (R) after each shown step (N) up to each, (N, N); NaN below the diagonal."""
    closed = gates == 0
    logs = torch.where(closed, 1, gates.abs()).log().cumsum(0)[shown]  # (N)
    closings, turns = closed.cumsum(0)[shown], (gates < 0).cumsum(0)[shown]  # (N); a gate held below 0 turns the sign
    products = (logs[None, :] - logs[:, None]).exp()  # (N, N)
    products = torch.where((turns[None, :] - turns[:, None]) % 2 == 1, -products, products)
    products = torch.where(closings[None, :] > closings[:, None], 0, products)
    later = torch.ones_like(products, dtype=torch.bool).triu()
    return torch.where(later, products, torch.nan)
