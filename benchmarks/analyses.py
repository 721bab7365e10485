"""What a question about one unit costs at 1000 steps × 128 units, beside the trace that it is asked of.

Time is taken in turns with the trace; peak memory is what a process of its own grows by, its answer included.
"""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

import report
from gatescope import Intervention, LSTMNetwork, analysis, trace
from gatescope.lstm.trace import Trace

STEPS, HIDDEN_SIZE, INPUT_SIZE, OUTPUTS = 1000, 128, 8, 8
UNIT = 7
SOON, GRADIENT = 150, 500  # ms within which an answer is to come
MOST = 4  # times the trace
HELD = Intervention("forget_gate", 0.9, units=(UNIT,))
KIBIBYTE = 1024


@dataclass(frozen=True)
class Run:
    """A network with a read-out, and a run of it."""

    network: LSTMNetwork
    x: Tensor

    @property
    def last(self) -> int:
        return len(self.x) - 1

    @cached_property
    def trace(self) -> Trace:
        return trace(self.network, self.x)

    @cached_property
    def other(self) -> Trace:
        return trace(self.network, self.x.flip(0))


class Question(NamedTuple):
    goal: int
    ask: Callable[[Run], object]


QUESTIONS = {
    "contributions": Question(SOON, lambda run: analysis.contributions(run.network, run.trace, 0, run.last, UNIT)),
    "retention": Question(SOON, lambda run: analysis.retention(run.trace, 0, UNIT)),
    "half-lives": Question(SOON, lambda run: analysis.half_lives(run.trace, 0)),
    "writes": Question(SOON, lambda run: analysis.writes(run.trace, 0, run.last, [UNIT])),
    "health": Question(SOON, lambda run: analysis.health(run.trace)),
    "compare": Question(SOON, lambda run: analysis.compare(run.trace, run.other)),
    "ranking": Question(SOON, lambda run: analysis.rank_units(run.trace, analysis.position(len(run.x)))),
    "a gate held": Question(SOON, lambda run: trace(run.network, run.x, interventions=[HELD])),
    "gradients of C": Question(GRADIENT, lambda run: analysis.state_gradients(run.network, run.trace, UNIT)),
    "gradients of h": Question(
        GRADIENT, lambda run: analysis.state_gradients(run.network, run.trace, UNIT, quantity="hidden_state")
    ),
    "gradient reach": Question(GRADIENT, lambda run: analysis.gradient_reach(run.x, HIDDEN_SIZE, seed=0, unit=UNIT)),
    "connectivity": Question(GRADIENT, lambda run: analysis.connectivity(run.network, run.trace, output=0)),
    "integrated gradients": Question(
        GRADIENT, lambda run: analysis.integrated_gradients(run.network, run.trace, analysis.StateTarget(UNIT))
    ),
}


def main() -> None:
    """Measure and print one table."""
    options = report.options(__doc__, repeats=9)
    spawn = multiprocessing.get_context("spawn")
    rows: list[dict[str, Any]] = []
    for name in QUESTIONS:
        with spawn.Pool(1) as fresh:  # peak memory is that of a process
            rows.append(fresh.apply(_measure, (name, options.repeats)))
    title = f"One unit of {STEPS} steps × {HIDDEN_SIZE} units: medians of {options.repeats} turns and their spread"
    report.report("analyses", title, rows, report.machine("torch", "numba"), options.json)


@torch.no_grad()
def _measure(name: str, repeats: int) -> dict[str, Any]:
    torch.set_num_threads(1)
    goal, ask = QUESTIONS[name]
    run = _run()
    ask(Run(run.network, run.x[:100]))  # compiles, and loads what it needs
    returned = _nbytes(run.trace) if run.other else 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ask(run)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * KIBIBYTE / returned
    traced, asked = [], []
    for _ in range(repeats):
        traced.append(_ms(lambda: trace(run.network, run.x)))
        asked.append(_ms(lambda: ask(run)))
    median = statistics.median(asked)
    return {
        "question": name,
        "ms": asked,
        "goal, ms": goal,
        "time": _met(median <= goal),
        "trace, ms": traced,
        "÷ trace": median / statistics.median(traced),
        "peak ÷ trace": grown,
        "goal, ×": MOST,
        "memory": _met(grown <= MOST),
    }


def _run() -> Run:
    torch.manual_seed(0)
    network = LSTMNetwork(INPUT_SIZE, HIDDEN_SIZE)
    network.read_out = nn.Linear(HIDDEN_SIZE, OUTPUTS)
    return Run(network, torch.randn(STEPS, INPUT_SIZE))


def _nbytes(traced: Trace) -> int:
    return sum(6 * layer.cell_state.nbytes for layer in traced.layers)


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


if __name__ == "__main__":
    main()
