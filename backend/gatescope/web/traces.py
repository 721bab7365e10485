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
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.trace import Trace, trace
from gatescope.models.random import random_model
from gatescope.models.store import ModelStore
from gatescope.web.answer import (
    count_cells,
    describe_agreement,
    describe_layer,
    describe_model,
    describe_output,
    describe_sequence,
)
from gatescope.web.answer_schemas import TraceAnswer
from gatescope.web.examples import TRACE_REQUESTS
from gatescope.web.inputs import Prepared, prepare, read_initial_state
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
        content = await anyio.to_thread.run_sync(_compute, request, settings, store, encoding, weights, limiter=workers)
        return Response(content, media_type="application/json")

    return router


@torch.inference_mode()
def _compute(
    request: TraceRequest, settings: Settings, store: ModelStore, encoding: Encoding, with_weights: bool
) -> bytes:
    return encode(trace_answer(request, settings, store, with_weights=with_weights), encoding)


def trace_answer(request: TraceRequest, settings: Settings, store: ModelStore, *, with_weights: bool) -> dict[str, Any]:
    """The whole answer, its tensors not yet encoded.

    Raises:
        InvalidInput: a value of the request is wrong.
        LimitExceeded: it asks for more than the settings allow.
    """
    prepared, traced = run_trace(request, settings, store, with_weights=with_weights)
    return {
        "model": describe_model(request.model.type, prepared, with_weights=with_weights),
        "sequence": describe_sequence(request.sequence.type, prepared.fed, traced.fed),
        "layers": [describe_layer(layer) for layer in traced.layers],
        "output": describe_output(traced.output, prepared),
        "agreement": describe_agreement(agreement(prepared.model, traced)),
    }


def run_trace(
    request: TraceRequest, settings: Settings, store: ModelStore, *, with_weights: bool
) -> tuple[Prepared, Trace]:
    """Runs what a request describes; raises as `trace_answer`."""
    prepared = prepare(request, settings.sequence_limits, settings.max_hidden_size, store)
    _check_cells(prepared, settings, with_weights=with_weights)
    traced = trace(prepared.model, prepared.fed.x, read_initial_state(request.initial_state, prepared))
    _check_finite(traced)
    return prepared, traced


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


def _check_cells(prepared: Prepared, settings: Settings, *, with_weights: bool) -> None:
    cell, model = prepared.first_cell, prepared.model
    cells = count_cells(
        len(prepared.fed.x),
        cell.input_size,
        cell.hidden_size,
        with_weights=with_weights,
        layers=len(model.cells) if isinstance(model, LSTMNetwork) else 1,
        outputs=prepared.outputs,
    )
    if cells > settings.max_answer_cells:
        raise LimitExceeded(
            "the number of values in the answer (about 6 × steps × units × layers)",
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
