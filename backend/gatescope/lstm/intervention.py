"""Interventions: a gate held at a value, or a silenced unit, for some steps of a run."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, Hold, LSTMSimpleCell, Step, as_computed
from gatescope.lstm.places import Mistake, Place, check_number, check_place, check_units


@dataclass(frozen=True)
class Intervention:
    """One of a step's six quantities held at a value while the network runs; all that follows from it follows.

    A gate held at 1 is open and at 0 closed; a cell state or a hidden state held at 0 silences a unit.

    quantity: one of `Step`'s tensors; with a projection a unit of the hidden state is a projected one.
    units: counted from 0; None for all.
    first, last: the steps, both included; None for the last step of the sequence.
    """

    quantity: str
    value: float
    layer: int = 0
    direction: Direction = "forward"
    units: tuple[int, ...] | None = None
    first: int = 0
    last: int | None = None

    def covers(self, time: int) -> bool:
        """Tells whether a step is one of its own."""
        return self.first <= time and (self.last is None or time <= self.last)

    def stretches_of_units(self, size: int) -> Iterator[tuple[int, int]]:
        """Its units as stretches without a gap, each from the first to the one after the last."""
        if self.units is None:
            yield 0, size
            return
        for _, group in itertools.groupby(enumerate(sorted(set(self.units))), lambda pair: pair[1] - pair[0]):
            stretch = [unit for _, unit in group]
            yield stretch[0], stretch[-1] + 1


def holding(interventions: Sequence[Intervention], time: int) -> Hold:
    """The interventions at a step as a function of each of its tensors, (B, H) or (H); later ones win."""
    present = [intervention for intervention in interventions if intervention.covers(time)]

    def hold(quantity: str, tensor: Tensor) -> Tensor:
        for intervention in present:
            if intervention.quantity == quantity:
                mask = torch.zeros(tensor.shape[-1], dtype=torch.bool, device=tensor.device)
                mask[slice(None) if intervention.units is None else list(intervention.units)] = True
                tensor = torch.where(mask, tensor.new_tensor(intervention.value), tensor)
        return tensor

    return hold if present else as_computed


def check_interventions(
    interventions: Sequence[Intervention], cells: Mapping[Place, LSTMSimpleCell], steps: int
) -> None:
    """Checks that each names a quantity, a layer, units and steps that are there.

    Args:
        interventions: those of a run.
        cells: those of the network by layer and direction.
        steps: T.

    Raises:
        InvalidInput: one does not; the field says which, such as ``interventions.0.units``.
    """
    for number, held in enumerate(interventions):
        mistake = partial(_mistake, number)
        if held.quantity not in Step._fields:
            raise mistake("quantity", "no_such_quantity", f"must be one of {', '.join(Step._fields)}")
        dtype = next(iter(cells.values())).W_f.weight.dtype
        check_value(held.value, dtype, mistake)
        check_place(held.layer, held.direction, cells, mistake)
        cell = cells[held.layer, held.direction]
        check_units(held.units, cell.output_size if held.quantity == "hidden_state" else cell.hidden_size, mistake)
        _check_steps(held, steps, mistake)


def check_value(value: float, dtype: torch.dtype, mistake: Mistake) -> None:
    """Raises what ``mistake`` makes unless the value is a finite number of this dtype."""
    if not (math.isfinite(value) and abs(value) <= torch.finfo(dtype).max):
        raise mistake("value", "not_finite_value", f"must be a finite {str(dtype).removeprefix('torch.')} number")


def _check_steps(held: Intervention, steps: int, mistake: Mistake) -> None:
    check_number("first", "no_such_step", held.first, steps, mistake)
    if held.last is not None:
        check_number("last", "no_such_step", held.last, steps, mistake)
    if held.last is not None and held.last < held.first:
        raise mistake("last", "steps_turned", "must not lie before the first step")


def _mistake(number: int, field: str, code: str, rule: str, **context: int) -> InvalidInput:
    return InvalidInput(
        f"{field} of intervention {number} {rule}", field=f"interventions.{number}.{field}", code=code, **context
    )
