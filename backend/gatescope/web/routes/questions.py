"""/api/v1/analyses: one route for each question."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Annotated, Any

import anyio
import anyio.to_thread
import torch
from fastapi import APIRouter, Body, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gatescope.errors import OutOfTime, Overloaded
from gatescope.web.admission.admission import Admission, while_connected
from gatescope.web.admission.price import Price, price_of_run
from gatescope.web.answers.in_parts import InParts
from gatescope.web.answers.wire import Encoding
from gatescope.web.problems.handlers import internal_error, out_of_time, overloaded
from gatescope.web.problems.responses import REFERENCE
from gatescope.web.questions import QUESTIONS
from gatescope.web.questions.question import Event, Question
from gatescope.web.requests.body import body_route
from gatescope.web.routes.traces import PROBLEMS, written
from gatescope.web.run import Runner

EVENTS = """Server-sent events:

- `progress` after each unit: `{{"done": 3, "of": 16}}`
- at last `result`: a `{answer}`
- or `problem`, where a run fails after the start: the same `application/problem+json` object as in any other answer
"""


def analyses_router(runner: Runner, admission: Admission) -> APIRouter:
    """The routes of the questions."""
    router = APIRouter(
        prefix="/api/v1/analyses",
        tags=["analyses"],
        responses=PROBLEMS,
        route_class=body_route(runner.settings.longest_list),
    )
    for question in QUESTIONS:
        add = _add_streamed if question.is_streamed else _add_answered
        add(router, question, runner, admission)
    return router


def event_schemas() -> dict[str, Any]:
    """The OpenAPI components of streamed answers, which FastAPI does not describe."""
    schemas: dict[str, Any] = {}
    for answer in (question.answer for question in QUESTIONS if question.is_streamed):
        schema = answer.model_json_schema(ref_template=REFERENCE)
        schemas |= {**schema.pop("$defs"), answer.__name__: schema}
    return schemas


def _add_answered(router: APIRouter, question: Question[Any], runner: Runner, admission: Admission) -> None:
    @router.post(
        f"/{question.name}",
        name=question.name,
        summary=question.summary,
        description=question.description,
        response_model=question.answer,
    )
    async def answer(
        request: Annotated[question.request, Body(examples=[question.example])],  # type: ignore[name-defined]
        connection: Request,
        encoding: Annotated[Encoding, Query(description="How tensors are written.")] = Encoding.LIST,
    ) -> Response:
        def compute() -> list[bytes]:
            return written(_compute(question, request, runner), encoding)

        async with while_connected(connection):
            price = await anyio.to_thread.run_sync(_price, question, request, runner)
            parts, place = await admission.compute_parts(price, compute)
        return InParts(parts, "application/json", on_end=place.close)


def _add_streamed(router: APIRouter, question: Question[Any], runner: Runner, admission: Admission) -> None:
    # A dependency, so that a wrong request is answered with a problem before the stream begins.
    async def begin(
        request: Annotated[question.request, Body(examples=[question.example])],  # type: ignore[name-defined]
        connection: Request,
    ) -> tuple[Iterator[Event], Price]:
        async with while_connected(connection):
            price = await anyio.to_thread.run_sync(_price, question, request, runner)
            with await admission.enter(price):
                events: Iterator[Event] = await admission.compute(price, partial(_compute, question, request, runner))
        return events, price

    @router.post(
        f"/{question.name}",
        name=question.name,
        summary=question.summary,
        description=f"{question.description} {EVENTS.format(answer=question.answer.__name__)}",
        response_class=EventSourceResponse,
    )
    async def stream(
        begun: Annotated[tuple[Iterator[Event], Price], Depends(begin)],
    ) -> AsyncIterator[ServerSentEvent]:
        async for event in sent(*begun, question.name, admission):
            yield event


async def sent(
    events: Iterator[Event], price: Price, name: str, admission: Admission
) -> AsyncIterator[ServerSentEvent]:
    """The events as they are sent; the last is a problem where one of them cannot be computed."""
    try:
        event: Event | None = ("", {})
        left = admission.max_seconds  # of the time for all of them, waiting left out
        while event:
            with await admission.enter(price):  # a new place for each event, so that others get their turn
                begun = anyio.current_time()
                event = await admission.compute(price, partial(next, events, None), left)
                left -= anyio.current_time() - begun
            if event:
                yield ServerSentEvent(event=event[0], data=event[1])
    except Exception as error:
        yield ServerSentEvent(event="problem", raw_data=bytes(_problem(error, name).body).decode())


def _problem(error: Exception, name: str) -> Response:
    if isinstance(error, OutOfTime):
        return out_of_time(error)
    return overloaded(error) if isinstance(error, Overloaded) else internal_error(error, "POST", f"/{name}")


def _price(question: Question[Any], request: Any, runner: Runner) -> Price:
    passes = question.passes(request)
    runs = [price_of_run(run, runner.store, runner.settings.max_steps, passes) for run in question.runs(request)]
    return sum(runs[1:], start=runs[0])


# Not in inference mode: a tensor made there can never have a gradient.
@torch.no_grad()
def _compute(question: Question[Any], request: Any, runner: Runner) -> Any:
    return question.compute(request, runner)
