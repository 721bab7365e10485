"""How a trace grows with the number of steps, to a million: its time, and the memory beyond the tensors returned."""

import math
import multiprocessing
import resource
import statistics
import time
from typing import Any

import torch
from torch import nn

import report
from gatescope import from_torch, trace

HIDDEN_SIZE, INPUT_SIZE = 32, 1
STEPS = (1_000, 10_000, 100_000, 1_000_000)
KIBIBYTE = 1024


def main() -> None:
    """Measure and print one table."""
    options = report.options(__doc__, repeats=3)
    spawn = multiprocessing.get_context("spawn")
    rows: list[dict[str, Any]] = []
    for steps in STEPS:
        with spawn.Pool(1) as fresh:  # peak memory is that of a process
            rows.append(fresh.apply(_measure, (steps, options.repeats)))
    first, last = rows[0], rows[-1]
    slope = _log_ratio(last, first, "ms") / math.log(last["T"] / first["T"])
    title = f"One layer of {HIDDEN_SIZE} units as T grows; the slope of log time over log T is {slope:.3f}"
    report.report("growth", title, rows, report.machine("torch", "numba"), options.json)


def _log_ratio(one: dict[str, Any], other: dict[str, Any], name: str) -> float:
    return math.log(statistics.median(one[name]) / statistics.median(other[name]))


@torch.inference_mode()
def _measure(steps: int, repeats: int) -> dict[str, Any]:
    torch.set_num_threads(1)
    cell, x = from_torch(nn.LSTM(INPUT_SIZE, HIDDEN_SIZE)), torch.randn(steps, INPUT_SIZE)
    trace(cell, x[:100])  # compiles
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        layer = trace(cell, x).layers[0]
        seconds.append(time.perf_counter() - start)
        returned = 6 * layer.cell_state.nbytes
        del layer
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * KIBIBYTE
    return {
        "T": steps,
        "ms": [each * 1e3 for each in seconds],
        "µs a step": statistics.median(seconds) / steps * 1e6,
        "returned, MB": returned / 1e6,
        "peak ÷ returned": grown / returned,
    }


if __name__ == "__main__":
    main()
