"""What a server answers under 1, 2 and 10 times the load that it can take, and the memory that it needs for it.

Small traces, traces of 1000 × 128, answers of six million numbers and integrated gradients come at once, from a bounded
number of clients on this machine. A load of 1 is as many clients of each kind as the server has workers. Only 200 and
503 are right. /healthz is asked all the while.
"""

import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil

import report
from gatescope.web.settings import Settings
from serving import served_process

LOADS = (1, 2, 10)
SECONDS = 10  # of each load, less where fewer turns are asked for
SETTLING = 60  # seconds after which the memory is looked at again
PATIENCE = 120  # of a client
MEBIBYTE = 2**20


def _trace(steps: int, hidden_size: int, **more: Any) -> dict[str, Any]:
    model = {"type": "random", "hidden_size": hidden_size, "seed": 0}
    return {"model": model, "sequence": {"type": "signal", "name": "sine", "steps": steps}, **more}


KINDS = {
    "small": ("traces", _trace(200, 32)),
    "1000 × 128": ("traces", _trace(1000, 128)),
    "6M numbers": ("traces", _trace(20_000, 49)),
    "integrated gradients": ("analyses/integrated_gradients", _trace(998, 1000, target="cell_state")),
}


@dataclass
class Answers:
    """What the clients of one kind got: statuses, and the milliseconds of each answer with status 200."""

    statuses: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print one table."""
    options = report.options(__doc__, repeats=SECONDS)
    rows: list[dict[str, Any]] = []
    with served_process() as (server, address):
        process = psutil.Process(server.pid)
        _answer_once(address)
        idle = process.memory_info().rss
        for load in LOADS:
            rows += _measure(process, address, load, options.repeats)
        time.sleep(SETTLING)
        settled = process.memory_info().rss
    budget = Settings().max_answer_bytes_in_flight
    print(f"MiB: idle {idle / MEBIBYTE:.0f}, {SETTLING} s after the last load {settled / MEBIBYTE:.0f}", end="")
    print(f", budget of answers {budget / MEBIBYTE:.0f}")
    title = f"A server of {Settings().workers} workers under load, {options.repeats} s each"
    report.report("load", title, rows, report.machine("torch", "uvicorn"), options.json)


def _measure(process: psutil.Process, address: str, load: int, seconds: int) -> list[dict[str, Any]]:
    answers = {kind: Answers() for kind in KINDS}
    before, end = process.memory_info().rss, threading.Event()
    clients = load * (os.cpu_count() or 1)
    with _watched(process, address, end) as (peaks, healthy), ThreadPoolExecutor(clients * len(KINDS)) as threads:
        running = [threads.submit(_ask, address, kind, answers[kind], end) for kind in KINDS for _ in range(clients)]
        time.sleep(seconds)
        end.set()
        for each in running:
            each.result()
    after = process.memory_info().rss
    return [
        {
            "load": f"{load} ×",
            "kind": kind,
            "statuses": " ".join(f"{status}: {count}" for status, count in sorted(got.statuses.items())),
            "p50, ms": _percentile(got.ms, 50),
            "p99, ms": _percentile(got.ms, 99),
            "/healthz p99, ms": _percentile(healthy, 99),
            "RSS before, MiB": before / MEBIBYTE,
            "peak": max(peaks) / MEBIBYTE,
            "after": after / MEBIBYTE,
        }
        for kind, got in answers.items()
    ]


def _ask(address: str, kind: str, answers: Answers, end: threading.Event) -> None:
    """Asks again and again until the end, and a moment later after a refusal."""
    path, request = KINDS[kind]
    with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
        while not end.is_set():
            begun = time.perf_counter()
            try:
                status = str(client.post(f"/api/v1/{path}", json=request).status_code)
            except httpx.HTTPError as error:
                status = type(error).__name__
            answers.statuses[status] += 1
            if status == "200":
                answers.ms.append((time.perf_counter() - begun) * 1e3)
            elif end.wait(1):
                return


@contextmanager
def _watched(process: psutil.Process, address: str, end: threading.Event) -> Iterator[tuple[list[int], list[float]]]:
    """The memory of the server, and the milliseconds of /healthz, ten times a second until the end."""
    peaks, healthy = [process.memory_info().rss], list[float]()

    def watch() -> None:
        with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
            while not end.wait(0.1):
                begun = time.perf_counter()
                assert client.get("/healthz").status_code == httpx.codes.OK
                healthy.append((time.perf_counter() - begun) * 1e3)
                peaks.append(process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    yield peaks, healthy
    thread.join()


def _answer_once(address: str) -> None:
    for path, request in KINDS.values():
        httpx.post(f"{address}/api/v1/{path}", json=request, trust_env=False, timeout=PATIENCE).raise_for_status()


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else float("nan")


if __name__ == "__main__":
    main()
