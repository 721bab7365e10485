"""Requests that ask about one layer, or about one of its units."""

from pydantic import Field

from gatescope.analysis.places import check_index, layer_index
from gatescope.lstm.cell import Direction
from gatescope.lstm.trace import Trace
from gatescope.web.requests.fields import Strict
from gatescope.web.requests.schemas import TraceRequest


class PlaceRequest(Strict):
    """A layer, in one direction."""

    layer: int = Field(0, ge=0)
    direction: Direction = "forward"


class LayerRequest(PlaceRequest, TraceRequest):
    """A run, and one of its layers."""


class UnitRequest(LayerRequest):
    """A run, and one of its units."""

    unit: int = Field(0, ge=0)


def find_layer(request: PlaceRequest, trace: Trace) -> int:
    """The index in ``trace.layers`` of the layer of a request; raises InvalidInput if it, or the unit, is not there."""
    index = layer_index(trace, request.layer, request.direction)
    if isinstance(request, UnitRequest):
        check_index("unit", request.unit, trace.layers[index].cell_state.shape[-1])
    return index
