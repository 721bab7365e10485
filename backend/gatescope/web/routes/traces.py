"""POST /api/v1/traces: run an LSTM on a sequence and answer with everything that happened inside."""

from functools import partial
from typing import Annotated, Any

import anyio.to_thread
import torch
from anyio import CapacityLimiter
from fastapi import APIRouter, Body, Query, Response
from fastapi.openapi.models import Example

from gatescope.models.sources.store import ModelStore
from gatescope.web.answers.description import (
    describe_agreement,
    describe_layer,
    describe_model,
    describe_output,
    describe_sequence,
)
from gatescope.web.answers.in_parts import InParts
from gatescope.web.answers.schemas import TraceAnswer
from gatescope.web.answers.wire import Encoding, encode
from gatescope.web.problems.responses import documented
from gatescope.web.requests.examples import TRACE_REQUESTS
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import prepare_trace, run_compared
from gatescope.web.settings import Settings

PROBLEMS = documented(
    "malformed-json",
    "cross-site-request",
    "body-too-large",
    "unsupported-content-type",
    "invalid-input",
    "limit-exceeded",
    "shutting-down",
)
EXAMPLES = {name: Example(value=request) for name, request in TRACE_REQUESTS.items()}


def traces_router(settings: Settings, store: ModelStore, workers: CapacityLimiter) -> APIRouter:
    """The route that computes traces, as many at once as ``workers`` lets."""
    router = APIRouter(prefix="/api/v1", tags=["traces"])

    @router.post(
        "/traces",
        summary="Run an LSTM on a sequence and see inside",
        response_model=TraceAnswer,
        responses=PROBLEMS,
    )
    async def create_trace(
        request: Annotated[TraceRequest, Body(openapi_examples=EXAMPLES)],
        encoding: Annotated[Encoding, Query(description="How tensors are written.")] = Encoding.LIST,
        weights: Annotated[bool, Query(description="Whether to add the model's state_dict.")] = False,
    ) -> Response:
        """Every gate, the cell state and the hidden state of every unit at every step, time first."""
        compute = partial(create_content, request, settings, store, encoding, with_weights=weights)
        parts = await anyio.to_thread.run_sync(compute, limiter=workers)
        return InParts(parts, "application/json")

    return router


@torch.inference_mode()
def create_content(
    request: TraceRequest, settings: Settings, store: ModelStore, encoding: Encoding, *, with_weights: bool
) -> list[bytes]:
    """The answer's bytes in parts; raises as `trace_answer`."""
    return list(encode(trace_answer(request, settings, store, with_weights=with_weights), encoding))


def trace_answer(request: TraceRequest, settings: Settings, store: ModelStore, *, with_weights: bool) -> dict[str, Any]:
    """The whole answer, its tensors not yet encoded, and its agreement a function that waits for it.

    Raises:
        InvalidInput: a value of the request is wrong.
        LimitExceeded: it asks for more than the settings allow.
    """
    prepared = prepare_trace(request, settings, store, with_weights=with_weights)
    traced, compared = run_compared(request, prepared)
    return {
        "model": describe_model(request.model.type, prepared, with_weights=with_weights),
        "sequence": describe_sequence(request.sequence.type, prepared.fed, traced.fed),
        "layers": [describe_layer(layer) for layer in traced.layers],
        "output": describe_output(traced.output, prepared),
        "agreement": compared and (lambda: describe_agreement(compared.result())),
    }
