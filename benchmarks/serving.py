"""A server in a process of its own, for the benchmarks that ask it something."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

PATIENCE = 60  # seconds until the server must be ready


@contextmanager
def served() -> Iterator[str]:
    """The address of a server that is warm: its readiness check has run a trace."""
    with served_process() as (_, address):
        yield address


@contextmanager
def served_process() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Such a server as a process, and its address."""
    command = [sys.executable, "-m", "gatescope", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        try:
            _wait(found[0])
            yield server, found[0]
        finally:
            server.terminate()


def _wait(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while httpx.get(f"{address}/readyz").status_code != httpx.codes.OK:
        if time.monotonic() > deadline:
            raise TimeoutError("the server is not ready")
        time.sleep(0.1)
