"""The built wheel alone serves the page: `pip install` and `gatescope serve` are enough anywhere."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server started from the wheel, in an environment without this checkout, from another directory."""
    directory = tmp_path_factory.mktemp("wheel")
    build: list[str | Path] = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", directory, ROOT], check=True, timeout=120, stderr=subprocess.DEVNULL)
    (wheel,) = directory.glob("gatescope-*.whl")
    venv.create(directory / "environment")
    installed = directory / "installed"
    install: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        installed,
    ]
    subprocess.run([*install, wheel], check=True, timeout=120, stderr=subprocess.DEVNULL)
    # The libraries come from the tests' environment; its editable install of this checkout is not seen on this path.
    paths = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    server = subprocess.Popen(
        [directory / "environment" / "bin" / "python", "-m", "gatescope", "serve", "--port", "0"],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        yield found[0]
        server.terminate()


@pytest.mark.parametrize(
    "path", ["/", "/main.js", "/tabs/gates/heatmaps.js", "/i18n/ko.json", "/styles/layout.css", "/healthz", "/docs"]
)
def test_the_wheel_carries_the_whole_page(address: str, path: str) -> None:
    with httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get(path).status_code == 200


def test_the_wheel_computes(address: str) -> None:
    sequence = {"type": "signal", "name": "sunspots", "steps": 9}
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        for model in ({"type": "random", "hidden_size": 3}, {"type": "zoo", "name": "sunspots"}):
            answer = client.post("/api/v1/traces", json={"model": model, "sequence": sequence}).json()
            assert len(answer["layers"][0]["hidden_state"]) == 9
