"""A request's run: prepared within all limits, run, and compared with `torch.nn.LSTM`."""

from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor

from gatescope.errors import LimitExceeded
from gatescope.lstm.agreement import Agreement, agreement, reference_output
from gatescope.lstm.magnitude import check_magnitudes
from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.trace import Trace, trace
from gatescope.models.sources.random import random_model
from gatescope.models.sources.store import ModelStore
from gatescope.web.answers.description import count_cells
from gatescope.web.requests.inputs import Prepared, changed, prepare, read_initial_state, read_interventions
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.settings import Settings

# A request's tasks beside its own thread; none of them waits for one that was handed in later.
BESIDE = ThreadPoolExecutor(thread_name_prefix="gatescope-beside")


def prepare_trace(request: TraceRequest, settings: Settings, store: ModelStore, *, with_weights: bool) -> Prepared:
    """The sequence and the model, as the request changes it, within all limits.

    Raises:
        InvalidInput: a value of the request is wrong.
        LimitExceeded: it asks for more than the settings allow.
    """
    prepared = prepare(request, settings.sequence_limits, settings.max_hidden_size, store)
    _check_cells(prepared, settings, with_weights=with_weights)
    return changed(prepared, request.changes)


def run_trace(request: TraceRequest, prepared: Prepared) -> Trace:
    """Runs what a request describes; raises as `prepare_trace`."""
    state = read_initial_state(request.initial_state, prepared)
    interventions = read_interventions(request.interventions)
    traced = trace(prepared.model, prepared.fed.x, state, interventions)
    check_magnitudes(prepared.model, traced, interventions)
    return traced


def run_compared(request: TraceRequest, prepared: Prepared) -> tuple[Trace, Future[Agreement] | None]:
    """Runs what a request describes, and begins to compare it; with interventions there is nothing to compare with.

    The kernel and nn.LSTM both leave Python alone while they run, and so use two cores; comparing waits for both.
    """
    is_plain = not (request.initial_state or request.interventions)
    output = BESIDE.submit(_reference, prepared) if is_plain else None
    traced = run_trace(request, prepared)
    return traced, None if request.interventions else BESIDE.submit(_compare, prepared, traced, output)


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
