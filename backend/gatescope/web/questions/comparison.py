"""How do two runs differ?"""

from typing import Any

from pydantic import BaseModel, Field

from gatescope.analysis import check_comparable
from gatescope.web.answers.description import describe_sequence
from gatescope.web.answers.schemas import SequenceAnswer
from gatescope.web.answers.two_runs import TwoRunsAnswer, describe_two_runs
from gatescope.web.questions.question import Question
from gatescope.web.requests.fields import Quantity
from gatescope.web.requests.mistakes import below
from gatescope.web.requests.places import PlaceRequest, find_layer
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import Runner


class ComparisonRequest(PlaceRequest):
    """Two runs, and what to compare of them."""

    first: TraceRequest
    second: TraceRequest = Field(description="Its layers, directions and sizes must be those of the first.")
    quantity: Quantity = "cell_state"


class TwoSequencesAnswer(BaseModel):
    """What either run was fed."""

    first: SequenceAnswer
    second: SequenceAnswer


class ComparisonAnswer(TwoRunsAnswer):
    """How two runs differ, and what each was fed."""

    sequences: TwoSequencesAnswer


def _comparison(request: ComparisonRequest, runner: Runner) -> dict[str, Any]:
    with below("first"):
        first = runner.run(request.first)
    with below("second"):
        second = runner.run(request.second)
    check_comparable(first.trace, second.trace)  # before a layer is looked for that only one of them has
    layer = find_layer(request, first.trace)
    sequences = {
        "first": describe_sequence(request.first.sequence.type, first),
        "second": describe_sequence(request.second.sequence.type, second),
    }
    return describe_two_runs(first, second, layer, request.quantity) | {"sequences": sequences}


COMPARISON = Question(
    name="comparison",
    summary="How do two runs differ?",
    description=(
        "Where the numbers part, not why: units of two models trained apart bear the same number by chance only."
    ),
    request=ComparisonRequest,
    example={
        "first": {"model": {"type": "zoo", "name": "anbn"}, "sequence": {"type": "task", "name": "anbn", "seed": 0}},
        "second": {"model": {"type": "zoo", "name": "anbn"}, "sequence": {"type": "task", "name": "anbn", "seed": 1}},
        "quantity": "cell_state",
    },
    answer=ComparisonAnswer,
    compute=_comparison,
    runs=lambda request: [request.first, request.second],
)
