"""Which unit follows a hypothesis? Correlations, on a held-out half, beside those of shuffled labels."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction
from gatescope.lstm.trace import Trace

FEWEST_STEPS = 8
SHUFFLES = 200
QUANTILE = 0.95


@dataclass(frozen=True)
class RankedUnit:
    """A unit and Pearson's r of its quantity with the hypothesis.

    correlation: over the first half of the steps, by which units are ranked; held_out: over the second half, which the
    ranking has not seen; 0 where one of the two is constant.
    """

    layer: int
    direction: Direction
    unit: int
    correlation: float
    held_out: float


@dataclass(frozen=True)
class Ranking:
    """Units by how well they follow a hypothesis, the best first.

    chance: with shuffled labels the largest |r| of all units on the second half is below it in 95 % of the cases; an
    |r| below it says nothing.
    """

    units: tuple[RankedUnit, ...]
    chance: float


def rank_units(trace: Trace, hypothesis: Tensor, quantity: str = "cell_state", seed: int = 0) -> Ranking:
    """Ranks all units of all layers and directions of a trace of one sequence.

    The first half of the steps ranks, the second half tests the ranking. Neighbouring steps are alike, and shuffled
    labels are not; so a slow unit follows a slow hypothesis by chance more often than `chance` says.

    Args:
        trace: of one sequence, tensors (T, H).
        hypothesis: (T).
        quantity: one of the six tensors.
        seed: of the shuffling.

    Raises:
        InvalidInput: the hypothesis has another length, is constant in one of the halves, or there are too few steps.
    """
    labels = hypothesis.detach().to(torch.float64)
    tensors: list[Tensor] = [getattr(layer, quantity).detach() for layer in trace.layers]
    steps = len(tensors[0])
    _check(labels, steps)
    values = torch.cat(tensors, dim=1).to(torch.float64)  # (T, N)
    half = steps // 2
    first = _correlations(labels[None, :half], values[:half])[0]  # (N)
    second = _correlations(labels[None, half:], values[half:])[0]  # (N)
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.stack([labels[torch.randperm(steps, generator=generator)] for _ in range(SHUFFLES)])  # (S, T)
    largest = _correlations(shuffled[:, half:], values[half:]).abs().amax(dim=1)  # (S)
    places = [
        (layer, unit) for layer, tensor in zip(trace.layers, tensors, strict=True) for unit in range(tensor.shape[1])
    ]
    ranked = []
    for index in torch.argsort(first.abs(), descending=True, stable=True).tolist():
        layer, unit = places[index]
        ranked.append(RankedUnit(layer.layer, layer.direction, unit, float(first[index]), float(second[index])))
    return Ranking(tuple(ranked), float(largest.quantile(QUANTILE)))


def _check(labels: Tensor, steps: int) -> None:
    if steps < FEWEST_STEPS:
        raise InvalidInput(
            f"there are {steps} steps; a ranking needs {FEWEST_STEPS}",
            field="sequence",
            code="too_few_steps",
            least=FEWEST_STEPS,
        )
    if labels.shape != (steps,):
        raise InvalidInput(
            f"the hypothesis has {len(labels):,} values; the sequence has {steps:,} steps",
            field="hypothesis",
            code="wrong_size",
            actual=len(labels),
            expected=steps,
        )
    if not bool(torch.isfinite(labels).all()):
        raise InvalidInput("the hypothesis holds NaN or infinity", field="hypothesis", code="not_finite_hypothesis")
    for part in (labels[: steps // 2], labels[steps // 2 :]):
        if bool((part == part[0]).all()):
            raise InvalidInput(
                "the hypothesis does not change within one half of the steps, so nothing can follow it there",
                field="hypothesis",
                code="constant_hypothesis",
            )


def _correlations(labels: Tensor, values: Tensor) -> Tensor:
    """Pearson's r of each row of labels (S, T) with each column of values (T, N), (S, N)."""
    return (_standardised(labels, 1) @ _standardised(values, 0)).clamp(-1, 1)


def _standardised(tensor: Tensor, dim: int) -> Tensor:
    """Mean 0 and length 1 along an axis; zeros where it is constant."""
    centred = tensor - tensor.mean(dim=dim, keepdim=True)
    length = centred.norm(dim=dim, keepdim=True)
    return torch.where(length > 1e-12, centred / length.clamp_min(1e-12), 0)
