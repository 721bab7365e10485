"""What holds for all tests: tensors' axes are checked while they run, torch keeps to one thread, servers are real."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import torch
import uvicorn
from hypothesis import settings
from jaxtyping import install_import_hook

DATA = tempfile.TemporaryDirectory(prefix="gatescope-tests-")
os.environ["GATESCOPE_DATA_DIR"] = DATA.name

# Before anything of gatescope is imported; what numba compiles cannot be wrapped.
LSTM = Path(__file__).parents[1] / "backend" / "gatescope" / "lstm"
COMPILED = ("__init__", "activations", "kernel", "lanes")
CHECKED = [f"gatescope.lstm.{path.stem}" for path in LSTM.glob("*.py") if path.stem not in COMPILED]
install_import_hook(CHECKED, "beartype.beartype")

from gatescope.web.app import create_app  # noqa: E402
from gatescope.web.settings import Settings  # noqa: E402

torch.set_num_threads(1)  # small tensors gain nothing from more, and timings stay even
settings.register_profile("gatescope", deadline=None)
settings.load_profile("gatescope")


LONG = {"test_strangers.py": 10}  # files whose tests take as long as so many of another


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the browser's tests last: Playwright keeps an event loop of its own running once it has begun.

    Of those the longest files come first, so that no core is left with one when the others have nothing more to do.
    Schemathesis gives the tests of all operations one id; run side by side, only one of those of one id would run.
    """
    for item in items:
        if not item.nodeid.endswith(item.name):
            assert item.parent is not None
            item._id = item.parent.id.child(item.name)
    tests_in = Counter(item.path for item in items if "browser" in item.path.parts)
    for path in tests_in:
        tests_in[path] *= LONG.get(path.name, 1)
    items.sort(key=lambda item: (item.path in tests_in, -tests_in[item.path]))


Serve = Callable[..., httpx.Client]
ServerProcess = tuple[subprocess.Popen[str], str]


@contextmanager
def running_server(settings: Settings, port: int = 0) -> Iterator[httpx.Client]:
    """A server until the block ends; port 0 is a free one."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
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


@contextmanager
def apart(**environment: str) -> Iterator[ServerProcess]:
    """A server in a process of its own until the block ends, and its address."""
    command = [sys.executable, "-m", "gatescope", "serve", "--port", "0"]
    with subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert address
            yield process, address[0]
        finally:
            process.kill()


@pytest.fixture
def server_process() -> Iterator[ServerProcess]:
    """A server that can be sent signals, and whose processor time can be measured."""
    with apart() as server:
        yield server


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """What the server runs on."""
    return "asyncio"


@pytest.fixture
def untraced() -> Iterator[None]:
    """Measures no coverage in the test's own thread, where only libraries run; the server's threads are measured."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts further servers with other settings."""
    with ExitStack() as servers:
        yield lambda **settings: servers.enter_context(running_server(Settings(**settings)))
