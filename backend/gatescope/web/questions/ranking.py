"""Which unit follows a hypothesis?"""

from dataclasses import asdict
from typing import Annotated, Any, Literal

import torch
from pydantic import BaseModel, Field
from torch import Tensor

from gatescope.analysis import count_difference, inside_quotes, is_token, position, rank_units
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction
from gatescope.web.questions.question import COUNTING, Question
from gatescope.web.requests.fields import Quantity, Strict, Text, Vector
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import Run, Runner

MOST_UNITS = 50  # in an answer


class PositionHypothesisRequest(Strict):
    """The number of the step."""

    type: Literal["position"]


class FeatureHypothesisRequest(Strict):
    """A feature of what the first layer is fed."""

    type: Literal["feature"]
    feature: int = Field(0, ge=0)


class QuotesHypothesisRequest(Strict):
    """Whether a quotation is open."""

    type: Literal["quotes"]
    opening: Text = '"'
    closing: Text = '"'


class CountHypothesisRequest(Strict):
    """How many of one token there were so far less how many of another."""

    type: Literal["count"]
    plus: Text
    minus: Text


class TokenHypothesisRequest(Strict):
    """Whether the token is this one."""

    type: Literal["token"]
    token: Text


class SeriesHypothesisRequest(Strict):
    """One number for each step."""

    type: Literal["series"]
    values: Vector


HypothesisRequest = (
    PositionHypothesisRequest
    | FeatureHypothesisRequest
    | QuotesHypothesisRequest
    | CountHypothesisRequest
    | TokenHypothesisRequest
    | SeriesHypothesisRequest
)


class RankingRequest(TraceRequest):
    """A run, and what its units might follow."""

    hypothesis: Annotated[HypothesisRequest, Field(discriminator="type")]
    quantity: Quantity = "cell_state"


class RankedUnitAnswer(BaseModel):
    """A unit with Pearson's r of its quantity and the hypothesis."""

    layer: int
    direction: Direction
    unit: int
    correlation: float = Field(description="Over the first half of the steps, by which units are ranked.")
    held_out: float = Field(description="Over the second half.")


class RankingAnswer(BaseModel):
    """Units by how well they follow a hypothesis."""

    units: list[RankedUnitAnswer]
    chance: float = Field(
        description="With shuffled labels the largest |r| on the second half stays below this in 95 % of the cases."
    )


def _ranking(request: RankingRequest, runner: Runner) -> dict[str, Any]:
    run = runner.run(request)
    ranking = rank_units(run.trace, _labels(request.hypothesis, run), request.quantity)
    return {"units": [asdict(unit) for unit in ranking.units[:MOST_UNITS]], "chance": ranking.chance}


def _labels(hypothesis: HypothesisRequest, run: Run) -> Tensor:
    """The hypothesis at each step, (T)."""
    fed = run.trace.fed
    match hypothesis:
        case PositionHypothesisRequest():
            return position(len(fed))
        case FeatureHypothesisRequest(feature=feature):
            if feature >= fed.shape[1]:
                raise InvalidInput(
                    f"there is no feature {feature}; the last one is {fed.shape[1] - 1}",
                    field="hypothesis.feature",
                    code="no_such_feature",
                    feature=feature,
                    last=fed.shape[1] - 1,
                )
            return fed[:, feature]
        case SeriesHypothesisRequest(values=values):
            return torch.tensor(values, dtype=torch.float64)
    tokens = run.input.sequence.characters
    if tokens is None:
        raise InvalidInput(
            "this hypothesis is about a text; the sequence is none", field="hypothesis.type", code="no_text"
        )
    match hypothesis:
        case QuotesHypothesisRequest():
            return inside_quotes(tokens, hypothesis.opening, hypothesis.closing)
        case CountHypothesisRequest():
            return count_difference(tokens, hypothesis.plus, hypothesis.minus)
        case TokenHypothesisRequest():
            return is_token(tokens, hypothesis.token)


RANKING = Question(
    name="ranking",
    summary="Which unit follows a hypothesis?",
    description="The 50 units that follow it best on the first half of the steps, with how they do on the second half.",
    request=RankingRequest,
    example={**COUNTING, "hypothesis": {"type": "count", "plus": "a", "minus": "b"}},
    answer=RankingAnswer,
    compute=_ranking,
)
