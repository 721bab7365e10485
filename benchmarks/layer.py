"""What a step of one layer costs: Gatescope, which keeps all six tensors, beside what a user would run instead.

All take the same sequence of 1000 steps in turns within one run. nn.LSTM gives h of each step and C of the last only;
with the gates recomputed it gives what Gatescope gives, as a user would write it.
"""

import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

import report
from gatescope import from_torch, trace
from gatescope.lstm import recovery
from gatescope.lstm.layer import plain_loop, starting_state

STEPS, INPUT_SIZE = 1000, 8
HIDDEN_SIZES = (16, 32, 64, 128, 256, 512)
BATCHES = (1, 16)
LOOP, CELL, ONE, TWO = "textbook loop", "nn.LSTMCell loop", "nn.LSTM, 1 thread", "nn.LSTM, 2 threads"
RECOMPUTED, GATESCOPE = "nn.LSTM + recomputed", "Gatescope"


@torch.inference_mode()
def main() -> None:
    """Measure and print one table."""
    options = report.options(__doc__, repeats=9)
    rows = [_row(batch, size, options.repeats) for batch in BATCHES for size in HIDDEN_SIZES]
    title = f"One layer over {STEPS} steps, µs a step: medians of {options.repeats} turns and their spread"
    report.report("layer", title, rows, report.machine("torch", "numba"), options.json)


def _row(batch: int, hidden_size: int, repeats: int) -> report.Row:
    lstm, x = nn.LSTM(INPUT_SIZE, hidden_size), torch.randn(STEPS, batch, INPUT_SIZE)
    cell = from_torch(lstm)
    state = starting_state(cell, x, None)
    ways: dict[str, tuple[int, Callable[[], object]]] = {
        LOOP: (1, lambda: plain_loop(cell, x, state)),
        CELL: (1, lambda: _cell_loop(lstm, x)),
        ONE: (1, lambda: lstm(x)),
        TWO: (2, lambda: lstm(x)),
        RECOMPUTED: (2, lambda: recovery.run(cell, x, state, backward=False)),
        GATESCOPE: (2, lambda: trace(cell, x)),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(repeats + 1):
        for name, (threads, way) in ways.items():
            torch.set_num_threads(threads)
            start = time.perf_counter()
            way()
            if turn:  # the first one warms up
                times[name].append((time.perf_counter() - start) / STEPS * 1e6)
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratios = {
        "÷ nn.LSTM": medians[GATESCOPE] / min(medians[ONE], medians[TWO]),
        "loop ÷": medians[LOOP] / medians[GATESCOPE],
    }
    return {"B": batch, "H": hidden_size, **times, **ratios}


def _cell_loop(lstm: nn.LSTM, x: Tensor) -> Tensor:
    cell = nn.LSTMCell(lstm.input_size, lstm.hidden_size)
    state = (x.new_zeros(x.shape[1], lstm.hidden_size), x.new_zeros(x.shape[1], lstm.hidden_size))
    for x_t in x:
        state = cell(x_t, state)
    return state[0]


if __name__ == "__main__":
    main()
