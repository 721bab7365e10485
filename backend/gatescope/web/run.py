"""A request's run: prepared within all limits, run, and compared with `torch.nn.LSTM`."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gatescope.errors import LimitExceeded
from gatescope.lstm.agreement import Agreement, agreement, reference_output
from gatescope.lstm.cancellation import check_cancelled
from gatescope.lstm.change import with_changes
from gatescope.lstm.magnitude import check_magnitudes
from gatescope.lstm.trace import Trace, trace
from gatescope.models.sources.random import random_model
from gatescope.models.sources.store import ModelStore
from gatescope.web.requests import schemas
from gatescope.web.requests.conditions import read_changes, read_initial_state, read_interventions
from gatescope.web.requests.inputs import Input, read_input, read_input_for
from gatescope.web.requests.models import Model, SizedModelRequest, check_units, fitted_model, sized_model
from gatescope.web.settings import Settings

# Work beside the thread of a request; no work here waits for work that was submitted later.
BESIDE = ThreadPoolExecutor(thread_name_prefix="gatescope-beside")


@dataclass(frozen=True)
class Setup:
    """A model with its input, ready to run."""

    model: Model
    input: Input

    @property
    def targets(self) -> Tensor | None:
        """The right outputs of a task, where the read-out has as many outputs as the task has answers."""
        task = self.input.task
        return self.input.targets if task and self.model.outputs == len(task.outputs) else None

    def changed(self, changes: list[schemas.ChangeRequest]) -> "Setup":
        """The same input for a changed copy of the model; raises InvalidInput if a change does not fit it."""
        if not changes:
            return self
        network = with_changes(self.model.network, read_changes(changes))
        return replace(self, model=replace(self.model, network=network))


@dataclass(frozen=True)
class Run(Setup):
    """A model and its input after the run."""

    trace: Trace


@dataclass(frozen=True)
class Runner:
    """Prepares and runs what requests describe."""

    settings: Settings
    store: ModelStore

    def prepare(self, request: schemas.TraceRequest, *, with_weights: bool = False) -> Setup:
        """The changed model of a request with its input; ``with_weights`` if the answer will hold the weights.

        Raises:
            InvalidInput: a value of the request is wrong.
            LimitExceeded: the request or its answer would be larger than the settings allow.
        """
        limits = self.settings.sequence_limits
        max_hidden_size = self.settings.max_hidden_size
        if isinstance(request.model, SizedModelRequest):
            model = sized_model(request.model, max_hidden_size, self.store)
            setup = Setup(model, read_input_for(model, request.sequence, limits))
        else:
            check_units(request.model, max_hidden_size)
            given = read_input(request.sequence, limits)
            setup = Setup(fitted_model(request.model, *given.x.shape), given)
        self._check_answer(setup, with_weights=with_weights)
        return setup.changed(request.changes)

    def run(self, request: schemas.TraceRequest, setup: Setup | None = None) -> Run:
        """Runs a request, on its own setup unless one is given; raises as `prepare`."""
        setup = setup or self.prepare(request)
        network = setup.model.network
        state = read_initial_state(request.initial_state, network)
        interventions = read_interventions(request.interventions)
        traced = trace(network, setup.input.x, state, interventions)
        check_magnitudes(network, traced, interventions)
        return Run(setup.model, setup.input, traced)

    def run_and_compare(
        self, request: schemas.TraceRequest, *, with_weights: bool
    ) -> tuple[Run, Future[Agreement] | None]:
        """Runs a request, and begins to compare the run with `torch.nn.LSTM`, unless there are interventions.

        The kernel and `nn.LSTM` run side by side on two cores, for neither needs Python meanwhile.
        """
        setup = self.prepare(request, with_weights=with_weights)
        is_plain = not (request.initial_state or request.interventions)
        output = BESIDE.submit(copy_context().run, _reference, setup) if is_plain else None
        run = self.run(request, setup)
        return run, None if request.interventions else BESIDE.submit(copy_context().run, _compare, run, output)

    def _check_answer(self, setup: Setup, *, with_weights: bool) -> None:
        numbers, limit = count_numbers(setup, with_weights=with_weights), self.settings.max_answer_cells
        if numbers > limit:
            raise LimitExceeded(
                "the number of values in the answer (about 6 × steps × units × layers)",
                actual=numbers,
                limit=limit,
                setting="GATESCOPE_MAX_ANSWER_CELLS",
            )


def count_numbers(setup: Setup, *, with_weights: bool) -> int:
    """The number of numbers in an answer, known before anything is computed."""
    network, steps = setup.model.network, len(setup.input.x)
    cell = network.first_cell
    in_and_out = steps * (cell.input_size + setup.model.outputs)
    layer = 2 * cell.hidden_size * (3 * steps + 1)
    weights = 4 * cell.hidden_size * (cell.input_size + cell.hidden_size + 2)
    return in_and_out + len(network.cells) * (layer + with_weights * weights)


@torch.inference_mode()
def _reference(setup: Setup) -> Tensor:
    check_cancelled()
    network, x = setup.model.network, setup.input.x
    return reference_output(network, network.front(x) if network.front else x)


@torch.inference_mode()
def _compare(run: Run, output: Future[Tensor] | None) -> Agreement:
    check_cancelled()
    return agreement(run.model.network, run.trace, output.result() if output else None)


def check_one_trace() -> None:
    """Runs a small LSTM, and raises RuntimeError if ``torch.nn.LSTM`` differs."""
    with torch.inference_mode():
        cell = random_model(2, 8, initialisation="pytorch", steps=16, seed=0).cell
        x = torch.linspace(-1, 1, 32).reshape(16, 2)  # (T, I)
        measured = agreement(cell, trace(cell, x))
    if not measured.holds:
        raise RuntimeError(f"Gatescope and torch.nn.LSTM differ by {measured.largest}")
