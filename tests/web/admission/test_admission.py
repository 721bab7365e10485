"""A server with more to do than it can: what is cheap goes on, what is dear waits or is refused, what is left stops."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from tests.conftest import Serve
from tests.wire import COUNTING, AssertProblem, Json, ask

from gatescope.analysis.quadrature import Line
from gatescope.lstm.cancellation import check_cancelled, current
from gatescope.web.admission import admission as admissions
from gatescope.web.questions.ranking import RANKING
from gatescope.web.routes import questions

DEAR: Json = {
    "model": {"type": "random", "hidden_size": 64, "seed": 0},
    "sequence": {"type": "signal", "name": "sine", "steps": 5000},
    "hypothesis": {"type": "position"},
}


class Endless:
    """Stands for a dear computation: it ends only when it is cancelled. It counts how many run."""

    def __init__(self) -> None:
        self.begun, self.running = threading.Semaphore(0), 0

    def __call__(self, question: Any, request: Any, runner: Any) -> dict[str, Any]:
        if question is not RANKING:
            return dict(question.compute(request, runner))
        self.running += 1
        self.begun.release()
        try:
            while True:
                check_cancelled()
                time.sleep(0.001)
        finally:
            self.running -= 1


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Endless:
    work = Endless()
    monkeypatch.setattr(questions, "_compute", work)
    return work


@contextmanager
def asked_for(client: httpx.Client, times: int) -> Iterator[list[socket.socket]]:
    """So many clients who wait for the answer to a dear question; they leave at the end of the block."""
    request = client.build_request("POST", "/api/v1/analyses/ranking", json=DEAR)
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    message = f"POST {request.url.path} HTTP/1.1\r\n{head}\r\n".encode() + request.content
    address = (client.base_url.host, client.base_url.port or 80)
    clients = [socket.create_connection(address, timeout=60) for _ in range(times)]
    try:
        for each in clients:
            each.sendall(message)
        yield clients
    finally:
        for each in clients:
            each.close()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_computation_stops_when_its_client_leaves(serve: Serve, endless: Endless) -> None:
    client = serve(workers=2)
    with asked_for(client, 2):
        assert all(endless.begun.acquire(timeout=30) for _ in range(2))
        assert endless.running == 2
    until(lambda: endless.running == 0)


def test_a_client_that_leaves_the_queue_leaves_its_place(serve: Serve, endless: Endless) -> None:
    client = serve(workers=1)
    with asked_for(client, 1) as (first,):
        assert endless.begun.acquire(timeout=30)
        with asked_for(client, 3):
            pass
        first.close()
        until(lambda: endless.running == 0)
    with asked_for(client, 1):
        assert endless.begun.acquire(timeout=30)


def test_a_computation_beyond_the_ceiling_is_stopped_and_says_so(
    serve: Serve, endless: Endless, assert_problem: AssertProblem
) -> None:
    error = assert_problem(ask(serve(max_seconds=1), "ranking", **DEAR), "out-of-time", code="out_of_time")
    assert error["context"] == {"seconds": 1, "setting": "GATESCOPE_MAX_SECONDS"}
    assert endless.running == 0


def test_a_cheap_request_never_waits_for_dear_ones(serve: Serve, endless: Endless) -> None:
    client = serve(workers=1)
    with asked_for(client, 5):
        assert endless.begun.acquire(timeout=30)
        assert client.post("/api/v1/traces", json=COUNTING).status_code == 200
        assert ask(client, "health", **COUNTING).status_code == 200
        assert endless.running == 1, "of the dear ones as many run as there are workers"


@pytest.mark.usefixtures("endless")
def test_beyond_the_queue_a_dear_request_is_told_when_to_ask_again(
    serve: Serve, assert_problem: AssertProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admissions, "DEAR_WAITING", 1)
    client = serve(workers=1, max_seconds=2)
    with ThreadPoolExecutor(3) as clients:
        answers = [answer.result() for answer in [clients.submit(ask, client, "ranking", **DEAR) for _ in range(3)]]
    kinds = sorted(answer.json()["type"] for answer in answers)
    assert kinds == ["/problems/out-of-time", "/problems/out-of-time", "/problems/overloaded"]
    (refused,) = (answer for answer in answers if answer.json()["type"] == "/problems/overloaded")
    error = assert_problem(refused, "overloaded", code="overloaded")
    assert refused.headers["retry-after"] == str(error["context"]["seconds"])


def test_points_are_taken_until_the_client_leaves(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, ended, gradients = list[int](), threading.Event(), Line._gradients

    def counted(line: Line, points: Any) -> Any:
        until(lambda: bool(current().flag[0]))
        try:
            result = gradients(line, points)
            taken.append(len(points))
            return result
        finally:
            ended.set()

    monkeypatch.setattr(Line, "_gradients", counted)
    request = {**COUNTING, "target": "output", "points": 4096}
    with pytest.raises(httpx.ReadTimeout):
        client.post("/api/v1/analyses/integrated_gradients", json=request, timeout=1)
    assert ended.wait(30)
    assert taken == []


def test_of_a_large_run_fewer_points_are_taken(client: httpx.Client) -> None:
    request: Json = {
        "model": {"type": "random", "hidden_size": 400, "seed": 0},
        "sequence": {"type": "signal", "name": "sine", "steps": 700},
        "target": "cell_state",
    }
    answer = ask(client, "integrated_gradients", **request, unit=0, points=4096).json()
    assert answer["points"] <= 4096 * 2048 / (400 * 700)
