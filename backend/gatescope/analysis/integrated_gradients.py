"""What did each input add? Integrated gradients of an output or of a state, with how far the parts miss the whole.

Written out here rather than taken from captum: `captum.attr` (0.9) imports matplotlib as soon as it is imported, which
a server has no use for, and keeps the whole graph of all points at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gatescope.analysis.backpropagation import as_network, check_index, last_step, placed
from gatescope.analysis.connectivity import chosen_output
from gatescope.analysis.gradients import Quantity, check_quantity
from gatescope.analysis.recomputation import BatchRun, Reading
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.layer import State
from gatescope.lstm.magnitude import check_magnitudes
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.trace import Trace

POINTS = 64
MOST_POINTS = 4096
TOLERANCE = 1e-4
IN_A_PANEL = 8
NARROWEST = 1e-6  # of a panel: float32 hardly tells nearer points apart
TOGETHER = 64  # runs in a batch, of short sequences
NUMBERS = 2**19  # steps × runs × (units + features) in a batch, of long ones


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
    points: how many points of the line were taken.
    converged: whether the gap is within the tolerance on every part of the line.
    """

    attributions: Tensor
    baseline: Tensor
    value: float
    baseline_value: float
    completeness_gap: float
    points: int
    converged: bool


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
    """Splits F(x) − F(baseline) among the fed features, by the gradient along the straight line between the two.

    With x the fed features and x' the baseline::

        attribution = (x − x') ⊙ ∫₀¹ ∂F(x' + α(x − x'))/∂x dα

    The integral is Gauss and Legendre's with 8 points. Completeness holds on any stretch of the line; one on which the
    parts miss what F rises by more than its share of the tolerance is halved, while the points last. The
    answer depends on the baseline, what counts as nothing there; inputs between the two may be such as the model has
    never seen, and where F jumps on the way no number of points may do, which `converged` then tells.

    Source: Sundararajan, Taly & Yan, "Axiomatic Attribution for Deep Networks", 2017.

    Args:
        model: the model that was traced.
        trace: of one sequence; its fed features and its initial state are taken.
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
    line = _Line(network, trace, _target(network, trace, target), x, _baseline(x, baseline))
    for end in (line.x, line.start):  # no number between the two is larger than at one of them
        check_magnitudes(network, replace(trace, fed=end))
    return line.integral(points, tolerance)


class _OfRead(NamedTuple):
    """F of the states read, each (B, P) and (B, H)."""

    reading: Reading
    read_out: nn.Module | None  # None: a unit's state is the target
    place: int  # of the output or the unit
    quantity: Quantity = "hidden_state"

    def values(self, read: list[State]) -> Tensor:
        """F, (B)."""
        if self.read_out is not None:
            outputs: Tensor = self.read_out(torch.cat([state.hidden_state for state in read], -1)[None])  # (1, B, O)
            return outputs[0, :, self.place]
        state: Tensor = getattr(read[0], self.quantity)  # (B, P) or (B, H)
        return state[:, self.place]

    @torch.enable_grad()
    def gradients(self, read: list[State]) -> list[State]:
        """∂F with respect to them."""
        leaves = [State(*(tensor.detach().requires_grad_() for tensor in state)) for state in read]
        flat = [tensor for state in leaves for tensor in state]
        found = torch.autograd.grad(self.values(leaves).sum(), flat, allow_unused=True, materialize_grads=True)
        return [State(*found[place : place + 2]) for place in range(0, len(found), 2)]


class _Panel(NamedTuple):
    """A stretch of the line, 0 ≤ start < stop ≤ 1, with F at its ends."""

    start: float
    stop: float
    first: float
    last: float


@dataclass(frozen=True)
class _Line:
    """F along the straight line from a baseline to x."""

    network: LSTMNetwork
    trace: Trace
    of_read: _OfRead
    x: Tensor  # (T, I)
    start: Tensor  # (T, I)

    def integral(self, most: int, tolerance: float) -> IntegratedGradients:
        """The attributions, with at most so many points."""
        before, after = self._values([0.0, 1.0])
        rounding = 8 * torch.finfo(self.x.dtype).eps * max(1.0, abs(before), abs(after))
        allowed = max(tolerance * abs(after - before), rounding)
        total = torch.zeros(self.x.shape, dtype=torch.float64, device=self.x.device)  # (T, I)
        panels, used, converged = [_Panel(0, 1, before, after)], 0, True
        while panels:
            used += IN_A_PANEL * len(panels)
            is_last = used + 2 * IN_A_PANEL * len(panels) > most
            missed = []
            for panel, part in self._parts(panels):
                gap = float(part.sum()) - (panel.last - panel.first)
                width = panel.stop - panel.start
                within = abs(gap) <= max(allowed * max(width, 1 / 32), rounding)
                if not within and not is_last and width > NARROWEST:
                    missed.append(panel)
                    continue
                total += part
                converged &= within
            panels = self._halved(missed)
        gap = float(total.sum()) - (after - before)
        return IntegratedGradients(total, self.start.double(), after, before, gap, used, converged)

    def _parts(self, panels: list[_Panel]) -> Iterator[tuple[_Panel, Tensor]]:
        """What each panel adds, (T, I), in float64."""
        places, weights = (tensor.to(self.x.device) for tensor in gauss_legendre(IN_A_PANEL))
        together = max(1, self._together // IN_A_PANEL)  # panels in a batch; of long runs a panel takes several batches
        for first in range(0, len(panels), together):
            some = panels[first : first + together]
            points = torch.cat([panel.start + (panel.stop - panel.start) * places for panel in some])  # (N·8)
            parts = self.x.new_zeros(len(some), *self.x.shape, dtype=torch.float64)
            for place in range(0, len(points), self._together):
                gradients = self._gradients(points[place : place + self._together]).double()  # (t, B, I)
                for index, gradient in enumerate(gradients.unbind(1), place):
                    panel = some[index // IN_A_PANEL]
                    share = (panel.stop - panel.start) * float(weights[index % IN_A_PANEL])
                    parts[index // IN_A_PANEL, : len(gradient)].add_(gradient, alpha=share)
            yield from zip(some, parts * (self.x.double() - self.start), strict=True)

    def _halved(self, panels: list[_Panel]) -> list[_Panel]:
        middles = [(panel.start + panel.stop) / 2 for panel in panels]
        halves = zip(panels, middles, self._values(middles), strict=True)
        return [
            half
            for panel, middle, value in halves
            for half in (panel._replace(stop=middle, last=value), panel._replace(start=middle, first=value))
        ]

    def _values(self, points: list[float]) -> list[float]:
        """F at points of the line."""
        found: list[float] = []
        for place in range(0, len(points), self._together):
            some = torch.tensor(points[place : place + self._together], dtype=torch.float64, device=self.x.device)
            found += self.of_read.values(self._run(some).read).tolist()
        return found

    def _gradients(self, points: Tensor) -> Tensor:
        """∂F/∂x at points of the line, (t, B, I); what comes after t has none."""
        run = self._run(points)
        return run.gradient(self.of_read.gradients(run.read))

    def _run(self, points: Tensor) -> BatchRun:
        steps = len(self.x) if len(self.network.directions) > 1 else self.of_read.reading.step + 1
        x, start = self.x[:steps, None], self.start[:steps, None]  # (t, 1, I)
        alpha = points[:, None].to(x.dtype)  # (B, 1)
        fed = (1 - alpha) * start + alpha * x  # (t, B, I); x − start could be beyond float32 where neither is
        states = [State(*(tensor.detach() for tensor in kept.initial_state)) for kept in self.trace.layers]
        return BatchRun(self.network, fed, states, self.of_read.reading)

    @property
    def _together(self) -> int:
        """How many runs are one batch."""
        cell = self.network.first_cell
        numbers = len(self.x) * (cell.hidden_size + cell.input_size)
        return min(TOGETHER, max(1, round(NUMBERS / numbers)))


def gauss_legendre(points: int) -> tuple[Tensor, Tensor]:
    """Where in [0, 1], and with what weights, (N) each; exact for polynomials up to the degree 2N − 1.

    By the eigenvalues of the Legendre polynomials' recurrence (Golub & Welsch 1969).
    """
    n = torch.arange(1, points, dtype=torch.float64)
    beside = n / (4 * n**2 - 1).sqrt()  # (N − 1)
    values, vectors = torch.linalg.eigh(torch.diag(beside, 1) + torch.diag(beside, -1))
    return (values + 1) / 2, vectors[0] ** 2


def _target(network: LSTMNetwork, trace: Trace, target: OutputTarget | StateTarget) -> _OfRead:
    if isinstance(target, OutputTarget):
        placed(network, trace, 0, "forward")
        read_out, step, output = chosen_output(network, trace, target.step, target.output)
        return _OfRead(Reading(network.num_layers - 1, network.directions, step), read_out, output)
    _, kept = placed(network, trace, target.layer, target.direction)
    steps = len(kept.cell_state)
    step = last_step(steps, target.direction) if target.step is None else target.step
    check_index("step", step, steps)
    check_quantity(target.quantity)
    check_index("unit", target.unit, getattr(kept, target.quantity).shape[-1])
    return _OfRead(Reading(target.layer, (target.direction,), step), None, target.unit, target.quantity)


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
