"""POST /api/v1/analyses/retention: how long does a unit remember?"""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field

from gatescope.analysis import half_lives, retention
from gatescope.analysis.retention import DEFAULT_MOST, LARGEST_MOST
from gatescope.lstm.trace import Trace
from gatescope.web.answers.schemas import EncodedTensor
from gatescope.web.answers.wire import Encoding
from gatescope.web.questions.answering import Answering, AskedEncoding
from gatescope.web.questions.place import UnitRequest, find_layer
from gatescope.web.requests.inputs import Prepared

EXAMPLE = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
    "unit": 5,
}


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
    retained: list[list[float | None]] | EncodedTensor = Field(
        description="(N, N): of the cell state after step a, the share that is left after step b; null (NaN in base64) "
        "where b was computed before a."
    )
    half_lives: list[float | None] | EncodedTensor = Field(
        description="In steps over the sequence, (H); null (infinity in base64) where nothing is ever forgotten."
    )


def add_retention(router: APIRouter, answering: Answering) -> None:
    """The route."""

    @router.post("/retention", summary="How long does a unit remember?", response_model=RetentionAnswer)
    async def how_long(
        request: Annotated[RetentionRequest, Body(examples=[EXAMPLE])], encoding: AskedEncoding = Encoding.LIST
    ) -> Response:
        """The product of its forget gates from each step to each later one: what the cell keeps, useful or not."""
        return await answering.answer(request, _retention, encoding)


def _retention(request: RetentionRequest, _prepared: Prepared, traced: Trace) -> dict[str, Any]:
    layer = find_layer(request, traced)
    kept = retention(traced, layer, request.unit, start=request.start, stop=request.stop, most=request.most)
    return {"steps": kept.steps.tolist(), "retained": kept.retained, "half_lives": half_lives(traced, layer)}
