"""What did each input add? Integrated gradients of an output or of a state, with how far the parts miss the whole.

Written out here rather than taken from captum: `captum.attr` (0.9) imports matplotlib as soon as it is imported, which
a server has no use for, and would run the plain loop with a graph where the compiled one and `backpropagate` serve.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.analysis.backpropagation import as_network, backpropagate, check_index, down_to_fed, last_step, placed
from gatescope.analysis.connectivity import chosen_output, read_out_gradient
from gatescope.analysis.gradients import Quantity, seed_of
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork, joined
from gatescope.lstm.trace import Trace

POINTS = 32
MOST_POINTS = 512
TOGETHER = 4  # runs in one batch: more of them take more memory and hardly less time


Layers = tuple[LayerTrace, ...]


class Function(NamedTuple):
    """F as a function of the layers' traces of a batch: its values (B), and ∂F/∂x of the fed features (T, B, I)."""

    values: Callable[[Layers], Tensor]
    gradient: Callable[[Layers], Tensor]


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
    """What each fed feature added to the target, against a baseline; in float64.

    attributions: (T, I).
    baseline: (T, I).
    value: F(x); baseline_value: F(baseline).
    completeness_gap: Σ attributions − (F(x) − F(baseline)); 0 but for the points of the integral being finitely many
        and for rounding.
    """

    attributions: Tensor
    baseline: Tensor
    value: float
    baseline_value: float
    completeness_gap: float


@torch.no_grad()
def integrated_gradients(
    model: LSTMSimpleCell | LSTMNetwork,
    trace: Trace,
    target: OutputTarget | StateTarget,
    *,
    baseline: Tensor | None = None,
    points: int = POINTS,
) -> IntegratedGradients:
    """Splits F(x) − F(baseline) among the fed features, by the gradient along the straight line between the two.

    With x the fed features and x' the baseline::

        attribution = (x − x') ⊙ ∫₀¹ ∂F(x' + α(x − x'))/∂x dα

    The integral is Gauss and Legendre's. The answer depends on the baseline, what counts as nothing there; inputs
    between the two may be such as the model has never seen.

    Source: Sundararajan, Taly & Yan, "Axiomatic Attribution for Deep Networks", 2017.

    Args:
        model: the model that was traced.
        trace: of one sequence; its fed features and its initial state are taken.
        target: F, an output or a unit's state.
        baseline: x', (T, I), or (I) for every step the same; zeros if None.
        points: how many points of the line, 1 … 512.

    Raises:
        InvalidInput: there is no such target, the baseline does not fit, or the points are out of range.
    """
    network = as_network(model)
    values, gradient = (
        _of_output(network, trace, target) if isinstance(target, OutputTarget) else _of_state(network, trace, target)
    )
    x = trace.fed.detach()
    start = _baseline(x, baseline)
    if not 1 <= points <= MOST_POINTS:
        raise InvalidInput(
            f"points is {points}; it must be 1 … {MOST_POINTS}", field="points", code="points_range", most=MOST_POINTS
        )
    places, weights = (tensor.to(x.device) for tensor in gauss_legendre(points))
    total = torch.zeros(x.shape, dtype=torch.float64, device=x.device)  # (T, I)
    for first in range(0, points, TOGETHER):
        some = slice(first, first + TOGETHER)
        line = start.unsqueeze(1) + places[some, None].to(x.dtype) * (x - start).unsqueeze(1)  # (T, B, I)
        total += torch.einsum("tbi,b->ti", gradient(_run(network, trace, line)), weights[some])
    attributions = (x - start).double() * total
    value, baseline_value = values(_run(network, trace, torch.stack([x, start], 1))).tolist()
    gap = float(attributions.sum()) - (value - baseline_value)
    return IntegratedGradients(attributions, start.double(), value, baseline_value, gap)


def gauss_legendre(points: int) -> tuple[Tensor, Tensor]:
    """Where in [0, 1], and with what weights, (N) each; exact for polynomials up to the degree 2N − 1.

    By the eigenvalues of the Legendre polynomials' recurrence (Golub & Welsch 1969).
    """
    n = torch.arange(1, points, dtype=torch.float64)
    beside = n / (4 * n**2 - 1).sqrt()  # (N − 1)
    values, vectors = torch.linalg.eigh(torch.diag(beside, 1) + torch.diag(beside, -1))
    return (values + 1) / 2, vectors[0] ** 2


def _of_output(network: LSTMNetwork, trace: Trace, target: OutputTarget) -> Function:
    placed(network, trace, 0, "forward")
    read_out, step, output = chosen_output(network, trace, target.step, target.output)

    def last(layers: Layers) -> Tensor:
        return joined(layers[-len(network.directions) :])  # (T, B, D·P)

    def values(layers: Layers) -> Tensor:
        outputs: Tensor = read_out(last(layers))  # (T, B, O)
        return outputs[step, :, output].double()

    def gradient(layers: Layers) -> Tensor:
        return down_to_fed(network, layers, read_out_gradient(read_out, last(layers), step, output))

    return Function(values, gradient)


def _of_state(network: LSTMNetwork, trace: Trace, target: StateTarget) -> Function:
    cell, kept = placed(network, trace, target.layer, target.direction)
    steps, below = len(kept.cell_state), target.layer * len(network.directions)
    step = last_step(steps, target.direction) if target.step is None else target.step
    check_index("step", step, steps)
    seed = seed_of(kept, target.unit, target.quantity, step)  # (H) or (P)
    place = below + network.directions.index(target.direction)

    def values(layers: Layers) -> Tensor:
        states: Tensor = getattr(layers[place], target.quantity)  # (T, B, H)
        return states[step, :, target.unit].double()

    def gradient(layers: Layers) -> Tensor:
        spread = seed.expand(layers[place].forget_gate.shape[1], -1)  # (B, H)
        found = backpropagate(cell, layers[place], **{target.quantity: spread}, end=step)
        return down_to_fed(network, layers[:below], found.inputs)

    return Function(values, gradient)


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


def _run(network: LSTMNetwork, trace: Trace, fed: Tensor) -> Layers:
    """The layers over a batch of fed features (T, B, I), each from the initial state of the trace."""
    hidden_states, cell_states = zip(*(kept.initial_state for kept in trace.layers), strict=True)
    state = (torch.stack(hidden_states).detach(), torch.stack(cell_states).detach())  # (L·D, P), (L·D, H)
    return network.layers(fed.transpose(0, 1) if network.batch_first else fed, state)
