"""Which past step wrote what is in the cell now?

Unrolled, the cell state is a sum over the steps that wrote into it::

    C_t = C_0 ∏_k f_k + Σ_s (i_s ⊙ C̃_s) ∏_{k>s} f_k

Source: Levy, Lee, FitzGerald & Zettlemoyer, "Long Short-Term Memory as a Dynamically Computed Element-wise Weighted
Sum", 2018. What a step writes depends on h_{t−1}, and so on the steps before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gatescope.analysis.places import as_it_ran, check_index, check_range, layer_at
from gatescope.lstm.trace import Trace


@dataclass(frozen=True)
class Writes:
    """The parts of the cell states of U units after one step; float64.

    step: t.
    steps: s, the steps computed up to t in the order they ran, (S), int64; backward they descend, from T − 1 to t.
    parts: the rest after t of what each of them wrote, (S, U).
    initial: the rest of the state before the first step, (U).
    cell_state: C_t of the run, (U).
    """

    step: int
    steps: Tensor
    parts: Tensor
    initial: Tensor
    cell_state: Tensor

    @property
    def residual(self) -> Tensor:
        """C_t less all parts, (U): the rounding of the run, or an intervention on the cell state."""
        return self.cell_state - self.initial - self.parts.sum(dim=0)

    @property
    def shares(self) -> tuple[Tensor, Tensor]:
        """The share of each part and of the initial one in the sum of all sizes, (S, U) and (U); 0 where all are 0.

        Parts of both signs may cancel to a C_t near 0; so the shares are of sizes.
        """
        parts, initial = self.parts.abs(), self.initial.abs()
        total = parts.sum(dim=0) + initial  # (U)
        total = torch.where(total == 0, 1, total)
        return parts / total, initial / total


def writes(trace: Trace, layer: int, step: int, units: Sequence[int] | None = None) -> Writes:
    """Splits the cell state after a step into the writes of the steps up to it; memory O(S·U).

    Args:
        trace: of one sequence, tensors (T, H).
        layer: an index of ``trace.layers``.
        step: t, 0 … T − 1; backward the steps from T − 1 down to t have written.
        units: the U units; all if None.

    Raises:
        InvalidInput: there is no such layer, step or unit, or the trace is of a batch.
    """
    chosen = layer_at(trace, layer)
    number, size = chosen.cell_state.shape
    check_range("step", step, 0, number - 1)
    for unit in units or ():
        check_index("unit", unit, size, field="units")
    columns = slice(None) if units is None else list(units)
    past = slice(step, None) if chosen.direction == "backward" else slice(step + 1)

    def past_of(tensor: Tensor) -> Tensor:
        return as_it_ran(chosen, tensor.detach()[past][:, columns]).to(torch.float64)  # (S, U)

    f = past_of(chosen.forget_gate)  # (S, U)
    left = torch.cat([f[1:], torch.ones_like(f[:1])]).flip(0).cumprod(0).flip(0)  # (S, U)
    parts = left * past_of(chosen.input_gate) * past_of(chosen.candidate)  # (S, U)
    start = chosen.initial_state.cell_state.detach()[columns].to(torch.float64)  # (U)
    return Writes(
        step,
        as_it_ran(chosen, torch.arange(number)[past]),
        parts,
        start * f[0] * left[0],
        chosen.cell_state.detach()[step, columns].to(torch.float64),
    )
