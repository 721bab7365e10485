"""Why does a gate stand where it stands?"""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, Field

from gatescope.analysis import Pushes, contributions
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.trace import Trace
from gatescope.web.answers.description import fields_of
from gatescope.web.questions.question import COUNTING, Question
from gatescope.web.requests.places import UnitRequest, find_layer
from gatescope.web.run import Runner


class ContributionsRequest(UnitRequest):
    """A run, one of its units, and a step."""

    step: int = Field(ge=0)


class PartAnswer(BaseModel):
    """One term of a pre-activation: a weight times what it is multiplied with, or the bias."""

    kind: Literal["input", "hidden", "bias"] = Field(description="Of x_t, of h_{t−1}, or the bias.")
    index: int | None = Field(description="Which entry of x_t or h_{t−1}; null for the bias.")
    name: str = Field(
        description="The feature or token; above the first layer the unit of the layer below; the unit of h_{t−1}."
    )
    value: float


class SumsAnswer(BaseModel):
    """The terms of each kind together."""

    input: float
    hidden: float
    bias: float


class PushesAnswer(BaseModel):
    """What pushed a gate, in its own units before σ or, for the candidate, before tanh."""

    parts: list[PartAnswer] = Field(description="In the order of x_t, h_{t−1}, bias; all of them, also where 0.")
    sums: SumsAnswer
    pre_activation: float = Field(description="The sum of all parts.")
    activation: float = Field(description="As it was computed: σ, or tanh, of the pre-activation, unless it was held.")


class GatePushesAnswer(BaseModel):
    """The four, in the order of the equations."""

    forget_gate: PushesAnswer
    input_gate: PushesAnswer
    candidate: PushesAnswer
    output_gate: PushesAnswer


class ContributionsAnswer(BaseModel):
    """One step of one unit."""

    step: int
    unit: int
    gates: GatePushesAnswer
    previous_cell_state: float = Field(description="C_{t−1}; backward, that of step t + 1.")
    kept: float = Field(description="f_t · C_{t−1}")
    written: float = Field(description="i_t · C̃_t")
    cell_state: float = Field(description="C_t as it was computed: kept and written, but for rounding, unless held.")
    hidden_state: float = Field(description="o_t · tanh(C_t), before a projection.")


def _contributions(request: ContributionsRequest, runner: Runner) -> dict[str, Any]:
    run = runner.run(request)
    index = find_layer(request, run.trace)
    split = contributions(run.model.network, run.trace, index, request.step, request.unit)
    layer = run.trace.layers[index]
    inputs = tuple(_names_below(run.trace, layer)) if layer.layer else run.input.features
    hidden = tuple(_unit_names(layer))
    gates = {name: _gate(pushes, inputs, hidden) for name, pushes in split.gates.items()}
    return fields_of(ContributionsAnswer, split) | {"gates": gates}


def _gate(pushes: Pushes, inputs: tuple[str, ...], hidden: tuple[str, ...]) -> dict[str, Any]:
    return {
        "parts": [
            *_parts("input", inputs, pushes.of_input.tolist()),
            *_parts("hidden", hidden, pushes.of_hidden_state.tolist()),
            {"kind": "bias", "index": None, "name": "bias", "value": pushes.of_bias},
        ],
        "sums": {
            "input": float(pushes.of_input.sum()),
            "hidden": float(pushes.of_hidden_state.sum()),
            "bias": pushes.of_bias,
        },
        "pre_activation": pushes.pre_activation,
        "activation": pushes.activation,
    }


def _parts(kind: str, names: tuple[str, ...], values: list[float]) -> Iterator[dict[str, Any]]:
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        yield {"kind": kind, "index": index, "name": name, "value": value}


def _names_below(traced: Trace, layer: LayerTrace) -> Iterator[str]:
    for below in traced.layers:
        if below.layer == layer.layer - 1:
            yield from (f"layer {below.layer} {below.direction} {name}" for name in _unit_names(below))


def _unit_names(layer: LayerTrace) -> Iterator[str]:
    """A projection mixes all units into each hidden state, so that none of them is one unit's."""
    projected = layer.hidden_state.shape[-1] < layer.cell_state.shape[-1]
    return (f"{'hidden state' if projected else 'unit'} {index}" for index in range(layer.hidden_state.shape[-1]))


CONTRIBUTIONS = Question(
    name="contributions",
    summary="Why does a gate stand where it stands?",
    description=(
        "Each gate's pre-activation is a sum; these are its terms, in float64.\n\n"
        "They tell what pushed at this step, not what would have happened without it, nor how h_{t−1} came about."
    ),
    request=ContributionsRequest,
    example={**COUNTING, "unit": 5, "step": 14},
    answer=ContributionsAnswer,
    compute=_contributions,
)
