"""The layer, direction, unit, step and state that a question is about; the only place where they are checked."""

from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.trace import Trace


def layer_index(trace: Trace, layer: int, direction: str) -> int:
    """The index in ``trace.layers`` of a layer in one direction; raises InvalidInput if there is none."""
    check_index("layer", layer, 1 + max(each.layer for each in trace.layers))
    for index, each in enumerate(trace.layers):
        if (each.layer, each.direction) == (layer, direction):
            return index
    raise InvalidInput("the model runs forward only", field="direction", code="no_such_direction")


def layer_at(trace: Trace, index: int) -> LayerTrace:
    """The layer at an index of ``trace.layers``; raises InvalidInput if there is none, or the trace is of a batch."""
    check_index("layer", index, len(trace.layers))
    check_one_sequence(trace)
    return trace.layers[index]


def cell_at(network: LSTMNetwork, trace: Trace, index: int) -> LSTMSimpleCell:
    """The cell of the layer at an index of ``trace.layers``; raises as `check_network` and `layer_at`."""
    check_network(network, trace)
    check_index("layer", index, len(trace.layers))
    return list(network.places())[index][2]


def check_network(network: LSTMNetwork, trace: Trace) -> None:
    """Raises InvalidInput where the trace is of a batch, or of a network with other layers, directions or sizes."""
    check_one_sequence(trace)
    layers = [
        (each.layer, each.direction, each.hidden_state.shape[-1], each.cell_state.shape[-1]) for each in trace.layers
    ]
    expected = [(layer, direction, cell.output_size, cell.hidden_size) for layer, direction, cell in network.places()]
    if layers != expected or trace.fed.shape[-1] != network.first_cell.input_size:
        raise InvalidInput("the trace is of another model", field="trace", code="trace_of_another_model")


def check_one_sequence(trace: Trace) -> None:
    """Raises InvalidInput where the tensors of the trace have a batch axis."""
    if trace.fed.dim() != 2:
        raise InvalidInput(
            f"the trace is of a batch of {trace.fed.shape[1]}; one sequence is needed",
            field="trace",
            code="one_sequence",
        )


def check_index(what: str, index: int, size: int, *, field: str | None = None) -> None:
    """Raises InvalidInput with the code ``no_such_…`` unless 0 ≤ index < size; −1 is no last step here."""
    if not 0 <= index < size:
        raise InvalidInput(
            f"{what} is {index}; it must be 0 … {size - 1}",
            field=field or what,
            code=f"no_such_{what}",
            actual=index,
            last=size - 1,
        )


def check_range(name: str, number: int, least: int, largest: int) -> None:
    """Raises InvalidInput under the name unless least ≤ number ≤ largest."""
    if not least <= number <= largest:
        raise InvalidInput(
            f"{name} is {number}; it must be {least} … {largest}",
            field=name,
            code="integer_range",
            minimum=least,
            maximum=largest,
        )


def check_state(quantity: str) -> None:
    """Raises InvalidInput unless it is the name of a state."""
    if quantity not in ("cell_state", "hidden_state"):
        raise InvalidInput(
            f"quantity is {quantity!r}; it must be cell_state or hidden_state",
            field="quantity",
            code="unknown_quantity",
        )


def last_step(steps: int, direction: Direction) -> int:
    """The step that a direction computes last."""
    return 0 if direction == "backward" else steps - 1


def as_it_ran(layer: LayerTrace, tensor: Tensor) -> Tensor:
    """A tensor whose first axis is time, (T, …), with the step that was computed first in front."""
    return tensor.flip(0) if layer.direction == "backward" else tensor
