"""The integral of a gradient along the straight line from a baseline to an input.

It begins with Gauss and Legendre's rule with 8 points on the whole line. A stretch is halved where the sum of its parts
misses the rise of F by more than its share of the tolerance, while there are points left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.analysis.recomputation import BatchRun, ReadTarget
from gatescope.lstm.layer import State
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.trace import Trace

IN_A_PANEL = 8
NARROWEST = 1e-6  # of a panel: float32 hardly tells nearer points apart
TOGETHER = 64  # runs in a batch, of short sequences
NUMBERS = 2**19  # steps × runs × (units + features) in a batch, of long ones


class Integral(NamedTuple):
    """The attributions (x − baseline) ⊙ ∫ ∂F/∂x, (T, I), and the gap between their sum and the rise of F."""

    attributions: Tensor
    value: float  # F at x
    baseline_value: float
    completeness_gap: float
    points: int
    converged: bool


class Panel(NamedTuple):
    """A stretch of the line, 0 ≤ start < stop ≤ 1, with F at its ends."""

    start: float
    stop: float
    first: float
    last: float


@dataclass(frozen=True)
class Line:
    """A target F along the straight line from a baseline to x."""

    network: LSTMNetwork
    trace: Trace
    target: ReadTarget
    x: Tensor  # (T, I)
    start: Tensor  # the baseline, (T, I)

    def integral(self, most: int, tolerance: float) -> Integral:
        """The gradients along the line, with at most so many points."""
        before, after = self._values([0.0, 1.0])
        rounding = 8 * torch.finfo(self.x.dtype).eps * max(1.0, abs(before), abs(after))
        allowed = max(tolerance * abs(after - before), rounding)
        total = torch.zeros(self.x.shape, dtype=torch.float64, device=self.x.device)  # (T, I)
        panels = [Panel(0, 1, before, after)]
        used, converged = 0, True
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
        return Integral(total, after, before, gap, used, converged)

    def _parts(self, panels: list[Panel]) -> Iterator[tuple[Panel, Tensor]]:
        """The part of each panel, (T, I), in float64."""
        nodes, weights = (tensor.to(self.x.device) for tensor in gauss_legendre(IN_A_PANEL))
        together = max(1, self._together // IN_A_PANEL)  # panels in a batch; of long runs a panel takes several batches
        for first in range(0, len(panels), together):
            batch = panels[first : first + together]
            points = torch.cat([panel.start + (panel.stop - panel.start) * nodes for panel in batch])  # (N·8)
            parts = self.x.new_zeros(len(batch), *self.x.shape, dtype=torch.float64)
            for point in range(0, len(points), self._together):
                gradients = self._gradients(points[point : point + self._together]).double()  # (t, B, I)
                for index, gradient in enumerate(gradients.unbind(1), point):
                    panel = batch[index // IN_A_PANEL]
                    share = (panel.stop - panel.start) * float(weights[index % IN_A_PANEL])
                    parts[index // IN_A_PANEL, : len(gradient)].add_(gradient, alpha=share)
            yield from zip(batch, parts * (self.x.double() - self.start), strict=True)

    def _halved(self, panels: list[Panel]) -> list[Panel]:
        middles = [(panel.start + panel.stop) / 2 for panel in panels]
        halves = zip(panels, middles, self._values(middles), strict=True)
        return [
            half
            for panel, middle, value in halves
            for half in (panel._replace(stop=middle, last=value), panel._replace(start=middle, first=value))
        ]

    def _values(self, points: list[float]) -> list[float]:
        """The target at points of the line."""
        values: list[float] = []
        for first in range(0, len(points), self._together):
            batch = torch.tensor(points[first : first + self._together], dtype=torch.float64, device=self.x.device)
            values += self.target.values(self._run(batch).read).tolist()
        return values

    def _gradients(self, points: Tensor) -> Tensor:
        """∂F/∂x at points of the line, (t, B, I); 0 after t."""
        run = self._run(points)
        return run.gradient(self.target.gradients(run.read))

    def _run(self, points: Tensor) -> BatchRun:
        steps = len(self.x) if len(self.network.directions) > 1 else self.target.reading.step + 1
        x, start = self.x[:steps, None], self.start[:steps, None]  # (t, 1, I)
        alpha = points[:, None].to(x.dtype)  # (B, 1)
        fed = (1 - alpha) * start + alpha * x  # (t, B, I); x − start could be beyond float32 where neither is
        states = [State(*(tensor.detach() for tensor in layer.initial_state)) for layer in self.trace.layers]
        return BatchRun(self.network, fed, states, self.target.reading)

    @property
    def _together(self) -> int:
        """The number of runs in a batch."""
        cell = self.network.first_cell
        numbers = len(self.x) * (cell.hidden_size + cell.input_size)
        return min(TOGETHER, max(1, round(NUMBERS / numbers)))


def gauss_legendre(points: int) -> tuple[Tensor, Tensor]:
    """The nodes in [0, 1] and their weights, (N) each; exact for polynomials up to the degree 2N − 1.

    Source: the eigenvalues of the recurrence of Legendre's polynomials, Golub & Welsch 1969.
    """
    n = torch.arange(1, points, dtype=torch.float64)
    beside = n / (4 * n**2 - 1).sqrt()  # (N − 1)
    values, vectors = torch.linalg.eigh(torch.diag(beside, 1) + torch.diag(beside, -1))
    return (values + 1) / 2, vectors[0] ** 2
