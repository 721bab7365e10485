"""Handlers that make a problem of every exception."""

import asyncio
import logging
import uuid
from collections.abc import Iterable, Mapping
from json import JSONDecodeError
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gatescope.errors import (
    InvalidInput,
    LimitExceeded,
    OutOfTime,
    Overloaded,
    StorageUnavailable,
    TemporaryFolderUnavailable,
)
from gatescope.web.problems.responses import FieldError, ProblemResponse, body_too_large, problem

MOST_ERRORS = 20  # in one problem
# Pydantic puts the value of "type", by which it chooses from a union, so many steps behind the name of a field.
UNION_TAGS = ("(rows)", "(numbers)", "(list)", "(text)")  # of web/requests/fields.py
TAGS = {"model": 1, "sequence": 1, "hypothesis": 1, "changes": 2}
MESSAGES = {  # where pydantic speaks of Python rather than of JSON
    "dict_type": "this must be a JSON object",
    "extra_forbidden": "there is no such field",
    "list_type": "this must be a list",
    "missing": "this field is required",
    "model_attributes_type": "this must be a JSON object",
    "union_tag_invalid": "type is {tag}; it must be one of {expected_tags}",
    "union_tag_not_found": "this needs a field named type",
}

logger = logging.getLogger("gatescope")


class BodyTooLarge(HTTPException):
    """Raised when a body exceeds the limit; FastAPI lets an HTTPException pass while it reads a body."""

    def __init__(self, limit: int, setting: str) -> None:
        super().__init__(413)
        self.limit = limit
        self.setting = setting


def register_problem_handlers(app: FastAPI) -> None:
    """Let ``app`` answer every exception that a route raises with a problem."""
    app.add_exception_handler(InvalidInput, _invalid_input)
    app.add_exception_handler(StorageUnavailable, _storage_unavailable)
    app.add_exception_handler(OutOfTime, _out_of_time)
    app.add_exception_handler(Overloaded, _overloaded)
    app.add_exception_handler(RequestValidationError, _request_validation)
    app.add_exception_handler(JSONDecodeError, _malformed_json)
    app.add_exception_handler(BodyTooLarge, _body_too_large)
    app.add_exception_handler(HTTPException, _http_exception)


class UnexpectedErrors:
    """ASGI middleware that answers any other exception with a problem, and logs it with an id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for an exception if no answer has begun."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            pass  # no one would read an answer
        except (Exception, asyncio.CancelledError) as error:
            if started or scope["type"] != "http":
                raise
            await _unexpected(error, scope)(scope, receive, send)


def _unexpected(error: BaseException, scope: Scope) -> Response:
    if isinstance(error, asyncio.CancelledError):  # uvicorn cancels what runs on when it has been told to stop
        return problem("shutting-down", "the server is stopping; ask again when it is back")
    return internal_error(error, scope["method"], scope["path"])


def internal_error(error: BaseException, method: str, path: str) -> ProblemResponse:
    """The problem of a fault of Gatescope, which is logged under the id that the problem tells."""
    identifier = uuid.uuid4().hex[:12]
    logger.error("internal error %s: %s %s", identifier, method, path, exc_info=error)
    message = f"Gatescope failed unexpectedly; its log holds the fault under the id {identifier}"
    return problem("internal-error", message, id=identifier)


async def _invalid_input(_: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidInput)  # noqa: S101 - registered for this class only
    return invalid_input(error)


def invalid_input(error: InvalidInput) -> ProblemResponse:
    """The problem of a value that the user can mend."""
    name = "limit-exceeded" if isinstance(error, LimitExceeded) else "invalid-input"
    return ProblemResponse(name, [FieldError.of(error.field, error.message, error.code, error.context)])


async def _storage_unavailable(_: Request, error: Exception) -> Response:
    logger.error("a model cannot be kept", exc_info=error)
    is_temporary = isinstance(error, TemporaryFolderUnavailable)
    return problem("temporary-folder-unavailable" if is_temporary else "storage-unavailable", str(error))


async def _out_of_time(_: Request, error: Exception) -> Response:
    assert isinstance(error, OutOfTime)  # noqa: S101 - registered for this class only
    return out_of_time(error)


def out_of_time(error: OutOfTime) -> ProblemResponse:
    """The problem of a computation that was stopped."""
    return problem("out-of-time", str(error), seconds=error.seconds, setting="GATESCOPE_MAX_SECONDS")


async def _overloaded(_: Request, error: Exception) -> Response:
    assert isinstance(error, Overloaded)  # noqa: S101 - registered for this class only
    return overloaded(error)


def overloaded(error: Overloaded) -> ProblemResponse:
    """The problem of a computation for which there is no place."""
    message = f"the server is busy: {error}; ask again in {error.retry_after} seconds"
    headers = {"Retry-After": str(error.retry_after)}
    return problem("overloaded", message, headers=headers, seconds=error.retry_after)


async def _body_too_large(_: Request, error: Exception) -> Response:
    assert isinstance(error, BodyTooLarge)  # noqa: S101 - registered for this class only
    return body_too_large(error.limit, error.setting)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    path = request.url.path
    match error.status_code:
        case 405:
            message = f"{path} does not take {request.method}"
            headers = {"Allow": "GET, HEAD", **(error.headers or {})}
            return problem("method-not-allowed", message, headers=headers, method=request.method, path=path)
        case 400:
            return problem("malformed-json", "the body is not JSON: it is not UTF-8, or nested too deeply")
        case _:
            return problem("not-found", f"there is nothing at {path}", headers=error.headers, path=path)


async def _request_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    if isinstance(error.__cause__, JSONDecodeError):
        return await _malformed_json(request, error.__cause__)
    mistakes = error.errors()
    errors = [_field_error(mistake) for mistake in mistakes[:MOST_ERRORS]]
    return ProblemResponse("invalid-input", errors, omitted=len(mistakes) - len(errors))


async def _malformed_json(_: Request, error: Exception) -> Response:
    assert isinstance(error, JSONDecodeError)  # noqa: S101 - registered for this class only
    line, column = error.lineno, error.colno
    message = f"the body is not JSON: {error.msg}, at line {line}, column {column}"
    return problem("malformed-json", message, line=line, column=column, reason=error.msg)


def _field_error(mistake: Mapping[str, Any]) -> FieldError:
    code = mistake["type"]
    context = {name: value for name, value in mistake.get("ctx", {}).items() if isinstance(value, str | int | float)}
    message = MESSAGES[code].format_map(context) if code in MESSAGES else mistake["msg"]
    return FieldError.of(dotted_path(mistake["loc"]), message, code, context)


def dotted_path(place: Iterable[str | int]) -> str:
    """Pydantic's path to a mistake as the client wrote it: no part of the request, no tags of unions."""
    part, *steps = map(str, place)
    if part == "body" and steps:
        run = 1 if steps[0] in ("first", "second") else 0  # of two runs each has a model and a sequence
        tag = run + TAGS.get("".join(steps[run : run + 1]), len(steps))
        del steps[tag : tag + 1]
    return ".".join(step for step in steps if step not in UNION_TAGS)
