"""POST /api/v1/traces: run an LSTM on a sequence and answer with every gate and state."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import anyio.to_thread
import torch
from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.openapi.models import Example

from gatescope.lstm.cancellation import check_cancelled
from gatescope.web.admission.admission import Admission, while_connected
from gatescope.web.admission.price import price_of_run
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
from gatescope.web.requests.body import body_route
from gatescope.web.requests.examples import TRACE_REQUESTS
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import Runner

PROBLEMS = documented(
    "malformed-json",
    "cross-site-request",
    "body-too-large",
    "unsupported-content-type",
    "invalid-input",
    "limit-exceeded",
    "out-of-time",
    "overloaded",
    "shutting-down",
)
EXAMPLES = {name: Example(value=request) for name, request in TRACE_REQUESTS.items()}


def traces_router(runner: Runner, admission: Admission) -> APIRouter:
    """The route that computes traces."""
    router = APIRouter(prefix="/api/v1", tags=["traces"], route_class=body_route(runner.settings.longest_list))

    @router.post(
        "/traces",
        summary="Run an LSTM on a sequence and see inside",
        response_model=TraceAnswer,
        responses=PROBLEMS,
    )
    async def create_trace(
        request: Annotated[TraceRequest, Body(openapi_examples=EXAMPLES)],
        connection: Request,
        encoding: Annotated[Encoding, Query(description="How tensors are written.")] = Encoding.LIST,
        weights: Annotated[bool, Query(description="Whether to add the model's state_dict.")] = False,
    ) -> Response:
        """Every gate, the cell state and the hidden state of every unit at every step, time first."""
        compute = partial(create_content, request, runner, encoding, with_weights=weights)
        async with while_connected(connection):
            price = await anyio.to_thread.run_sync(price_of_run, request, runner.store, runner.settings.max_steps, 2)
            parts, place = await admission.compute_parts(price, compute)
        return InParts(parts, "application/json", on_end=place.close)

    return router


@torch.inference_mode()
def create_content(request: TraceRequest, runner: Runner, encoding: Encoding, *, with_weights: bool) -> list[bytes]:
    """The answer's bytes in parts; raises as `trace_answer`."""
    return written(trace_answer(request, runner, with_weights=with_weights), encoding)


def written(answer: Mapping[str, Any], encoding: Encoding) -> list[bytes]:
    """The parts of an answer; raises Cancelled if no one waits for them any more."""
    parts = []
    for part in encode(answer, encoding):
        check_cancelled()
        parts.append(part)
    return parts


def trace_answer(request: TraceRequest, runner: Runner, *, with_weights: bool) -> dict[str, Any]:
    """The answer before it is encoded; its agreement is a function that waits. Raises as `Runner.prepare`."""
    run, agreement = runner.run_and_compare(request, with_weights=with_weights)
    return {
        "model": describe_model(request.model.type, run.model, with_weights=with_weights),
        "sequence": describe_sequence(request.sequence.type, run),
        "layers": [describe_layer(layer) for layer in run.trace.layers],
        "output": describe_output(run),
        "agreement": agreement and (lambda: describe_agreement(agreement.result())),
    }
