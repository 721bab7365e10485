"""/api/v1/analyses: one route for each question."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import anyio.to_thread
import torch
from fastapi import APIRouter, Body, Depends, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gatescope.web.answers.in_parts import InParts
from gatescope.web.answers.wire import Encoding, encode
from gatescope.web.problems.handlers import internal_error
from gatescope.web.problems.responses import REFERENCE, documented
from gatescope.web.questions import QUESTIONS
from gatescope.web.questions.question import Event, Question
from gatescope.web.requests.body import body_route
from gatescope.web.routes.traces import PROBLEMS
from gatescope.web.run import Runner

EVENTS = """Server-sent events:

- `progress` after each unit: `{{"done": 3, "of": 16}}`
- at last `result`: a `{answer}`
- or `problem`, where a run fails after the start: the same `application/problem+json` object as in any other answer
"""


def analyses_router(runner: Runner) -> APIRouter:
    """The routes of the questions."""
    router = APIRouter(
        prefix="/api/v1/analyses",
        tags=["analyses"],
        responses=PROBLEMS | documented("limit-exceeded"),
        route_class=body_route(runner.settings.longest_list),
    )
    for question in QUESTIONS:
        add = _add_streamed if question.is_streamed else _add_answered
        add(router, question, runner)
    return router


def event_schemas() -> dict[str, Any]:
    """The OpenAPI components of streamed answers, which FastAPI does not describe."""
    schemas: dict[str, Any] = {}
    for answer in (question.answer for question in QUESTIONS if question.is_streamed):
        schema = answer.model_json_schema(ref_template=REFERENCE)
        schemas |= {**schema.pop("$defs"), answer.__name__: schema}
    return schemas


def _add_answered(router: APIRouter, question: Question[Any], runner: Runner) -> None:
    @router.post(
        f"/{question.name}",
        name=question.name,
        summary=question.summary,
        description=question.description,
        response_model=question.answer,
    )
    async def answer(
        request: Annotated[question.request, Body(examples=[question.example])],  # type: ignore[name-defined]
        encoding: Annotated[Encoding, Query(description="How tensors are written.")] = Encoding.LIST,
    ) -> Response:
        def compute() -> list[bytes]:
            return list(encode(_compute(question, request, runner), encoding))

        parts = await anyio.to_thread.run_sync(compute, limiter=runner.workers)
        return InParts(parts, "application/json")


def _add_streamed(router: APIRouter, question: Question[Any], runner: Runner) -> None:
    # A dependency, so that a wrong request is answered with a problem before the stream begins.
    async def begin(
        request: Annotated[question.request, Body(examples=[question.example])],  # type: ignore[name-defined]
    ) -> Iterator[Event]:
        events: Iterator[Event] = await anyio.to_thread.run_sync(
            _compute, question, request, runner, limiter=runner.workers
        )
        return events

    @router.post(
        f"/{question.name}",
        name=question.name,
        summary=question.summary,
        description=f"{question.description} {EVENTS.format(answer=question.answer.__name__)}",
        response_class=EventSourceResponse,
    )
    async def stream(events: Annotated[Iterator[Event], Depends(begin)]) -> AsyncIterator[ServerSentEvent]:
        async for event in sent(events, question.name, runner):
            yield event


async def sent(events: Iterator[Event], name: str, runner: Runner) -> AsyncIterator[ServerSentEvent]:
    """The events as they are sent; the last is a problem where one of them cannot be computed."""
    try:
        # A new worker for each event: others get their turn, and a client that hangs up is noticed in between.
        while event := await anyio.to_thread.run_sync(next, events, None, limiter=runner.workers):
            yield ServerSentEvent(event=event[0], data=event[1])
    except Exception as error:
        problem = internal_error(error, "POST", f"/{name}")
        yield ServerSentEvent(event="problem", raw_data=bytes(problem.body).decode())


# Not in inference mode: a tensor made there can never have a gradient.
@torch.no_grad()
def _compute(question: Question[Any], request: Any, runner: Runner) -> Any:
    return question.compute(request, runner)
