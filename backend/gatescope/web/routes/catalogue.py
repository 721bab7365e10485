"""The choices of a client: signals, shipped models, and the limits of this server."""

from typing import Any

from fastapi import APIRouter

from gatescope.models.sources.shipped import ZOO, load_zoo
from gatescope.sequences import SIGNALS
from gatescope.sequences.signals import Signal
from gatescope.web.answers.schemas import LimitsAnswer, SignalAnswer, SignalParameterAnswer, SignalsAnswer, ZooAnswer
from gatescope.web.problems.responses import documented
from gatescope.web.settings import Settings


def catalogue_router(settings: Settings) -> APIRouter:
    """The routes of the catalogue."""
    router = APIRouter(prefix="/api/v1", tags=["catalogue"], responses=documented("cross-site-request"))

    @router.get("/signals", summary="Which signals are there?", response_model=SignalsAnswer)
    async def signals() -> SignalsAnswer:
        """Each signal with its parameters, their ranges and defaults."""
        return SignalsAnswer(signals=[_describe(signal, settings.max_steps) for signal in SIGNALS.values()])

    @router.get("/zoo", summary="Which trained models are shipped?", response_model=ZooAnswer)
    def zoo() -> dict[str, Any]:
        """Each with what it was trained on and what it can do."""
        return {"models": [_describe_zoo(name) for name in ZOO]}

    @router.get("/limits", summary="How large may a request be?", response_model=LimitsAnswer)
    async def limits() -> LimitsAnswer:
        """The limits that the settings of this server hold."""
        return LimitsAnswer.model_validate(settings, from_attributes=True)

    return router


def _describe_zoo(name: str) -> dict[str, Any]:
    model = load_zoo(name)
    return {**model.described, "name": name, "hidden_size": model.network.first_cell.hidden_size}


def _describe(signal: Signal, most_steps: int) -> SignalAnswer:
    return SignalAnswer(
        name=signal.name,
        parameters=[
            SignalParameterAnswer.model_validate(parameter, from_attributes=True) for parameter in signal.parameters
        ],
        uses_seed=signal.uses_seed,
        max_steps=min(signal.max_steps or most_steps, most_steps),
    )
