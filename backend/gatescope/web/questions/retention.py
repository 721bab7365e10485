"""How long does a unit remember?"""

from typing import Any

from pydantic import BaseModel, Field

from gatescope.analysis import half_lives, retention
from gatescope.analysis.retention import DEFAULT_MOST, LARGEST_MOST
from gatescope.web.answers.schemas import TensorAnswer
from gatescope.web.questions.question import COUNTING, Question
from gatescope.web.requests.places import UnitRequest, find_layer
from gatescope.web.run import Runner


class RetentionRequest(UnitRequest):
    """A run, one of its units, and a range of steps."""

    start: int = Field(0, ge=0, description="The first step of the range.")
    stop: int | None = Field(None, ge=1, description="The step after its last; null: the whole sequence.")
    most: int = Field(
        DEFAULT_MOST, ge=2, le=LARGEST_MOST, description="Of a longer range so many steps, at even distances."
    )


class RetentionAnswer(BaseModel):
    """What a unit keeps from step to step, and the half-life of every unit of the layer."""

    steps: list[int] = Field(description="The N steps shown, ascending.")
    retained: list[list[float | None]] | TensorAnswer = Field(
        description="(N, N): of the cell state after step a, the share that is left after step b; null (NaN in base64) "
        "where b was computed before a."
    )
    half_lives: list[float | None] | TensorAnswer = Field(
        description="In steps over the sequence, (H); null (infinity in base64) where nothing is ever forgotten."
    )


def _retention(request: RetentionRequest, runner: Runner) -> dict[str, Any]:
    traced = runner.run(request).trace
    layer = find_layer(request, traced)
    shares = retention(traced, layer, request.unit, start=request.start, stop=request.stop, most=request.most)
    return {
        "steps": shares.steps.tolist(),
        "retained": shares.retained,
        "half_lives": half_lives(traced, layer),
    }


RETENTION = Question(
    name="retention",
    summary="How long does a unit remember?",
    description="The product of its forget gates from each step to each later one: what the cell keeps, useful or not.",
    request=RetentionRequest,
    example={**COUNTING, "unit": 5},
    answer=RetentionAnswer,
    compute=_retention,
)
