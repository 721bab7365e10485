"""POST /api/v1/analyses/silencing: which units does the output need? Told while it is found out."""

from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated, Any, Literal

import anyio.to_thread
import torch
from anyio import CapacityLimiter
from fastapi import APIRouter, Body, Depends, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from gatescope.analysis import SilencedUnit, Silencing, Targets, rank_silenced, silence_each_unit
from gatescope.lstm.cell import Direction
from gatescope.web.problems.handlers import internal_error
from gatescope.web.problems.responses import REFERENCE
from gatescope.web.questions.answering import Answering
from gatescope.web.questions.place import LayerRequest
from gatescope.web.requests.inputs import Prepared, read_initial_state, read_interventions
from gatescope.web.run import prepare_trace

PATH = "/silencing"
EXAMPLE = {"model": {"type": "zoo", "name": "anbn"}, "sequence": {"type": "task", "name": "anbn", "seed": 0}}
EVENTS = """Server-sent events:

- `progress` after each unit: `{"done": 3, "of": 16}`
- at last `result`: a `SilencingResult`
- or `problem`, where a run fails after the start: the same `application/problem+json` object as in any other answer
"""


class SilencingRequest(LayerRequest):
    """A run, and the layer whose units are silenced in turn; what the run holds in any case stays held."""

    quantity: Literal["hidden_state", "cell_state"] = Field(
        "hidden_state", description="What is held at 0: nothing is heard of the unit, or it remembers nothing."
    )


class ScoreAnswer(BaseModel):
    """How right the output is at the steps where the task asks for something."""

    loss: float | None = Field(description="Of tokens the mean of −ln p(target), of values the mean square error.")
    accuracy: float | None = Field(description="The share of right tokens; null for values.")


class SilencedUnitAnswer(BaseModel):
    """What silencing a unit does."""

    unit: int
    change: float = Field(description="Root mean square change of what is measured; units are ranked by it.")
    largest: float = Field(description="The largest size of a change.")
    step: int = Field(description="Where that is, the first of several.")
    score: ScoreAnswer | None = Field(description="How right the output is without the unit; for a task only.")


class SilencingResult(BaseModel):
    """Every unit of a layer, the one that changes the most first."""

    layer: int
    direction: Direction
    quantity: Literal["hidden_state", "cell_state"]
    measured: Literal["output", "hidden_state"] = Field(
        description="What changes are measured of: the output, or without a read-out the last layer's hidden states, "
        "all but the unit's own."
    )
    score: ScoreAnswer | None = Field(description="How right the output is as it is; for a task only.")
    units: list[SilencedUnitAnswer]


@dataclass(frozen=True)
class Begun:
    """What a request asked for, with the run as it is; ``next_unit`` gives the next unit, or None after the last."""

    request: SilencingRequest
    silencing: Silencing
    next_unit: Callable[[], SilencedUnit | None]


def add_silencing(router: APIRouter, answering: Answering) -> None:
    """The route."""

    # A dependency, so that what is wrong with a request is answered as ever, before the stream begins.
    async def begun(request: Annotated[SilencingRequest, Body(examples=[EXAMPLE])]) -> Begun:
        return await anyio.to_thread.run_sync(_begin, request, answering, limiter=answering.workers)

    @router.post(
        PATH,
        summary="Which units does the output need?",
        description="Each unit of a layer is silenced in turn, and the sequence run again. " + EVENTS,
        response_class=EventSourceResponse,
    )
    async def which_units(begun: Annotated[Begun, Depends(begun)]) -> AsyncIterator[ServerSentEvent]:
        async for event in events_of(begun, answering.workers):
            yield event


def event_schemas() -> dict[str, Any]:
    """The OpenAPI components that the description of the events speaks of; FastAPI describes the events' frame only."""
    schema = SilencingResult.model_json_schema(ref_template=REFERENCE)
    return {**schema.pop("$defs"), "SilencingResult": schema}


async def events_of(begun: Begun, workers: CapacityLimiter) -> AsyncIterator[ServerSentEvent]:
    """What is told of each unit as it is found, and at last the result or the problem."""
    units: list[SilencedUnit] = []
    try:
        # A worker is asked for anew for each unit: others get their turn, and who hangs up is noticed in between.
        while unit := await anyio.to_thread.run_sync(begun.next_unit, limiter=workers):
            units.append(unit)
            yield _event("progress", {"done": len(units), "of": begun.silencing.size})
    except Exception as error:
        yield _problem(internal_error(error, "POST", PATH))
    else:
        yield _event("result", _result(begun, units))


def _event(name: str, content: Any) -> ServerSentEvent:
    return ServerSentEvent(event=name, data=content)


def _problem(response: Response) -> ServerSentEvent:
    return ServerSentEvent(event="problem", raw_data=bytes(response.body).decode())


def _result(begun: Begun, units: list[SilencedUnit]) -> dict[str, Any]:
    return {
        "layer": begun.request.layer,
        "direction": begun.request.direction,
        "quantity": begun.request.quantity,
        "measured": begun.silencing.measured,
        "score": begun.silencing.score and asdict(begun.silencing.score),
        "units": [asdict(unit) for unit in rank_silenced(units)],
    }


@torch.no_grad()
def _begin(request: SilencingRequest, answering: Answering) -> Begun:
    prepared = prepare_trace(request, answering.settings, answering.store, with_weights=False)
    silencing = silence_each_unit(
        prepared.model,
        prepared.fed.x,
        request.layer,
        request.direction,
        request.quantity,
        targets=_targets(prepared),
        initial_state=read_initial_state(request.initial_state, prepared),
        interventions=read_interventions(request.interventions),
    )
    return Begun(request, silencing, partial(next, silencing.units, None))


def _targets(prepared: Prepared) -> Targets | None:
    task = prepared.fed.task
    if prepared.targets is None or task is None:
        return None
    choices = torch.tensor([token in task.choices for token in task.outputs]) if task.choices else None  # (O)
    return Targets(prepared.targets, prepared.fed.asked, choices)
