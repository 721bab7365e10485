"""Which layer, unit and step a question is about, and in which order a layer ran through the steps."""

from torch import Tensor

from gatescope.errors import InvalidInput
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.trace import Trace


def chosen_layer(trace: Trace, layer: int) -> LayerTrace:
    """The layer and direction at an index of ``trace.layers``, of a trace of one sequence.

    Raises:
        InvalidInput: there is no such layer, or the trace is of a batch.
    """
    check_range("layer", layer, 0, len(trace.layers) - 1)
    check_one_sequence(trace)
    return trace.layers[layer]


def check_one_sequence(trace: Trace) -> None:
    """Raises InvalidInput where the tensors of the trace have a batch axis."""
    if trace.layers[0].cell_state.dim() != 2:
        raise InvalidInput("the trace is of a batch; this is asked of one sequence", code="one_sequence")


def check_range(name: str, number: int, least: int, largest: int) -> None:
    """Raises InvalidInput under the name unless least ≤ number ≤ largest; −1 is no last step here."""
    if not least <= number <= largest:
        raise InvalidInput(
            f"{name} is {number}; it must be {least} … {largest}",
            field=name,
            code="integer_range",
            minimum=least,
            maximum=largest,
        )


def as_it_ran(layer: LayerTrace, tensor: Tensor) -> Tensor:
    """A tensor whose first axis is time, (T, …), with the step that was computed first in front."""
    return tensor.flip(0) if layer.direction == "backward" else tensor
