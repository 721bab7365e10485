"""What writing an answer as JSON costs: Gatescope's two encodings beside the standard library's json.

All write the same answer to a request for 1000 steps × 128 units, in turns within one run, so that whatever else
the machine does falls on all of them alike.
"""

import json
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import torch

from gatescope.models.store import ModelStore
from gatescope.web.schemas import TraceRequest
from gatescope.web.settings import Settings
from gatescope.web.traces import trace_answer
from gatescope.web.wire import Encoding, encode

REPEATS = 15
REQUEST = TraceRequest.model_validate(
    {
        "model": {"type": "random", "hidden_size": 128, "seed": 0},
        "sequence": {"type": "signal", "name": "noise", "steps": 1000, "seed": 0},
    }
)


def main() -> None:
    """Measure and print one table."""
    with torch.inference_mode():
        answer = trace_answer(REQUEST, Settings(), ModelStore("memory://models"), with_weights=False)
    ways: dict[str, Callable[[], bytes]] = {
        "standard library json": lambda: json.dumps(answer, default=_plain).encode(),
        "gatescope, list": lambda: b"".join(encode(answer, Encoding.LIST)),
        "gatescope, base64": lambda: b"".join(encode(answer, Encoding.BASE64)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, way in ways.items():
            seconds[name].append(_time(way))
    _print_table(ways, seconds)


def _plain(value: Any) -> Any:
    return value() if callable(value) else value.tolist()


def _time(way: Callable[[], bytes]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _print_table(ways: dict[str, Callable[[], bytes]], seconds: dict[str, list[float]]) -> None:
    print(f"Encoding an answer of 1000 steps × 128 units: medians of {REPEATS} turns")
    print(
        f"Python {platform.python_version()}, orjson {version('orjson')}, {platform.machine()}, {platform.system()}\n"
    )
    baseline = statistics.median(seconds["standard library json"])
    print(f"{'':24}{'ms':>8}{'min … max':>18}{'MB':>8}{'of json':>10}")
    for name, times in seconds.items():
        median, spread = statistics.median(times), f"{min(times) * 1e3:.1f} … {max(times) * 1e3:.1f}"
        megabytes = len(ways[name]()) / 1e6
        print(f"{name:24}{median * 1e3:8.1f}{spread:>18}{megabytes:8.1f}{median / baseline:10.3f}")


if __name__ == "__main__":
    main()
