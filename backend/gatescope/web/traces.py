"""POST /api/v1/traces: run an LSTM on a sequence and answer with everything that happened inside."""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any

import anyio.to_thread
import torch
from anyio import CapacityLimiter
from fastapi import APIRouter, Body, Query, Response
from fastapi.openapi.models import Example
from torch import Tensor

from gatescope.errors import LimitExceeded
from gatescope.lstm.agreement import Agreement, agreement, reference_output
from gatescope.lstm.magnitude import check_magnitudes
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
from gatescope.web.in_parts import InParts
from gatescope.web.inputs import Prepared, changed, prepare, read_initial_state, read_interventions
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

# A request's tasks beside its own thread; none of them waits for one that was handed in later.
BESIDE = ThreadPoolExecutor(thread_name_prefix="gatescope-beside")
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
    # The kernel and nn.LSTM both leave Python alone while they run, and so use two cores; comparing waits for both.
    is_plain = not (request.initial_state or request.interventions)
    output = BESIDE.submit(_reference, prepared) if is_plain else None
    traced = run_trace(request, prepared)
    compared = None if request.interventions else BESIDE.submit(_compare, prepared, traced, output)
    return {
        "model": describe_model(request.model.type, prepared, with_weights=with_weights),
        "sequence": describe_sequence(request.sequence.type, prepared.fed, traced.fed),
        "layers": [describe_layer(layer) for layer in traced.layers],
        "output": describe_output(traced.output, prepared),
        "agreement": compared and (lambda: describe_agreement(compared.result())),
    }


def prepare_trace(request: TraceRequest, settings: Settings, store: ModelStore, *, with_weights: bool) -> Prepared:
    """The sequence and the model, as the request changes it, within all limits; raises as `trace_answer`."""
    prepared = prepare(request, settings.sequence_limits, settings.max_hidden_size, store)
    _check_cells(prepared, settings, with_weights=with_weights)
    return changed(prepared, request.changes)


def run_trace(request: TraceRequest, prepared: Prepared) -> Trace:
    """Runs what a request describes; raises as `trace_answer`."""
    state = read_initial_state(request.initial_state, prepared)
    interventions = read_interventions(request.interventions)
    traced = trace(prepared.model, prepared.fed.x, state, interventions)
    check_magnitudes(prepared.model, traced, interventions)
    return traced


@torch.inference_mode()
def _reference(prepared: Prepared) -> Tensor:
    model, x = prepared.model, prepared.fed.x
    front = model.front if isinstance(model, LSTMNetwork) else None
    return reference_output(model, front(x) if front else x)


@torch.inference_mode()
def _compare(prepared: Prepared, traced: Trace, output: Future[Tensor] | None) -> Agreement:
    return agreement(prepared.model, traced, output.result() if output else None)


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
