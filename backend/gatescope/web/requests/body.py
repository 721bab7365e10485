"""Bodies of requests, of which the large ones are read away from the event loop."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from gatescope.bounded_json import MOST_ITEMS, read_json

LARGE = 100_000  # bytes; less is read in some milliseconds
AT_ONCE = 2  # large bodies; more would only take turns


def body_route(most_items: int = MOST_ITEMS) -> type[APIRoute]:
    """The class of a router's routes: they read a large JSON body in a thread, and no more than the limits allow.

    Such a route raises InvalidInput, too, where a list of the body is longer than ``most_items``, or the body is
    nested too deeply.
    """
    at_once = CapacityLimiter(AT_ONCE)

    class BodyRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()
            if self.body_field is None:
                return answer

            async def read_and_answer(request: Request) -> Response:
                given = _ReadRequest(request.scope, request.receive)
                body = await _arrived(given)
                if len(body) > LARGE:
                    given.content = await anyio.to_thread.run_sync(self._read, body, limiter=at_once)
                return await answer(given)

            return read_and_answer

        def _read(self, body: bytes) -> Any:
            """The valid content of a body."""
            try:
                content = read_json(body.decode(json.detect_encoding(body)), most_items=most_items)
            except UnicodeDecodeError as error:
                raise HTTPException(400) from error
            assert self.body_field is not None  # noqa: S101 - such a route does not read
            valid, errors = self.body_field.validate(content, {}, loc=("body",))
            if errors:
                raise RequestValidationError(errors, body=content)
            return valid

    return BodyRoute


class _ReadRequest(Request):
    """A request whose JSON may have been read before; FastAPI takes what is valid already as it is."""

    content: Any = None

    async def json(self) -> Any:
        return await super().json() if self.content is None else self.content


async def _arrived(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect as error:
        raise HTTPException(400) from error
