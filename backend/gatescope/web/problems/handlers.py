"""Handlers that make a problem of every exception."""

import asyncio
import logging
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gatescope.errors import InvalidInput, LimitExceeded, StorageUnavailable, TemporaryFolderUnavailable
from gatescope.web.problems.responses import FieldError, ProblemResponse, body_too_large, problem

MOST_ERRORS = 20  # in one problem
# Pydantic puts the value of "type", by which it chooses from a union, so many steps behind the name of a field.
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
    app.add_exception_handler(RequestValidationError, _request_validation)
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


async def _request_validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    mistakes = error.errors()
    if mistakes[0]["type"] == "json_invalid":
        return _malformed_json(mistakes[0], error.body)
    errors = [_field_error(mistake) for mistake in mistakes[:MOST_ERRORS]]
    return ProblemResponse("invalid-input", errors, omitted=len(mistakes) - len(errors))


def _malformed_json(mistake: Mapping[str, Any], body: str) -> Response:
    before = body[: mistake["loc"][1]]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    reason = mistake["ctx"]["error"]
    message = f"the body is not JSON: {reason}, at line {line}, column {column}"
    return problem("malformed-json", message, line=line, column=column, reason=reason)


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
    return ".".join(step for step in steps if step not in ("(rows)", "(numbers)"))
