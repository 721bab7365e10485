"""The answer about two runs beside one another, whichever question led to the second."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from gatescope.analysis import compare_outputs, compare_quantity
from gatescope.lstm.cell import Direction
from gatescope.web.answers.description import describe_output
from gatescope.web.answers.schemas import Matrix, Vector
from gatescope.web.requests.fields import Quantity
from gatescope.web.run import Run


class DifferenceAnswer(BaseModel):
    """The second run less the first over the N steps that both have."""

    values: Matrix = Field(description="(N, H)")
    largest: float = Field(description="The largest size of a difference.")
    step: int = Field(description="Where it is, the first of several.")
    unit: int = Field(description="Where it is; of an output, its number.")
    rms_of_steps: Vector = Field(description="The root of the mean square over the units, (N).")
    rms_of_units: Vector = Field(description="The same over the steps, (H).")


class TwoOutputsAnswer(BaseModel):
    """What the two read-outs gave."""

    kind: Literal["probability", "value"]
    names: list[str]
    first: Matrix = Field(description="(T1, O)")
    second: Matrix = Field(description="(T2, O)")
    difference: DifferenceAnswer


class TwoRunsAnswer(BaseModel):
    """One quantity of a layer in two runs, step t beside step t."""

    quantity: Quantity
    layer: int
    direction: Direction
    steps: list[int] = Field(description="How many each run has: [T1, T2].")
    common: int = Field(description="How many were compared, from step 0: N, the shorter one's.")
    first: Matrix = Field(description="(T1, H); with a projection (T1, P) for the hidden state, and so below.")
    second: Matrix = Field(description="(T2, H)")
    difference: DifferenceAnswer
    output: TwoOutputsAnswer | None = Field(
        description="Null unless both have a read-out of the same kind whose outputs have the same names."
    )


def describe_two_runs(first: Run, second: Run, layer: int, quantity: Quantity) -> dict[str, Any]:
    """The answer for one quantity of the layer at an index of both traces; raises as `compare_quantity`."""
    one, other = first.trace.layers[layer], second.trace.layers[layer]
    difference = compare_quantity(first.trace, second.trace, layer, quantity)
    return {
        "quantity": quantity,
        "layer": one.layer,
        "direction": one.direction,
        "steps": [len(first.trace.fed), len(second.trace.fed)],
        "common": len(difference.values),
        "first": getattr(one, quantity),  # (T1, H)
        "second": getattr(other, quantity),  # (T2, H)
        "difference": vars(difference),
        "output": _describe_outputs(first, second),
    }


def _describe_outputs(first: Run, second: Run) -> dict[str, Any] | None:
    one, other = describe_output(first), describe_output(second)
    difference = compare_outputs(first.trace, second.trace)
    if one is None or other is None or difference is None:
        return None
    if (one["kind"], one["names"]) != (other["kind"], other["names"]):
        return None
    return {
        "kind": one["kind"],
        "names": list(one["names"]),
        "first": one["values"],
        "second": other["values"],
        "difference": vars(difference),
    }
