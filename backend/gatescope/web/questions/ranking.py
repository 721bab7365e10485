"""POST /api/v1/analyses/ranking: which unit follows a hypothesis?"""

from dataclasses import asdict
from typing import Annotated, Any, Literal

import torch
from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field
from torch import Tensor

from gatescope.analysis import count_difference, inside_quotes, is_token, position, rank_units
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction
from gatescope.lstm.trace import Trace
from gatescope.web.answers.wire import Encoding
from gatescope.web.questions.answering import Answering, AskedEncoding
from gatescope.web.requests.inputs import Prepared
from gatescope.web.requests.schemas import Quantity, Strict, Text, TraceRequest, Vector

MOST_UNITS = 50  # told of a ranking
EXAMPLE = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
    "hypothesis": {"type": "count", "plus": "a", "minus": "b"},
}


class PositionHypothesis(Strict):
    """The number of the step."""

    type: Literal["position"]


class FeatureHypothesis(Strict):
    """A feature of what the first layer is fed."""

    type: Literal["feature"]
    feature: int = Field(0, ge=0)


class QuotesHypothesis(Strict):
    """Whether a quotation is open."""

    type: Literal["quotes"]
    opening: Text = '"'
    closing: Text = '"'


class CountHypothesis(Strict):
    """How many of one token there were so far less how many of another."""

    type: Literal["count"]
    plus: Text
    minus: Text


class TokenHypothesis(Strict):
    """Whether the token is this one."""

    type: Literal["token"]
    token: Text


class SeriesHypothesis(Strict):
    """One number for each step."""

    type: Literal["series"]
    values: Vector


Hypothesis = (
    PositionHypothesis | FeatureHypothesis | QuotesHypothesis | CountHypothesis | TokenHypothesis | SeriesHypothesis
)


class RankingRequest(TraceRequest):
    """A run, and what its units might follow."""

    hypothesis: Annotated[Hypothesis, Field(discriminator="type")]
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


def add_ranking(router: APIRouter, answering: Answering) -> None:
    """The route."""

    @router.post("/ranking", summary="Which unit follows a hypothesis?", response_model=RankingAnswer)
    async def ranking(
        request: Annotated[RankingRequest, Body(examples=[EXAMPLE])], encoding: AskedEncoding = Encoding.LIST
    ) -> Response:
        """The 50 units that follow it best on the first half of the steps, with how they do on the second half."""
        return await answering.answer(request, _rank, encoding)


def _rank(request: RankingRequest, prepared: Prepared, traced: Trace) -> dict[str, Any]:
    found = rank_units(traced, _labels(request.hypothesis, prepared, traced.fed), request.quantity)
    return {"units": [asdict(unit) for unit in found.units[:MOST_UNITS]], "chance": found.chance}


def _labels(hypothesis: Hypothesis, prepared: Prepared, fed: Tensor) -> Tensor:
    """The hypothesis at each step, (T)."""
    match hypothesis:
        case PositionHypothesis():
            return position(len(fed))
        case FeatureHypothesis(feature=feature):
            if feature >= fed.shape[1]:
                raise InvalidInput(
                    f"there is no feature {feature}; the last one is {fed.shape[1] - 1}",
                    field="hypothesis.feature",
                    code="no_such_feature",
                    feature=feature,
                    last=fed.shape[1] - 1,
                )
            return fed[:, feature]
        case SeriesHypothesis(values=values):
            return torch.tensor(values, dtype=torch.float64)
    tokens = prepared.fed.sequence.characters
    if tokens is None:
        raise InvalidInput(
            "this hypothesis is about a text; the sequence is none", field="hypothesis.type", code="no_text"
        )
    match hypothesis:
        case QuotesHypothesis():
            return inside_quotes(tokens, hypothesis.opening, hypothesis.closing)
        case CountHypothesis():
            return count_difference(tokens, hypothesis.plus, hypothesis.minus)
        case TokenHypothesis():
            return is_token(tokens, hypothesis.token)
