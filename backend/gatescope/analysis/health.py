"""Which units do not do what a unit is for? Saturated gates, and units that stand out.

Source of the saturation: Karpathy, Johnson & Fei-Fei, "Visualizing and Understanding Recurrent Networks", 2015, who
plot for each unit the share of steps at which a gate is below 0.1 against that at which it is above 0.9. A finding is
about this sequence alone: a unit that never wrote here may write elsewhere, and an integrator is no fault.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from gatescope.analysis.places import as_it_ran, check_one_sequence
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.trace import Trace

SIGMOID_GATES = ("forget_gate", "input_gate", "output_gate")
Kind = Literal["never_writes", "never_forgets", "always_forgets", "never_speaks", "saturated", "drifts", "dead"]


@dataclass(frozen=True)
class Thresholds:
    """The thresholds of the findings.

    left: a gate below it is left-saturated, all but shut.
    right: a gate above it is right-saturated, all but open.
    held_share: the smallest share of the steps at which a gate must be there.
    tiny: smaller values count as nothing; in units of C and of h.
    saturated_state: beyond it |tanh(C)| is flat, its slope 1 − tanh² below 0.06 at 0.97.
    saturated_share: of the steps, at which |tanh(C)| must be beyond it.
    drift_explained: the share of the variance of |C| that a straight line over the steps must explain.
    drift_rise: what the line must gain from the first step to the last, in units of C.
    constant: the largest movement over the whole sequence that counts as none.
    fewest_steps: of a shorter sequence there are no findings: three steps tell little about a unit.
    """

    left: float = 0.1
    right: float = 0.9
    held_share: float = 0.98
    tiny: float = 0.01
    saturated_state: float = 0.97
    saturated_share: float = 0.5
    drift_explained: float = 0.8
    drift_rise: float = 1.0
    constant: float = 1e-6
    fewest_steps: int = 8


@dataclass(frozen=True)
class Saturation:
    """For each unit, the share of steps at which a gate is left- or right-saturated; each (H), float64."""

    left: Tensor
    right: Tensor


@dataclass(frozen=True)
class Finding:
    """Units of one layer and direction with the same finding.

    units: ascending.
    shares: for each unit the share of steps at which it holds; for a drift, of the variance that the line explains.
    thresholds: those that decided, by name.
    """

    kind: Kind
    layer: int
    direction: Direction
    units: tuple[int, ...]
    shares: tuple[float, ...]
    thresholds: Mapping[str, float]


@dataclass(frozen=True)
class LayerHealth:
    """One layer and direction: the saturation of the forget, input and output gate by name, and what stands out."""

    layer: int
    direction: Direction
    saturation: Mapping[str, Saturation]
    findings: tuple[Finding, ...]


def health(trace: Trace, thresholds: Thresholds | None = None) -> tuple[LayerHealth, ...]:
    """The saturation of every gate, and the units that stand out, for each layer and direction.

    - ``never_writes``: i · |C̃| is below ``tiny`` at every step, be it that the gate is shut or nothing is offered.
      Every step, since a unit that writes once in a thousand steps may be one that remembers.
    - ``never_forgets``: f is above ``right`` at ``held_share`` of the steps or more: an integrator.
    - ``always_forgets``: f is below ``left`` at ``held_share`` of the steps or more: no memory beyond a step.
    - ``never_speaks``: o · |tanh(C)|, which is |h| before a projection, is below ``tiny`` at every step.
    - ``saturated``: |tanh(C)| is above ``saturated_state`` at more than ``saturated_share`` of the steps, so that
      what is written hardly shows.
    - ``drifts``: a straight line through |C| over the steps, in the order they ran, rises by ``drift_rise`` or more
      and explains ``drift_explained`` of the variance or more. The rise is then large beside the spread too: it is
      √(12 · explained) times the standard deviation, at 0.8 about 3.1 times.
    - ``dead``: C differs by no more than ``constant`` between any two steps.

    Of fewer than ``fewest_steps`` steps there is the saturation alone.

    Args:
        trace: of one sequence, tensors (T, H).
        thresholds: the defaults of `Thresholds` if None.

    Raises:
        InvalidInput: the trace is of a batch, or ``left`` is above ``right``.
    """
    check_one_sequence(trace)
    thresholds = thresholds or Thresholds()
    if thresholds.left > thresholds.right:
        raise InvalidInput(
            f"left is {thresholds.left} and right {thresholds.right}; left must not lie above right",
            field="left",
            code="thresholds_crossed",
            left=thresholds.left,
            right=thresholds.right,
        )
    return tuple(_layer_health(layer, thresholds) for layer in trace.layers)


def _layer_health(layer: LayerTrace, thresholds: Thresholds) -> LayerHealth:
    saturation = {name: _saturation(getattr(layer, name).detach(), thresholds) for name in SIGMOID_GATES}
    if len(layer.cell_state) < thresholds.fewest_steps:
        return LayerHealth(layer.layer, layer.direction, saturation, ())
    rules = [*_of_the_gates(layer, saturation["forget_gate"], thresholds), *_of_the_state(layer, thresholds)]
    findings = tuple(
        Finding(
            kind,
            layer.layer,
            layer.direction,
            tuple(holds.nonzero()[:, 0].tolist()),
            tuple(shares[holds].tolist()),
            {name: getattr(thresholds, name) for name in names},
        )
        for kind, holds, shares, names in rules
        if bool(holds.any())
    )
    return LayerHealth(layer.layer, layer.direction, saturation, findings)


def _saturation(gate: Tensor, thresholds: Thresholds) -> Saturation:
    return Saturation(_share(gate < thresholds.left), _share(gate > thresholds.right))


# A kind, its units as a mask (H), the share of every unit (H), and the thresholds that decide.
Rule = tuple[Kind, Tensor, Tensor, tuple[str, ...]]


def _of_the_gates(layer: LayerTrace, forget_gate: Saturation, thresholds: Thresholds) -> Iterator[Rule]:
    written = _share(layer.input_gate.detach() * layer.candidate.detach().abs() < thresholds.tiny)
    yield "never_writes", written == 1, written, ("tiny",)
    right, left = forget_gate.right, forget_gate.left
    yield "never_forgets", right >= thresholds.held_share, right, ("right", "held_share")
    yield "always_forgets", left >= thresholds.held_share, left, ("left", "held_share")


def _of_the_state(layer: LayerTrace, thresholds: Thresholds) -> Iterator[Rule]:
    shown = layer.cell_state.detach().tanh().abs_()  # (T, H)
    flat = _share(shown > thresholds.saturated_state)
    silent = _share(shown.mul_(layer.output_gate.detach()) < thresholds.tiny)
    yield "never_speaks", silent == 1, silent, ("tiny",)
    yield "saturated", flat > thresholds.saturated_share, flat, ("saturated_state", "saturated_share")
    rise, explained = _line(as_it_ran(layer, layer.cell_state.detach().abs()).to(torch.float64))
    drifts = (rise >= thresholds.drift_rise) & (explained >= thresholds.drift_explained)
    yield "drifts", drifts, explained, ("drift_rise", "drift_explained")
    lowest, highest = layer.cell_state.detach().aminmax(dim=0)
    dead = highest - lowest <= thresholds.constant  # (H)
    yield "dead", dead, torch.ones_like(explained), ("constant",)


def _share(condition: Tensor) -> Tensor:
    """The share of the steps at which a condition (T, H) holds, (H)."""
    return condition.sum(dim=0).to(torch.float64) / len(condition)


def _line(values: Tensor) -> tuple[Tensor, Tensor]:
    """The line of least squares through each column of values (T, H): its rise, and R²; each (H). Changes values."""
    steps = len(values)
    time = torch.arange(steps, dtype=torch.float64) - (steps - 1) / 2  # (T)
    values -= values.mean(dim=0)
    slope = (time @ values) / time.square().sum()  # (H)
    total = values.square().sum(dim=0)  # (H)
    explained = slope.square() * time.square().sum() / torch.where(total == 0, 1, total)
    return slope * (steps - 1), explained.clamp(max=1)
