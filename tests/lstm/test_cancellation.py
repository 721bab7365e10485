"""Work that no one waits for ends: the compiled loop within a step, the analyses within a step or a point."""

import threading
from collections.abc import Callable
from contextvars import copy_context

import pytest
import torch
from torch import nn

from gatescope import LSTMNetwork, analysis, trace
from gatescope.errors import Cancelled
from gatescope.lstm import kernel
from gatescope.lstm.cancellation import Cancellation, current
from gatescope.lstm.cell import LSTMSimpleCell, Step
from gatescope.lstm.trace import Trace

STEPS = 20_000


@pytest.mark.parametrize(
    ("hidden_size", "threads"), [(256, 1), (1024, 2)], ids=["alone", "units shared by two threads"]
)
def test_the_loop_leaves_out_the_steps_after_the_cancellation(
    hidden_size: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms: list[Step] = []
    begun = threading.Event()
    empty = kernel._empty

    def watched_room(cell: LSTMSimpleCell, shape: tuple[int, ...]) -> Step:
        rooms.append(Step(*(tensor.fill_(torch.nan) for tensor in empty(cell, shape))))
        begun.set()
        return rooms[0]

    monkeypatch.setattr(kernel, "_empty", watched_room)
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    cell, cancellation, outcome = LSTMSimpleCell(1, hidden_size).requires_grad_(False), Cancellation(), list[str]()

    def run() -> None:
        with cancellation.watched(), pytest.raises(Cancelled):
            trace(cell, torch.zeros(STEPS, 1))
        outcome.append("cancelled")

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(60)
    while not bool(rooms[0].hidden_state[0].isfinite().all()):
        assert thread.is_alive()
    cancellation.cancel()
    thread.join(60)
    assert outcome == ["cancelled"]
    assert int(rooms[0].hidden_state[:, 0].isfinite().sum()) < STEPS


NETWORK = LSTMNetwork(3, 4)
NETWORK.read_out = nn.Linear(4, 2)
ANALYSES: dict[str, Callable[[Trace], object]] = {
    "state gradients": lambda run: analysis.state_gradients(NETWORK, run, 0),
    "connectivity": lambda run: analysis.connectivity(NETWORK, run),
    "integrated gradients": lambda run: analysis.integrated_gradients(NETWORK, run, analysis.OutputTarget()),
    "gradient reach": lambda run: analysis.gradient_reach(run.fed, 4, seed=0),
    "silencing": lambda run: list(analysis.silence_each_unit(NETWORK, run.fed).units),
}


@pytest.mark.parametrize("ask", ANALYSES.values(), ids=ANALYSES)
@torch.no_grad()
def test_an_analysis_stops_as_well(ask: Callable[[Trace], object]) -> None:
    run, cancellation = trace(NETWORK, torch.zeros(20, 3)), Cancellation()
    with cancellation.watched():
        ask(run)
        cancellation.cancel()
        with pytest.raises(Cancelled):
            ask(run)
    ask(run)


def test_a_run_with_gradients_stops_as_well() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with cancellation.watched(), pytest.raises(Cancelled):
        trace(LSTMSimpleCell(1, 2), torch.zeros(5, 1))


def test_a_thread_with_a_copy_of_the_context_looks_at_the_same_flag() -> None:
    cancellation, flags = Cancellation(), list[object]()
    with cancellation.watched():
        context = copy_context()
    thread = threading.Thread(target=context.run, args=(lambda: flags.append(current()),))
    thread.start()
    thread.join()
    assert flags == [cancellation]
