"""What did each input add? Integrated gradients of an output or of a state, with the gap between parts and whole.

Not taken from captum: `captum.attr` (0.9) imports matplotlib, and holds the whole graph of all points at once.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gatescope.analysis.connectivity import chosen_output
from gatescope.analysis.gradients import Quantity
from gatescope.analysis.places import check_index, check_network, check_state, last_step, layer_index
from gatescope.analysis.quadrature import IN_A_PANEL, Line
from gatescope.analysis.recomputation import Reading, ReadTarget
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.magnitude import check_magnitudes
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.lstm.trace import Trace

POINTS = 64
MOST_POINTS = 4096
TOLERANCE = 1e-4


@dataclass(frozen=True)
class OutputTarget:
    """An output of the read-out at a step; the largest and the last if None."""

    step: int | None = None
    output: int | None = None


@dataclass(frozen=True)
class StateTarget:
    """A unit's C or h at a step of a layer and direction; the step that the direction computes last if None."""

    unit: int
    quantity: Quantity = "cell_state"
    layer: int = 0
    direction: Direction = "forward"
    step: int | None = None


@dataclass(frozen=True)
class IntegratedGradients:
    """The part of each feature of the input in the target, against a baseline; in float64.

    step, output: of the target; no output for a state.
    baseline, attributions: (T, I).
    value: F(x); baseline_value: F(baseline).
    completeness_gap: Σ attributions − (F(x) − F(baseline)); 0 with infinitely many points, but for rounding.
    points: the number of points taken.
    converged: whether the gap is within the tolerance on every part of the line.
    """

    step: int
    output: int | None
    baseline: Tensor
    attributions: Tensor
    value: float
    baseline_value: float
    completeness_gap: float
    points: int
    converged: bool

    @property
    def sum(self) -> float:
        """All attributions together."""
        return float(self.attributions.sum())


@torch.no_grad()
def integrated_gradients(
    model: LSTMSimpleCell | LSTMNetwork,
    trace: Trace,
    target: OutputTarget | StateTarget,
    *,
    baseline: Tensor | None = None,
    points: int = POINTS,
    tolerance: float = TOLERANCE,
) -> IntegratedGradients:
    """Splits F(x) − F(baseline) among the features, by the gradient along the straight line between the two.

    With x the input of the first layer and x' the baseline::

        attribution = (x − x') ⊙ ∫₀¹ ∂F(x' + α(x − x'))/∂x dα

    The answer depends on the baseline, which stands for an input that says nothing. The model may never have seen
    inputs like those between the two. Where F jumps on the way, no number of points may be enough: `converged` tells.

    Source: Sundararajan, Taly & Yan, "Axiomatic Attribution for Deep Networks", 2017.

    Args:
        model: the model that ran.
        trace: of one sequence; its input and its initial state are taken.
        target: F, an output or a unit's state.
        baseline: x', (T, I), or (I) for every step the same; zeros if None.
        points: of the line, at most: 8 … 4096.
        tolerance: of the gap, as a share of |F(x) − F(x')|; what rounding makes of F is allowed in any case.

    Raises:
        InvalidInput: there is no such target, the baseline does not fit, the points are out of range, or a number could
            be beyond the model's dtype.
    """
    network = as_network(model)
    if not IN_A_PANEL <= points <= MOST_POINTS:
        raise InvalidInput(
            f"points is {points}; it must be {IN_A_PANEL} … {MOST_POINTS}",
            field="points",
            code="points_range",
            least=IN_A_PANEL,
            most=MOST_POINTS,
        )
    x = trace.fed.detach()
    read, start = _read(network, trace, target), _baseline(x, baseline)
    for end in (x, start):  # no number between the two is larger than at one of them
        check_magnitudes(network, replace(trace, fed=end))
    integral = Line(network, trace, read, x, start).integral(points, tolerance)
    output = read.number if isinstance(target, OutputTarget) else None
    return IntegratedGradients(read.reading.step, output, start.double(), *integral)


def _read(network: LSTMNetwork, trace: Trace, target: OutputTarget | StateTarget) -> ReadTarget:
    check_network(network, trace)
    if isinstance(target, OutputTarget):
        read_out, _, step, output = chosen_output(network, trace, target.step, target.output)
        return ReadTarget(Reading(network.num_layers - 1, network.directions, step), read_out, output)
    layer = trace.layers[layer_index(trace, target.layer, target.direction)]
    steps = len(layer.cell_state)
    step = last_step(steps, target.direction) if target.step is None else target.step
    check_index("step", step, steps)
    check_state(target.quantity)
    check_index("unit", target.unit, getattr(layer, target.quantity).shape[-1])
    return ReadTarget(Reading(target.layer, (target.direction,), step), None, target.unit, target.quantity)


def _baseline(x: Tensor, baseline: Tensor | None) -> Tensor:
    if baseline is None:
        return torch.zeros_like(x)
    if baseline.shape not in (x.shape, x.shape[1:]):
        raise InvalidInput(
            f"the baseline has shape {tuple(baseline.shape)}; it must be {tuple(x.shape)} or {tuple(x.shape[1:])}",
            field="baseline",
            code="baseline_shape",
            steps=x.shape[0],
            features=x.shape[1],
        )
    if not bool(torch.isfinite(baseline).all()):
        raise InvalidInput("the baseline holds NaN or infinity", field="baseline", code="not_finite_baseline")
    return baseline.detach().to(x).expand_as(x)
