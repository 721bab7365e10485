"""POST /api/v1/analyses/connectivity: what of the sequence does an output depend on?"""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field

from gatescope.analysis import connectivity
from gatescope.lstm.trace import Trace
from gatescope.web.answers.schemas import Gradients
from gatescope.web.answers.wire import Encoding
from gatescope.web.questions.answering import Answering, AskedEncoding
from gatescope.web.questions.place import refuse_interventions
from gatescope.web.requests.inputs import Prepared
from gatescope.web.requests.schemas import TraceRequest

EXAMPLE = {
    "model": {"type": "zoo", "name": "quotes"},
    "sequence": {"type": "task", "name": "quotes", "seed": 0},
    "step": 40,
}


class OutputRequest(TraceRequest):
    """A run of a model with a read-out, and one of its outputs."""

    step: int | None = Field(None, ge=0, description="At which the output is asked about; null: the last.")
    output: int | None = Field(None, ge=0, description="Which one; null: the largest at that step.")


class ConnectivityAnswer(BaseModel):
    """How strongly an output depends on each step."""

    step: int
    output: int
    value: float = Field(description="The output itself.")
    norms: Gradients = Field(description="‖∂output/∂x_t‖ over the fed features, (T); 0 for what it cannot know.")


def add_connectivity(router: APIRouter, answering: Answering) -> None:
    """The route."""

    @router.post("/connectivity", summary="What does an output depend on?", response_model=ConnectivityAnswer)
    async def depends_on(
        request: Annotated[OutputRequest, Body(examples=[EXAMPLE])], encoding: AskedEncoding = Encoding.LIST
    ) -> Response:
        """Madsen (2019): the norm of the gradient of an output with respect to each input; needs a read-out."""
        return await answering.answer(request, _connectivity, encoding)


def _connectivity(request: OutputRequest, prepared: Prepared, traced: Trace) -> dict[str, Any]:
    refuse_interventions(request)
    found = connectivity(prepared.model, traced, step=request.step, output=request.output)
    value = traced.output[found.step, found.output].item() if traced.output is not None else None
    return {"step": found.step, "output": found.output, "value": value, "norms": found.norms}
