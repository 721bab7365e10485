"""Changes of a model: another forget bias, or an edited weight. The model itself stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.intervention import check_value
from gatescope.lstm.network import LSTMNetwork, as_network, cells_of
from gatescope.lstm.packing import PACKED_GATES, from_state_dict, suffix, to_state_dict
from gatescope.lstm.places import Mistake, Place, check_number, check_place, check_units

TENSORS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
Model = TypeVar("Model", LSTMSimpleCell, LSTMNetwork, LSTMSimpleCell | LSTMNetwork)


@dataclass(frozen=True)
class ForgetBiasChange:
    """The forget gate's bias b_f, which is the sum of torch's two, set to a value.

    units: counted from 0; None for all.
    """

    value: float
    layer: int = 0
    direction: Direction = "forward"
    units: tuple[int, ...] | None = None


@dataclass(frozen=True)
class WeightChange:
    """One number of one tensor set to a value, under the names and in the gate order of `torch.nn.LSTM`.

    The model keeps the sum of torch's two biases, and `to_state_dict` writes it as the first: setting ``bias_ih`` sets
    the sum, and what ``bias_hh`` is set to comes on top of it.

    name: such as ``weight_hh_l0`` or ``bias_ih_l1_reverse``.
    row, column: counted from 0; a bias has no column.
    """

    name: str
    row: int
    value: float
    column: int | None = None


Change = ForgetBiasChange | WeightChange


def with_changes(model: Model, changes: Sequence[Change]) -> Model:
    """A model with changed numbers; it shares everything else with the model that is given.

    It computes what a `torch.nn.LSTM` computes after the same changes of its state dict.

    Args:
        model: a cell or a network; it stays as it is.
        changes: made one after the other.

    Raises:
        InvalidInput: a change names no tensor, place, unit, row or column of the model, or a value that its dtype
            cannot hold; the field says which, such as ``changes.1.row``.
    """
    network = as_network(model)
    cells = cells_of(network)
    packed: dict[Place, dict[str, Tensor]] = {}
    for number, change in enumerate(changes):
        mistake = partial(_mistake, number)
        place = _place(change, cells, mistake)
        if place not in packed:
            packed[place] = to_state_dict(cells[place], suffix(*place))
        check_value(change.value, cells[place].W_f.weight.dtype, mistake)
        if isinstance(change, ForgetBiasChange):
            _set_forget_bias(change, packed[place], mistake)
        else:
            _set_number(change, packed[place], mistake)
    changed = cells | {place: _repacked(cells[place], tensors, place) for place, tensors in packed.items()}
    return changed[0, "forward"] if isinstance(model, LSTMSimpleCell) else network.with_cells(list(changed.values()))


def _place(change: Change, cells: Mapping[Place, LSTMSimpleCell], mistake: Mistake) -> Place:
    if isinstance(change, WeightChange):
        known = {f"{tensor}{suffix(*place)}": place for place in cells for tensor in TENSORS}
        if change.name not in known:
            raise mistake("name", "no_such_tensor", f"is {change.name[:80]!r}, which is no tensor of this LSTM")
        return known[change.name]
    check_place(change.layer, change.direction, cells, mistake)
    return change.layer, change.direction


def _set_forget_bias(change: ForgetBiasChange, packed: Mapping[str, Tensor], mistake: Mistake) -> None:
    biases = [tensor.chunk(4)[PACKED_GATES.index("W_f")] for name, tensor in packed.items() if name.startswith("bias")]
    if not biases:
        raise mistake("type", "no_bias", "must be another one: the model has no biases")
    check_units(change.units, len(biases[0]), mistake)
    units = slice(None) if change.units is None else list(change.units)
    for bias, value in zip(biases, (change.value, 0.0), strict=True):
        bias[units] = value


def _set_number(change: WeightChange, packed: Mapping[str, Tensor], mistake: Mistake) -> None:
    if change.name not in packed:
        raise mistake("name", "no_such_tensor", f"is {change.name[:80]!r}, which is no tensor of this LSTM")
    tensor = packed[change.name]  # (4H, I), (4H, P), (P, H) or (4H)
    check_number("row", "no_such_row", change.row, len(tensor), mistake)
    if tensor.dim() == 1:
        if change.column is not None:
            raise mistake("column", "bias_column", "must be left out: a bias has rows only")
        tensor[change.row] = change.value
        return
    last = tensor.shape[1] - 1
    if change.column is None:
        raise mistake("column", "column_missing", f"is missing; it must lie in 0 … {last}", last=last)
    if not 0 <= change.column <= last:
        raise mistake("column", "no_such_column", f"must lie in 0 … {last}", column=change.column, last=last)
    tensor[change.row, change.column] = change.value


def _repacked(cell: LSTMSimpleCell, tensors: Mapping[str, Tensor], place: Place) -> LSTMSimpleCell:
    return from_state_dict(tensors, suffix(*place)).requires_grad_(cell.W_f.weight.requires_grad)


def _mistake(number: int, field: str, code: str, rule: str, **context: int) -> InvalidInput:
    return InvalidInput(f"{field} of change {number} {rule}", field=f"changes.{number}.{field}", code=code, **context)
