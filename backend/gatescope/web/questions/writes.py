"""POST /api/v1/analyses/writes: which past step wrote what is in a cell now?"""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field

from gatescope.analysis import writes
from gatescope.lstm.trace import Trace
from gatescope.web.answers.schemas import Vector
from gatescope.web.answers.wire import Encoding
from gatescope.web.questions.answering import Answering, AskedEncoding
from gatescope.web.questions.place import UnitRequest, find_layer
from gatescope.web.requests.inputs import Prepared

EXAMPLE = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
    "unit": 5,
    "step": 14,
}


class WritesRequest(UnitRequest):
    """A run, one of its units, and a step."""

    step: int = Field(ge=0)


class WritesAnswer(BaseModel):
    """What the cell state of a unit is made of after a step."""

    step: int
    steps: list[int] = Field(description="Those computed up to the step, in the order they ran, (S).")
    parts: Vector = Field(description="What is left after the step of what each of them wrote, (S).")
    initial: float = Field(description="What is left of the state before the first step.")
    sum: float = Field(description="All parts and the initial one.")
    cell_state: float = Field(description="As it was computed.")
    residual: float = Field(description="The cell state less the sum: rounding, and what was put in where C was held.")


def add_writes(router: APIRouter, answering: Answering) -> None:
    """The route."""

    @router.post("/writes", summary="Which past step wrote what is in a cell now?", response_model=WritesAnswer)
    async def which_step(
        request: Annotated[WritesRequest, Body(examples=[EXAMPLE])], encoding: AskedEncoding = Encoding.LIST
    ) -> Response:
        """Levy et al. (2018): the cell state as a sum over steps. What a step wrote depended on those before it."""
        return await answering.answer(request, _writes, encoding)


def _writes(request: WritesRequest, _prepared: Prepared, traced: Trace) -> dict[str, Any]:
    found = writes(traced, find_layer(request, traced), request.step, [request.unit])
    parts = found.parts[:, 0]  # (S)
    return {
        "step": found.step,
        "steps": found.steps.tolist(),
        "parts": parts,
        "initial": found.initial.item(),
        "sum": (parts.sum() + found.initial).item(),
        "cell_state": found.cell_state.item(),
        "residual": found.residual.item(),
    }
