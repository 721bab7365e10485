"""How the answer of two runs beside one another looks, whichever question led to the second."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from gatescope.analysis import Difference, compare_outputs, compare_quantity
from gatescope.lstm.cell import Direction
from gatescope.lstm.trace import Trace
from gatescope.web.answers.description import describe_output
from gatescope.web.answers.schemas import Matrix, Vector
from gatescope.web.requests.inputs import Prepared
from gatescope.web.requests.schemas import Quantity


class DifferenceAnswer(BaseModel):
    """The second run less the first over the N steps that both have."""

    values: Matrix = Field(description="(N, H)")
    largest: float = Field(description="The largest size of a difference.")
    step: int = Field(description="Where it is, the first of several.")
    unit: int = Field(description="Where it is; of an output, its number.")
    rms_of_steps: Vector = Field(description="The root of the mean square over the units, (N).")
    rms_of_units: Vector = Field(description="The same over the steps, (H).")


class ComparedOutput(BaseModel):
    """What the two read-outs gave."""

    kind: Literal["probability", "value"]
    names: list[str]
    first: Matrix = Field(description="(T1, O)")
    second: Matrix = Field(description="(T2, O)")
    difference: DifferenceAnswer


class ComparedAnswer(BaseModel):
    """One quantity of a layer in two runs, step t beside step t."""

    quantity: Quantity
    layer: int
    direction: Direction
    steps: list[int] = Field(description="How many each run has: [T1, T2].")
    common: int = Field(description="How many were compared, from step 0: N, the shorter one's.")
    first: Matrix = Field(description="(T1, H); with a projection (T1, P) for the hidden state, and so below.")
    second: Matrix = Field(description="(T2, H)")
    difference: DifferenceAnswer
    output: ComparedOutput | None = Field(
        description="Null unless both have a read-out of the same kind whose outputs have the same names."
    )


def compared(
    first: Trace, second: Trace, prepared: tuple[Prepared, Prepared], layer: int, quantity: Quantity
) -> dict[str, Any]:
    """The answer for one quantity of the layer at an index of both traces.

    Raises:
        InvalidInput: the layers, the directions or the sizes of the two differ.
    """
    one, other = first.layers[layer], second.layers[layer]
    difference = compare_quantity(first, second, layer, quantity)
    return {
        "quantity": quantity,
        "layer": one.layer,
        "direction": one.direction,
        "steps": [len(first.fed), len(second.fed)],
        "common": len(difference.values),
        "first": getattr(one, quantity),  # (T1, H)
        "second": getattr(other, quantity),  # (T2, H)
        "difference": vars(difference),
        "output": _outputs(first, second, prepared),
    }


def _outputs(first: Trace, second: Trace, prepared: tuple[Prepared, Prepared]) -> Mapping[str, Any] | None:
    outputs = [describe_output(run.output, of) for run, of in zip((first, second), prepared, strict=True)]
    named = [output and {"kind": output["kind"], "names": list(output["names"])} for output in outputs]
    difference: Difference | None = compare_outputs(first, second)
    if named[0] is None or named[0] != named[1] or difference is None:
        return None
    return named[0] | {"first": first.output, "second": second.output, "difference": vars(difference)}
