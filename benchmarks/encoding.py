"""What writing an answer as JSON costs: Gatescope's two encodings beside the standard library's json.

All write the same answer to a request for 1000 steps × 128 units, in turns within one run, so that whatever else
the machine does falls on all of them alike.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from gatescope.models.sources.store import ModelStore
from gatescope.web.answers.wire import Encoding, encode
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.routes.traces import trace_answer
from gatescope.web.run import Runner
from gatescope.web.settings import Settings
from report import machine, options, report

REQUEST = TraceRequest.model_validate(
    {
        "model": {"type": "random", "hidden_size": 128, "seed": 0},
        "sequence": {"type": "signal", "name": "noise", "steps": 1000, "seed": 0},
    }
)


def main() -> None:
    """Measure and print one table."""
    chosen = options(__doc__, repeats=15)
    with torch.inference_mode():
        runner = Runner(Settings(), ModelStore("memory://models"))
        answer = trace_answer(REQUEST, runner, with_weights=False)
    ways: dict[str, Callable[[], bytes]] = {
        "standard library json": lambda: json.dumps(answer, default=_plain).encode(),
        "gatescope, list": lambda: b"".join(encode(answer, Encoding.LIST)),
        "gatescope, base64": lambda: b"".join(encode(answer, Encoding.BASE64)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(chosen.repeats):
        for name, way in ways.items():
            seconds[name].append(_time(way))
    baseline = statistics.median(seconds["standard library json"])
    rows = [
        {
            "way": name,
            "ms": [second * 1e3 for second in times],
            "MB": len(ways[name]()) / 1e6,
            "of json": statistics.median(times) / baseline,
        }
        for name, times in seconds.items()
    ]
    title = f"Encoding an answer of 1000 steps × 128 units: medians of {chosen.repeats} turns, with the spread"
    report("encoding", title, rows, machine("orjson"), chosen.json)


def _plain(value: Any) -> Any:
    return value() if callable(value) else value.tolist()


def _time(way: Callable[[], bytes]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
