"""POST /api/v1/traces: run an LSTM on a sequence and answer with everything that happened inside."""

from typing import Annotated, Any

import anyio.to_thread
import torch
from anyio import CapacityLimiter
from fastapi import APIRouter, Body, Query, Response
from fastapi.openapi.models import Example

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.lstm.agreement import agreement
from gatescope.lstm.cell import Step
from gatescope.lstm.trace import Trace, trace
from gatescope.models.random import RandomModel, random_model
from gatescope.web.answer import (
    count_cells,
    describe_agreement,
    describe_layer,
    describe_model,
    describe_sequence,
)
from gatescope.web.answer_schemas import TraceAnswer
from gatescope.web.examples import TRACE_REQUESTS
from gatescope.web.inputs import hidden_size, read_initial_state, read_model, read_sequence
from gatescope.web.problems import documented
from gatescope.web.schemas import TraceRequest
from gatescope.web.settings import Settings
from gatescope.web.wire import Encoding, encode

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


def traces_router(settings: Settings, workers: CapacityLimiter) -> APIRouter:
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
        content = await anyio.to_thread.run_sync(_compute, request, settings, encoding, weights, limiter=workers)
        return Response(content, media_type="application/json")

    return router


@torch.inference_mode()
def _compute(request: TraceRequest, settings: Settings, encoding: Encoding, with_weights: bool) -> bytes:
    return encode(trace_answer(request, settings, with_weights=with_weights), encoding)


def trace_answer(request: TraceRequest, settings: Settings, *, with_weights: bool) -> dict[str, Any]:
    """The whole answer, its tensors not yet encoded.

    Raises:
        InvalidInput: a value of the request is wrong.
        LimitExceeded: it asks for more than the settings allow.
    """
    units = hidden_size(request.model, settings.max_hidden_size)
    sequence = read_sequence(request.sequence, settings.sequence_limits)
    steps, input_size = sequence.values.shape
    _check_cells(count_cells(steps, input_size, units, with_weights=with_weights), settings)
    model = read_model(request.model, input_size, steps)
    cell = model.cell if isinstance(model, RandomModel) else model
    fed = torch.from_numpy(sequence.values).to(torch.float32)  # (T, I)
    traced = trace(cell, fed, read_initial_state(request.initial_state, cell.hidden_size))
    _check_finite(traced)
    return {
        "model": describe_model(request.model.type, model, with_weights=with_weights),
        "sequence": describe_sequence(request.sequence.type, sequence, fed),
        "layers": [describe_layer(layer) for layer in traced.layers],
        "agreement": describe_agreement(agreement(cell, traced)),
    }


def check_one_trace() -> None:
    """Run a small LSTM and compare it with ``torch.nn.LSTM``.

    Raises:
        RuntimeError: if the two disagree.
    """
    with torch.inference_mode():
        cell = random_model(2, 8, initialisation="pytorch", steps=16, seed=0).cell
        x = torch.linspace(-1, 1, 32).reshape(16, 2)  # (T, I)
        found = agreement(cell, trace(cell, x))
    if not found.holds:
        raise RuntimeError(f"Gatescope and torch.nn.LSTM differ by {found.largest}")


def _check_cells(cells: int, settings: Settings) -> None:
    if cells > settings.max_answer_cells:
        raise LimitExceeded(
            "the number of values in the answer (about 6 × steps × units)",
            actual=cells,
            limit=settings.max_answer_cells,
            setting="GATESCOPE_MAX_ANSWER_CELLS",
        )


def _check_finite(traced: Trace) -> None:
    for layer in traced.layers:
        for name in Step._fields:
            finite = torch.isfinite(getattr(layer, name)).all(dim=-1)  # (T)
            if not finite.all():
                step = int((~finite).nonzero()[0])
                message = f"{name} overflows float32 at step {step}; scale the sequence, or use smaller weights"
                raise InvalidInput(message, code="overflow", quantity=name, step=step)
