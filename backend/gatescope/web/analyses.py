"""/api/v1/analyses: questions asked of a trace."""

from dataclasses import asdict
from typing import Annotated, Any

import anyio.to_thread
import torch
from anyio import CapacityLimiter
from fastapi import APIRouter, Body
from torch import Tensor

from gatescope.analysis import count_difference, inside_quotes, is_token, position, rank_units
from gatescope.errors import InvalidInput
from gatescope.models.store import ModelStore
from gatescope.web import schemas
from gatescope.web.answer_schemas import RankingAnswer
from gatescope.web.inputs import Prepared
from gatescope.web.problems import documented
from gatescope.web.settings import Settings
from gatescope.web.traces import PROBLEMS, prepare_trace, run_trace

MOST_UNITS = 50  # told of a ranking
EXAMPLE = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
    "hypothesis": {"type": "count", "plus": "a", "minus": "b"},
}


def analyses_router(settings: Settings, store: ModelStore, workers: CapacityLimiter) -> APIRouter:
    """The routes of the analyses."""
    router = APIRouter(prefix="/api/v1/analyses", tags=["analyses"], responses=PROBLEMS | documented("limit-exceeded"))

    @router.post("/ranking", summary="Which unit follows a hypothesis?", response_model=RankingAnswer)
    async def ranking(request: Annotated[schemas.RankingRequest, Body(examples=[EXAMPLE])]) -> dict[str, Any]:
        """The 50 units that follow it best on the first half of the steps, with how they do on the second half."""
        return await anyio.to_thread.run_sync(_rank, request, settings, store, limiter=workers)

    return router


@torch.inference_mode()
def _rank(request: schemas.RankingRequest, settings: Settings, store: ModelStore) -> dict[str, Any]:
    prepared = prepare_trace(request, settings, store, with_weights=False)
    traced = run_trace(request, prepared)
    found = rank_units(traced, _labels(request.hypothesis, prepared, traced.fed), request.quantity)
    return {"units": [asdict(unit) for unit in found.units[:MOST_UNITS]], "chance": found.chance}


def _labels(hypothesis: schemas.Hypothesis, prepared: Prepared, fed: Tensor) -> Tensor:
    """The hypothesis at each step, (T)."""
    match hypothesis:
        case schemas.PositionHypothesis():
            return position(len(fed))
        case schemas.FeatureHypothesis(feature=feature):
            if feature >= fed.shape[1]:
                raise InvalidInput(
                    f"there is no feature {feature}; the last one is {fed.shape[1] - 1}",
                    field="hypothesis.feature",
                    code="no_such_feature",
                    feature=feature,
                    last=fed.shape[1] - 1,
                )
            return fed[:, feature]
        case schemas.SeriesHypothesis(values=values):
            return torch.tensor(values, dtype=torch.float64)
    tokens = prepared.fed.sequence.characters
    if tokens is None:
        raise InvalidInput(
            "this hypothesis is about a text; the sequence is none", field="hypothesis.type", code="no_text"
        )
    match hypothesis:
        case schemas.QuotesHypothesis():
            return inside_quotes(tokens, hypothesis.opening, hypothesis.closing)
        case schemas.CountHypothesis():
            return count_difference(tokens, hypothesis.plus, hypothesis.minus)
        case schemas.TokenHypothesis():
            return is_token(tokens, hypothesis.token)
