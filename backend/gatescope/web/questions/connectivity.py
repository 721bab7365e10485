"""What of the sequence does an output depend on?"""

from typing import Any

from pydantic import BaseModel, Field

from gatescope.analysis import connectivity
from gatescope.web.answers.description import fields_of
from gatescope.web.answers.schemas import Gradients
from gatescope.web.questions.question import Question
from gatescope.web.requests.conditions import refuse_interventions
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import Runner


class ConnectivityRequest(TraceRequest):
    """A run of a model with a read-out, and one of its outputs."""

    step: int | None = Field(None, ge=0, description="At which the output is asked about; null: the last.")
    output: int | None = Field(None, ge=0, description="Which one; null: the largest at that step.")


class ConnectivityAnswer(BaseModel):
    """How strongly an output depends on each step."""

    step: int
    output: int
    value: float = Field(description="The output itself.")
    norms: Gradients = Field(description="‖∂output/∂x_t‖ over the fed features, (T); 0 for what it cannot know.")


def _connectivity(request: ConnectivityRequest, runner: Runner) -> dict[str, Any]:
    run = runner.run(request)
    refuse_interventions(request)
    dependence = connectivity(run.model.network, run.trace, step=request.step, output=request.output)
    return fields_of(ConnectivityAnswer, dependence)


CONNECTIVITY = Question(
    name="connectivity",
    summary="What does an output depend on?",
    description="Madsen (2019): the norm of the gradient of an output with respect to each input; needs a read-out.",
    request=ConnectivityRequest,
    example={
        "model": {"type": "zoo", "name": "quotes"},
        "sequence": {"type": "task", "name": "quotes", "seed": 0},
        "step": 40,
    },
    answer=ConnectivityAnswer,
    compute=_connectivity,
    passes=lambda _: 10,  # in float64, step by step
)
