"""What a step of one layer costs: Gatescope, which keeps all six tensors, beside what a user would run instead.

All take the same sequence of 1000 steps in turns within one run; microseconds a step, medians. nn.LSTM shows h only.
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

import torch
from torch import Tensor, nn

from gatescope import from_torch, trace
from gatescope.lstm.layer import plain_loop, starting_state

STEPS, INPUT_SIZE = 1000, 8
HIDDEN_SIZES = (16, 32, 64, 128, 256, 512)
BATCHES = (1, 16)


@torch.inference_mode()
def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_known_args()[0].repeats
    print(f"One layer over {STEPS} steps, µs a step: medians of {repeats} turns, spread of Gatescope's beside them")
    print(f"Python {platform.python_version()}, torch {version('torch')}, numba {version('numba')}", platform.machine())
    names = ("textbook loop", "nn.LSTMCell", "nn.LSTM, 1 thread", "nn.LSTM, 2 threads", "Gatescope")
    print(f"{'B':>3}{'H':>5}" + "".join(f"{name:>20}" for name in names) + f"{'÷ nn.LSTM':>11}{'loop ÷':>8}")
    for batch in BATCHES:
        for hidden_size in HIDDEN_SIZES:
            _print_row(batch, hidden_size, names, repeats)


def _print_row(batch: int, hidden_size: int, names: tuple[str, ...], repeats: int) -> None:
    lstm, x = nn.LSTM(INPUT_SIZE, hidden_size), torch.randn(STEPS, batch, INPUT_SIZE)
    cell = from_torch(lstm)
    ways: dict[str, tuple[int, Callable[[], object]]] = {
        "textbook loop": (1, lambda: plain_loop(cell, x, starting_state(cell, x, None))),
        "nn.LSTMCell": (1, lambda: _cell_loop(lstm, x)),
        "nn.LSTM, 1 thread": (1, lambda: lstm(x)),
        "nn.LSTM, 2 threads": (2, lambda: lstm(x)),
        "Gatescope": (2, lambda: trace(cell, x)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(repeats + 1):
        for name in names:
            threads, way = ways[name]
            torch.set_num_threads(threads)
            start = time.perf_counter()
            way()
            if turn:  # the first one warms up
                seconds[name].append((time.perf_counter() - start) / STEPS * 1e6)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ours, theirs = medians["Gatescope"], min(medians["nn.LSTM, 1 thread"], medians["nn.LSTM, 2 threads"])
    spread = f" ({min(seconds['Gatescope']):.2f} … {max(seconds['Gatescope']):.2f})"
    figures = "".join(f"{medians[name]:20.2f}" for name in names)
    print(
        f"{batch:3}{hidden_size:5}{figures}{ours / theirs:11.2f}{medians['textbook loop'] / ours:8.1f}{spread}",
        flush=True,
    )


def _cell_loop(lstm: nn.LSTM, x: Tensor) -> Tensor:
    cell = nn.LSTMCell(lstm.input_size, lstm.hidden_size)
    state = (x.new_zeros(x.shape[1], lstm.hidden_size), x.new_zeros(x.shape[1], lstm.hidden_size))
    for x_t in x:
        state = cell(x_t, state)
    return state[0]


if __name__ == "__main__":
    main()
