"""Which layer, unit and steps a question is about; the answers say no to those that are not there."""

from pydantic import Field

from gatescope.analysis.backpropagation import check_index
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction
from gatescope.lstm.trace import Trace
from gatescope.web.requests.schemas import Strict, TraceRequest


class Place(Strict):
    """A layer, in one direction."""

    layer: int = Field(0, ge=0)
    direction: Direction = "forward"


class LayerRequest(Place, TraceRequest):
    """A run, and one of its layers."""


class UnitRequest(LayerRequest):
    """A run, and one of its units."""

    unit: int = Field(0, ge=0)


def find_layer(request: Place, traced: Trace) -> int:
    """Where in the layers of a trace the one stands that a question is about.

    Raises:
        InvalidInput: there is no such layer or direction; of a question about a unit, no such unit.
    """
    check_index("layer", request.layer, 1 + max(layer.layer for layer in traced.layers))
    for index, layer in enumerate(traced.layers):
        if (layer.layer, layer.direction) == (request.layer, request.direction):
            if isinstance(request, UnitRequest):
                check_index("unit", request.unit, layer.cell_state.shape[-1])
            return index
    raise InvalidInput("the model runs forward only", field="direction", code="no_such_direction")


def refuse_interventions(request: TraceRequest) -> None:
    """What is held does not follow what was before it, which the gradients of a run would have to know.

    Raises:
        InvalidInput: something is held.
    """
    if request.interventions:
        raise InvalidInput(
            "gradients are of a run in which nothing is held", field="interventions", code="gradients_of_held"
        )
