"""POST /api/v1/analyses/integrated_gradients: what did each input add?"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field

from gatescope.analysis import OutputTarget, StateTarget, integrated_gradients
from gatescope.analysis.backpropagation import as_network, last_step
from gatescope.analysis.connectivity import chosen_output
from gatescope.analysis.integrated_gradients import IN_A_PANEL, MOST_POINTS, POINTS
from gatescope.lstm.trace import Trace
from gatescope.web.answers.schemas import GradientMatrix
from gatescope.web.answers.wire import Encoding
from gatescope.web.questions.answering import Answering, AskedEncoding
from gatescope.web.questions.place import UnitRequest, find_layer, refuse_interventions
from gatescope.web.requests.inputs import Prepared

EXAMPLE = {
    "model": {"type": "zoo", "name": "adding"},
    "sequence": {"type": "task", "name": "adding", "seed": 0},
    "target": "output",
}


class IntegratedGradientsRequest(UnitRequest):
    """A run, and an output or a unit's state."""

    target: Literal["output", "cell_state", "hidden_state"] = Field(
        "output", description="What is split: an output of the read-out, or a state of the unit."
    )
    step: int | None = Field(None, ge=0, description="Of the target; null: the one that is computed last.")
    output: int | None = Field(None, ge=0, description="Which output; null: the largest at that step.")
    baseline: Literal["zero", "mean"] = Field(
        "zero", description="What counts as nothing: zeros, or at every step the mean of what is fed."
    )
    points: int = Field(
        POINTS, ge=IN_A_PANEL, le=MOST_POINTS, description="Of the way from the baseline, at most so many are taken."
    )


class IntegratedGradientsAnswer(BaseModel):
    """What each feature of each step added to the target, against the baseline."""

    step: int
    output: int | None = Field(description="Null for a state.")
    attributions: GradientMatrix = Field(description="(T, I)")
    value: float | None = Field(description="The target.")
    baseline_value: float | None = Field(description="What it is for the baseline.")
    sum: float | None = Field(description="All attributions.")
    completeness_gap: float | None = Field(description="The sum less the difference of the two values.")
    points: int = Field(description="So many were taken.")
    converged: bool = Field(description="Whether the gap is within 1e−4 of the difference, all along the way.")


def add_integrated_gradients(router: APIRouter, answering: Answering) -> None:
    """The route."""

    @router.post("/integrated_gradients", summary="What did each input add?", response_model=IntegratedGradientsAnswer)
    async def added(
        request: Annotated[IntegratedGradientsRequest, Body(examples=[EXAMPLE])],
        encoding: AskedEncoding = Encoding.LIST,
    ) -> Response:
        """Sundararajan et al. (2017): the parts sum to the difference from the baseline, but for the gap told."""
        return await answering.answer(request, _integrated, encoding)


def _integrated(request: IntegratedGradientsRequest, prepared: Prepared, traced: Trace) -> dict[str, Any]:
    refuse_interventions(request)
    output = None
    if request.target == "output":
        _, step, output = chosen_output(as_network(prepared.model), traced, request.step, request.output)
        target: OutputTarget | StateTarget = OutputTarget(step, output)
    else:
        layer = traced.layers[find_layer(request, traced)]
        step = last_step(len(layer.cell_state), layer.direction) if request.step is None else request.step
        target = StateTarget(request.unit, request.target, request.layer, request.direction, step)
    baseline = traced.fed.double().mean(0) if request.baseline == "mean" else None
    found = integrated_gradients(prepared.model, traced, target, baseline=baseline, points=request.points)
    return {
        "step": step,
        "output": output,
        "attributions": found.attributions,
        "value": found.value,
        "baseline_value": found.baseline_value,
        "sum": float(found.attributions.sum()),
        "completeness_gap": found.completeness_gap,
        "points": found.points,
        "converged": found.converged,
    }
