import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from gatescope.web.app import create_app
from gatescope.web.problem_kinds import PROBLEMS
from gatescope.web.settings import Settings

Serve = Callable[..., httpx.Client]


@contextmanager
def running_server(settings: Settings) -> Iterator[httpx.Client]:
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """A client of a real server with the default settings."""
    with running_server(Settings()) as client:
        yield client


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts further servers with other settings."""
    with ExitStack() as servers:
        yield lambda **settings: servers.enter_context(running_server(Settings(**settings)))


@pytest.fixture(scope="session")
def assert_problem() -> Callable[..., dict[str, Any]]:
    """Asserts the one shape of every error and returns its first error."""

    def check(response: httpx.Response, kind: str, **expected: Any) -> dict[str, Any]:
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert set(problem) == {"type", "title", "status", "detail", "errors"}
        assert problem["type"] == f"/problems/{kind}", problem
        assert problem["status"] == response.status_code == PROBLEMS[kind].status
        assert problem["title"] == PROBLEMS[kind].title
        assert problem["errors"], "every problem says at least one error"
        for error in problem["errors"]:
            assert set(error) == {"field", "message", "code", "context"}
            assert error["message"]
        assert problem["detail"].startswith(problem["errors"][0]["message"])
        assert len(response.content) < 10_000, "a problem never echoes a large body"
        first: dict[str, Any] = problem["errors"][0]
        for name, value in expected.items():
            assert first[name] == value
        return first

    return check
