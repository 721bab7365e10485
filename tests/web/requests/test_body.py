"""A large body is read away from the event loop, and read as a small one is."""

import json
import threading
from collections.abc import Iterator
from typing import Annotated, Any

import anyio
import httpx
import pytest
from fastapi import APIRouter, Body, FastAPI
from pydantic import AfterValidator, BaseModel, TypeAdapter
from tests.wire import AssertProblem

from gatescope.web.problems.handlers import register_problem_handlers
from gatescope.web.questions import QUESTIONS
from gatescope.web.requests.body import LARGE, body_route
from gatescope.web.requests.schemas import ModelChangeRequest, TraceRequest

JSON = {"Content-Type": "application/json"}
LONG = " " * LARGE  # what makes a body large and says nothing
SMALL = {"model": {"type": "random", "hidden_size": 2, "seed": 1}, "sequence": {"type": "numbers", "values": [1, 2]}}


class ProbeRequest(BaseModel):
    """Knows in which thread it was validated."""

    thread: Annotated[str, AfterValidator(lambda _: threading.current_thread().name)]
    items: list[int] = []


def probe(content: str) -> httpx.Response:
    """The answer to a body: the thread that it was validated in, and that of the event loop."""
    app = FastAPI()
    router = APIRouter(route_class=body_route(most_items=4))

    @router.post("/")
    async def threads(request: Annotated[ProbeRequest, Body()]) -> list[str]:
        return [request.thread, threading.current_thread().name]

    async def post() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://probe") as client:
            return await client.post("/", content=content, headers=JSON)

    register_problem_handlers(app)
    app.include_router(router)
    return anyio.run(post)


@pytest.mark.parametrize(("padding", "is_on_loop"), [("", True), (LONG, False)], ids=["small", "large"])
def test_a_large_body_is_validated_in_another_thread_than_the_loop_s(padding: str, is_on_loop: bool) -> None:
    validated, loop = probe(f'{{"thread": ""}}{padding}').json()
    assert (validated == loop) == is_on_loop


def test_the_lists_of_a_large_body_are_bounded(assert_problem: AssertProblem) -> None:
    fits, exceeds = (probe(json.dumps({"thread": "", "items": [0] * length}) + LONG) for length in (4, 5))
    assert fits.status_code == 200
    assert_problem(exceeds, "invalid-input", field="", code="json_too_large")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(SMALL),
        json.dumps({**SMALL, "sequence": {"type": "numbers", "values": [1, "2"]}}),
        json.dumps({**SMALL, "sequence": {"type": "numbers", "values": [1], "features": ["\ud800"]}}),
        json.dumps({**SMALL, "colour": "red"}),
        "null",
        "[]",
        '{"model": }',
        '{"model":\n "sequence"',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_large_body_is_answered_as_a_small_one(client: httpx.Client, text: str, encoding: str) -> None:
    answers = [
        client.post("/api/v1/traces", content=(before + text).encode(encoding), headers=JSON) for before in ("", LONG)
    ]
    small, large = ((answer.status_code, answer.json()) for answer in answers)
    if small[0] == 400:  # its column is another one
        assert large[0] == 400
        assert large[1]["errors"][0]["context"]["reason"] == small[1]["errors"][0]["context"]["reason"]
    else:
        assert large == small


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b'{"model": "\xff"}', "malformed-json", "malformed_json"),
        (b"[" * LARGE, "invalid-input", "json_too_deep"),
        (b"[" + b"1" * 5000 + b"]", "invalid-input", "json_number_too_long"),
    ],
    ids=["latin", "deep", "huge"],
)
def test_what_no_reader_of_json_takes_is_refused(
    client: httpx.Client, assert_problem: AssertProblem, content: bytes, kind: str, code: str
) -> None:
    response = client.post("/api/v1/traces", content=content + LONG.encode(), headers=JSON)
    assert_problem(response, kind, code=code)


def lists(schema: Any) -> Iterator[dict[str, Any]]:
    """Each list that a pydantic schema reads."""
    if isinstance(schema, dict):
        if schema.get("type") in ("list", "tuple", "set", "frozenset"):
            yield schema
        for part in schema.values():
            yield from lists(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from lists(part)


@pytest.mark.parametrize("body", [TraceRequest, ModelChangeRequest, *(question.request for question in QUESTIONS)])
def test_of_each_list_only_the_first_mistake_is_told(body: type[BaseModel]) -> None:
    found = list(lists(TypeAdapter(body).core_schema))
    assert found
    for schema in found:
        assert schema.get("fail_fast"), schema
