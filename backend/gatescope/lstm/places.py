"""The layer, the direction and the units that an intervention or a change names, looked up among the cells."""

from collections.abc import Callable, Mapping, Sequence

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell

Place = tuple[int, Direction]
Mistake = Callable[..., InvalidInput]  # of a field, a code, what the field must be, and the numbers in that text


def check_place(layer: int, direction: Direction, cells: Mapping[Place, LSTMSimpleCell], mistake: Mistake) -> None:
    """Raises what ``mistake`` makes unless there is such a layer and direction."""
    last = max(layer for layer, _ in cells)
    if not 0 <= layer <= last:
        raise mistake("layer", "no_such_layer", f"must be 0 … {last}", actual=layer, last=last)
    if (layer, direction) not in cells:
        directions = sorted({direction for _, direction in cells})
        raise mistake("direction", "no_such_direction", f"must be one of {', '.join(directions)}")


def check_units(units: Sequence[int] | None, size: int, mistake: Mistake) -> None:
    """Raises what ``mistake`` makes unless there are all these units."""
    for unit in units or ():
        check_number("units", "no_such_unit", unit, size, mistake)


def check_number(field: str, code: str, number: int, size: int, mistake: Mistake) -> None:
    """Raises what ``mistake`` makes unless 0 ≤ number < size."""
    if not 0 <= number < size:
        raise mistake(field, code, f"must lie in 0 … {size - 1}", actual=number, last=size - 1)
