"""How do two runs differ? Step beside step, for two sequences, two models, two seeds, or before and after.

It tells where the numbers part, not why. Unit 3 of one trained model has nothing to do with unit 3 of another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from gatescope.analysis.places import check_one_sequence, layer_at
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, Step
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.trace import Trace


@dataclass(frozen=True)
class Difference:
    """The second run less the first over the N steps that both have.

    values: (N, H).
    largest: the largest size of a difference, at ``step`` and ``unit``, the first of several.
    rms_of_steps: the root of the mean square over the units, (N), float64.
    rms_of_units: the same over the steps, (H), float64.
    """

    values: Tensor
    largest: float
    step: int
    unit: int
    rms_of_steps: Tensor
    rms_of_units: Tensor


@dataclass(frozen=True)
class LayerComparison:
    """One layer and direction: the difference of each of the six quantities, by name."""

    layer: int
    direction: Direction
    differences: Mapping[str, Difference]


@dataclass(frozen=True)
class Comparison:
    """Two runs beside one another.

    steps: the number of steps of each.
    common: the number of steps compared, from step 0: that of the shorter one.
    layers: one entry for each layer and direction, in the order of the traces.
    output: the difference of the outputs; None unless both have a read-out, of the same width.
    """

    steps: tuple[int, int]
    common: int
    layers: tuple[LayerComparison, ...]
    output: Difference | None


def compare(first: Trace, second: Trace) -> Comparison:
    """The second run less the first, step t beside step t.

    A backward layer begins at the end: where the lengths differ, it reads other steps before the common ones.

    Args:
        first: of one sequence, tensors (T, H).
        second: of one sequence, with the same layers, directions and hidden sizes; T may differ.

    Raises:
        InvalidInput: the layers, the directions or the sizes differ, or a trace is of a batch.
    """
    check_comparable(first, second)
    steps = (len(first.fed), len(second.fed))
    layers = tuple(_compare_layers(one, other) for one, other in zip(first.layers, second.layers, strict=True))
    return Comparison(steps, min(steps), layers, compare_outputs(first, second))


def compare_quantity(first: Trace, second: Trace, layer: int, quantity: str) -> Difference:
    """The second run less the first, as `compare`, for one of the six tensors of the layer at an index of both traces.

    Raises:
        InvalidInput: as `compare`; or there is no such layer or quantity.
    """
    check_comparable(first, second)
    if quantity not in Step._fields:
        raise InvalidInput(
            f"quantity is {quantity}; it must be one of {', '.join(Step._fields)}",
            field="quantity",
            code="no_such_quantity",
        )
    one, other = layer_at(first, layer), layer_at(second, layer)
    return _difference(getattr(one, quantity), getattr(other, quantity))


def compare_outputs(first: Trace, second: Trace) -> Difference | None:
    """The output of the second run less that of the first; None unless both have one, of the same width."""
    if first.output is None or second.output is None or first.output.shape[1:] != second.output.shape[1:]:
        return None
    return _difference(first.output, second.output)


def check_comparable(first: Trace, second: Trace) -> None:
    """Raises InvalidInput where the layers, the directions or the sizes differ, or a trace is of a batch."""
    check_one_sequence(first)
    check_one_sequence(second)
    _check_layers(first, second)
    for one, other in zip(first.layers, second.layers, strict=True):
        _check_sizes(one, other)


def _compare_layers(first: LayerTrace, second: LayerTrace) -> LayerComparison:
    differences = {name: _difference(getattr(first, name), getattr(second, name)) for name in Step._fields}
    return LayerComparison(first.layer, first.direction, differences)


def _difference(first: Tensor, second: Tensor) -> Difference:
    common = min(len(first), len(second))
    values = second.detach()[:common] - first.detach()[:common]  # (N, H)
    sizes = values.to(torch.float64, copy=True).abs_()  # (N, H)
    step, unit = divmod(int(sizes.argmax()), values.shape[1])
    largest = float(sizes[step, unit])
    squares = sizes.square_()  # (N, H); in place, so that no third copy is made
    return Difference(
        values,
        largest,
        step,
        unit,
        squares.mean(dim=1).sqrt(),
        squares.mean(dim=0).sqrt(),
    )


def _check_layers(first: Trace, second: Trace) -> None:
    layers = [[(layer.layer, layer.direction) for layer in trace.layers] for trace in (first, second)]
    if layers[0] == layers[1]:
        return
    names = [_described(trace) for trace in (first, second)]
    raise InvalidInput(
        f"the first run has {names[0]} layers and directions, the second {names[1]}; they must be the same",
        field="second",
        code="different_layers",
        first=names[0],
        second=names[1],
    )


def _check_sizes(first: LayerTrace, second: LayerTrace) -> None:
    for name in ("cell_state", "hidden_state"):
        sizes = [getattr(layer, name).shape[-1] for layer in (first, second)]
        if sizes[0] != sizes[1]:
            raise InvalidInput(
                f"the {name} of layer {first.layer} has {sizes[0]} units in the first run and {sizes[1]} in the "
                "second; they must be the same",
                field="second",
                code="different_sizes",
                layer=first.layer,
                first=sizes[0],
                second=sizes[1],
            )


def _described(trace: Trace) -> str:
    """The number of layers and directions, such as 2 × 1."""
    directions = len({layer.direction for layer in trace.layers})
    return f"{len(trace.layers) // directions} × {directions}"
