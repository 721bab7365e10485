"""What did each input add?"""

from typing import Any, Literal

from pydantic import BaseModel, Field

from gatescope.analysis import OutputTarget, StateTarget, integrated_gradients
from gatescope.analysis.integrated_gradients import MOST_POINTS, POINTS
from gatescope.analysis.quadrature import IN_A_PANEL
from gatescope.lstm.trace import Trace
from gatescope.web.answers.description import fields_of
from gatescope.web.answers.schemas import GradientMatrix
from gatescope.web.questions.question import Question
from gatescope.web.requests.conditions import refuse_interventions
from gatescope.web.requests.places import UnitRequest, find_layer
from gatescope.web.run import Runner

# Points × steps × units × layers of one answer, at most: the default of points for 1000 steps of 128 units.
MOST_STATES = POINTS * 2**17


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
        POINTS,
        ge=IN_A_PANEL,
        le=MOST_POINTS,
        description="Of the way from the baseline, at most so many are taken; fewer of a run of many steps and units.",
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


def _integrated_gradients(request: IntegratedGradientsRequest, runner: Runner) -> dict[str, Any]:
    run = runner.run(request)
    refuse_interventions(request)
    states = run.trace.layers[0].cell_state.numel() * len(run.trace.layers)
    points = min(request.points, max(IN_A_PANEL, MOST_STATES // states))
    baseline = run.trace.fed.double().mean(0) if request.baseline == "mean" else None
    gradients = integrated_gradients(
        run.model.network, run.trace, _target(request, run.trace), baseline=baseline, points=points
    )
    return fields_of(IntegratedGradientsAnswer, gradients)


def _target(request: IntegratedGradientsRequest, traced: Trace) -> OutputTarget | StateTarget:
    if request.target == "output":
        return OutputTarget(request.step, request.output)
    find_layer(request, traced)
    return StateTarget(request.unit, request.target, request.layer, request.direction, request.step)


INTEGRATED_GRADIENTS = Question(
    name="integrated_gradients",
    summary="What did each input add?",
    description="Sundararajan et al. (2017): the parts sum to the difference from the baseline, but for the gap told.",
    request=IntegratedGradientsRequest,
    example={
        "model": {"type": "zoo", "name": "adding"},
        "sequence": {"type": "task", "name": "adding", "seed": 0},
        "target": "output",
    },
    answer=IntegratedGradientsAnswer,
    compute=_integrated_gradients,
    passes=lambda request: 4 * request.points,  # forward, and twice for the gradient
)
