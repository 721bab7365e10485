"""A request for a trace over loopback, from a client in another process: to the last byte, and where the time goes.

The split is measured in this process, one part after the other; the server overlaps the trace, its comparison with
nn.LSTM and the encoding. What the whole takes beyond the server's own work is named send: HTTP and the socket.
"""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import torch

from gatescope.lstm.agreement import agreement
from gatescope.models.sources.store import ModelStore
from gatescope.web.answers.wire import Encoding, encode
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.routes.traces import create_content, trace_answer
from gatescope.web.run import Runner
from gatescope.web.settings import Settings
from report import machine, options, report
from serving import served

SIZES = ((200, 32), (1000, 128), (2000, 256))
T = TypeVar("T")


def main() -> None:
    """Measure and print one table."""
    chosen = options(__doc__, repeats=15)
    torch.set_num_threads(1)  # as a worker of the server has it on two cores
    with served() as address:
        rows = [
            _measure(address, steps, units, encoding, chosen.repeats)
            for steps, units in SIZES
            for encoding in (Encoding.BASE64, Encoding.LIST)
        ]
    described = machine("torch", "numba", "orjson", "uvicorn")
    title = f"A request to its last byte, ms: medians of {chosen.repeats} turns with the smallest and the largest"
    report("request", title, rows, described, chosen.json)


def _measure(address: str, steps: int, units: int, encoding: Encoding, repeats: int) -> dict[str, Any]:
    model = {"type": "random", "hidden_size": units, "seed": 0}
    sequence = {"type": "signal", "name": "noise", "steps": steps, "seed": 0}
    body = json.dumps({"model": model, "sequence": sequence})
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    turns: dict[str, list[float]] = {}
    size = 0
    for turn in range(repeats + 1):
        parts = _split(body, encoding)
        started = time.perf_counter()
        size = _ask(connection, body, encoding)
        whole = (time.perf_counter() - started) * 1e3
        if turn:  # the first one warms up
            for name, value in {"whole": whole, **parts, "send": whole - parts["answer"]}.items():
                turns.setdefault(name, []).append(value)
    connection.close()
    return {"T × H": f"{steps} × {units}", "encoding": encoding.value, "MB": size / 1e6, **turns}


def _ask(connection: http.client.HTTPConnection, body: str, encoding: Encoding) -> int:
    path = f"/api/v1/traces?encoding={encoding.value}"
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    return len(connection.getresponse().read())


@torch.inference_mode()
def _split(body: str, encoding: Encoding) -> dict[str, float]:
    runner = Runner(Settings(), ModelStore("memory://models"))
    milliseconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        result = work()
        milliseconds[name] = (time.perf_counter() - started) * 1e3
        return result

    def parse() -> Any:
        request = TraceRequest.model_validate_json(body)
        return request, runner.prepare(request)

    request, setup = timed("parse", parse)
    traced = timed("trace", lambda: runner.run(request, setup).trace)
    timed("agreement", lambda: agreement(setup.model.network, traced))
    answer = trace_answer(request, runner, with_weights=False)
    answer["agreement"] = answer["agreement"]()
    timed("encode", lambda: list(encode(answer, encoding)))
    timed("answer", lambda: create_content(request, runner, encoding, with_weights=False))
    return milliseconds


if __name__ == "__main__":
    main()
