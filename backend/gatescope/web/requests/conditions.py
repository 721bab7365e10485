"""The conditions of a run: the state that it starts from, its interventions, and the changes of its model."""

from typing import Any

import torch
from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.change import Change, ForgetBiasChange, WeightChange
from gatescope.lstm.intervention import Intervention
from gatescope.lstm.network import LSTMNetwork
from gatescope.web.requests import schemas
from gatescope.web.requests.mistakes import below

LARGEST = torch.finfo(torch.float32).max


def read_initial_state(state: schemas.InitialStateRequest | None, network: LSTMNetwork) -> tuple[Tensor, Tensor] | None:
    """The state before the first step, (h, C), each (L·D, H); raises InvalidInput if it does not fit the network."""
    if state is None:
        return None
    cell, rows = network.first_cell, len(network.cells)
    with below("initial_state"):
        hidden = _states(state.hidden_state, "hidden_state", rows, cell.output_size)
        return hidden, _states(state.cell_state, "cell_state", rows, cell.hidden_size)


def read_interventions(given: list[schemas.InterventionRequest]) -> list[Intervention]:
    """The interventions of a request."""
    return [Intervention(**(each.model_dump() | {"units": _units(each.units)})) for each in given]


def read_changes(given: list[schemas.ChangeRequest]) -> list[Change]:
    """The changes of a request."""
    return [_change(each) for each in given]


def refuse_interventions(request: schemas.TraceRequest) -> None:
    """Raises InvalidInput if there is an intervention: at a quantity that it holds, a gradient would end."""
    if request.interventions:
        raise InvalidInput(
            "gradients are of a run in which nothing is held", field="interventions", code="gradients_of_held"
        )


def _change(given: schemas.ChangeRequest) -> Change:
    if isinstance(given, schemas.WeightChangeRequest):
        return WeightChange(given.name, given.row, given.value, given.column)
    return ForgetBiasChange(given.value, given.layer, given.direction, _units(given.units))


def _units(given: list[int] | None) -> tuple[int, ...] | None:
    return None if given is None else tuple(given)


def _states(values: list[Any], field: str, rows: int, size: int) -> Tensor:
    """One row for each layer and direction, (L·D, H); where there is only one, the numbers of it alone will do."""
    if not (values and isinstance(values[0], list)):
        if rows == 1:
            return _vector(values, field, size)[None]
        message = f"{field} is one row of numbers; the model needs {rows}, one for each layer and direction"
        raise InvalidInput(message, field=field, code="initial_state_of_many", expected=rows)
    if len(values) != rows:
        message = f"{field} has {len(values):,} rows; the model needs {rows}, one for each layer and direction"
        raise InvalidInput(message, field=field, code="initial_state_of_many", expected=rows)
    return torch.stack([_vector(row, f"{field}.{index}", size) for index, row in enumerate(values)])  # (L·D, H)


def _vector(values: list[float], field: str, size: int) -> Tensor:
    if len(values) != size:
        message = f"{field} has {len(values):,} values; the model has {size:,} units"
        raise InvalidInput(message, field=field, code="wrong_size", actual=len(values), expected=size)
    for place, value in enumerate(values):
        if abs(value) > LARGEST:
            message = f"the value at {place} is beyond the largest float32 number, {LARGEST:.3g}"
            raise InvalidInput(message, field=f"{field}.{place}", code="not_finite", place=place)
    return torch.tensor(values, dtype=torch.float32)  # (H)
