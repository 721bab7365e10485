"""POST /api/v1/analyses/comparison: how do two runs differ?"""

from typing import Annotated, Any

import torch
from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field

from gatescope.analysis import check_comparable
from gatescope.lstm.trace import Trace
from gatescope.web.answers.description import describe_sequence
from gatescope.web.answers.schemas import SequenceAnswer
from gatescope.web.answers.wire import Encoding
from gatescope.web.questions.answering import Answering, AskedEncoding
from gatescope.web.questions.compared import ComparedAnswer, compared
from gatescope.web.questions.place import Place, find_layer
from gatescope.web.requests.inputs import Prepared
from gatescope.web.requests.places import below
from gatescope.web.requests.schemas import Quantity, TraceRequest
from gatescope.web.run import prepare_trace, run_trace

EXAMPLE = {
    "first": {"model": {"type": "zoo", "name": "anbn"}, "sequence": {"type": "task", "name": "anbn", "seed": 0}},
    "second": {"model": {"type": "zoo", "name": "anbn"}, "sequence": {"type": "task", "name": "anbn", "seed": 1}},
    "quantity": "cell_state",
}


class ComparisonRequest(Place):
    """Two runs, and what to compare of them."""

    first: TraceRequest
    second: TraceRequest = Field(description="Its layers, directions and sizes must be those of the first.")
    quantity: Quantity = "cell_state"


class TwoSequences(BaseModel):
    """What either run was fed."""

    first: SequenceAnswer
    second: SequenceAnswer


class ComparisonAnswer(ComparedAnswer):
    """How two runs differ, and what each was fed."""

    sequences: TwoSequences


def add_comparison(router: APIRouter, answering: Answering) -> None:
    """The route."""

    @router.post("/comparison", summary="How do two runs differ?", response_model=ComparisonAnswer)
    async def how_differ(
        request: Annotated[ComparisonRequest, Body(examples=[EXAMPLE])], encoding: AskedEncoding = Encoding.LIST
    ) -> Response:
        """Where the numbers part, not why: units of two models trained apart bear the same number by chance only."""
        return await answering.send(lambda: _comparison(request, answering), encoding)


@torch.no_grad()
def _comparison(request: ComparisonRequest, answering: Answering) -> dict[str, Any]:
    one, first = _run("first", request.first, answering)
    other, second = _run("second", request.second, answering)
    check_comparable(first, second)  # before a layer is looked for that only one of them has
    sequences = {
        "first": describe_sequence(request.first.sequence.type, one.fed, first.fed),
        "second": describe_sequence(request.second.sequence.type, other.fed, second.fed),
    }
    layer = find_layer(request, first)
    return compared(first, second, (one, other), layer, request.quantity) | {"sequences": sequences}


def _run(name: str, request: TraceRequest, answering: Answering) -> tuple[Prepared, Trace]:
    with below(name):
        prepared = prepare_trace(request, answering.settings, answering.store, with_weights=False)
        return prepared, run_trace(request, prepared)
