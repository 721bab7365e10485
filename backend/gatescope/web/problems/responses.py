"""One shape for every error: RFC 9457 problem details."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import orjson
from fastapi import Response
from pydantic import BaseModel, Field

from gatescope.errors import Context
from gatescope.web.problems.kinds import PROBLEMS

MEDIA_TYPE = "application/problem+json"
REFERENCE = "#/components/schemas/{model}"
LONGEST_TEXT = 300


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Dotted path of the wrong value, from 0; empty for the whole request.")
    message: str = Field(description="What is wrong and what is allowed, in English.")
    code: str = Field(description="Stable name of the kind of mistake.")
    context: dict[str, str | int | float | list[str]] = Field(
        description="The numbers and short texts inside the message, and what can be chosen instead."
    )

    @classmethod
    def of(cls, field: str, message: str, code: str, context: Mapping[str, Context]) -> Self:
        """An error whose texts are cut to a readable length, with only what JSON can carry."""
        shortened = {name: _shortened(value) for name, value in context.items()}
        return cls(field=str(_shortened(field)), message=str(_shortened(message)), code=code, context=shortened)


class Problem(BaseModel):
    """An error as RFC 9457 problem details."""

    type: str = Field(description="Reference to an explanation of this kind of problem.")
    title: str
    status: int
    detail: str
    errors: list[FieldError]


class ProblemResponse(Response):
    """A problem as an HTTP response.

    Args:
        name: which kind, a key of ``PROBLEMS``.
        errors: what is wrong, the first of which is the ``detail``.
        omitted: the number of further errors.
        headers: further HTTP headers.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        name: str,
        errors: Sequence[FieldError],
        omitted: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        kind = PROBLEMS[name]
        detail = errors[0].message + (f" (and {len(errors) + omitted - 1:,} more)" if len(errors) + omitted > 1 else "")
        problem = Problem(type=kind.type, title=kind.title, status=kind.status, detail=detail, errors=list(errors))
        super().__init__(orjson.dumps(problem.model_dump()), status_code=kind.status, headers=dict(headers or {}))


def problem(
    name: str, message: str, *, headers: Mapping[str, str] | None = None, **context: str | int | float
) -> ProblemResponse:
    """A problem of the whole request, with one error whose code is the kind's name in snake_case."""
    error = FieldError.of("", message, name.replace("-", "_"), context)
    return ProblemResponse(name, [error], headers=headers)


def body_too_large(limit: int, setting: str) -> ProblemResponse:
    """The problem of a body with more than ``limit`` bytes, which ``setting`` holds."""
    message = f"the body has more than {limit:,} bytes (setting {setting})"
    return problem("body-too-large", message, limit=limit, setting=setting)


def documented(*names: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of these kinds of problem as responses of a route."""
    described: dict[int | str, dict[str, Any]] = {}
    for kind in (PROBLEMS[name] for name in names):
        known = described.setdefault(
            kind.status,
            {
                "description": "",
                "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
            },
        )
        known["description"] = f"{known['description']} **{kind.title}.** {kind.description}".strip()
    return described


def problem_schemas() -> dict[str, Any]:
    """The OpenAPI components that ``documented`` refers to."""
    schema = Problem.model_json_schema(ref_template=REFERENCE)
    return {**schema.pop("$defs"), "Problem": schema}


def _shortened(value: Context) -> str | int | float | list[str]:
    """``value`` without endless text, lone surrogates and huge numbers, which JSON does not carry well."""
    if not isinstance(value, str | int | float):
        return [str(_shortened(text)) for text in value]
    if isinstance(value, str):
        cut = value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
        return cut.encode("utf-8", "replace").decode("utf-8")
    is_exact_in_json = abs(value) < 2**53 if isinstance(value, int) else math.isfinite(value)
    return value if is_exact_in_json else str(value)[:LONGEST_TEXT]
