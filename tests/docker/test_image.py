"""The image and the compose file, built and run for real wherever a Docker engine answers."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import torch
from safetensors.torch import save

ROOT = Path(__file__).parents[2]
SERVICE = "gatescope"


def run(*command: str, timeout: float = 60, text: str | None = None) -> str:
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, f"{command} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout.strip()


def compose_command() -> list[str] | None:
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and subprocess.run([*command, "version"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return None


def engine_answers() -> bool:
    return shutil.which("docker") is not None and (
        subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
    )


COMPOSE = compose_command()
pytestmark = pytest.mark.skipif(
    COMPOSE is None or not engine_answers(), reason="no Docker engine with compose answers here"
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The service of docker-compose.yml, built from this checkout, healthy, on a free port."""
    assert COMPOSE is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = pytest.MonkeyPatch()
    environment.setenv("GATESCOPE_PUBLISHED_PORT", str(port))
    environment.setenv("COMPOSE_PROJECT_NAME", "gatescope-test")
    # Not every engine has a bridge with a way out; the host's network has one wherever the test itself has.
    run("docker", "build", "--network=host", "--tag", SERVICE, ".", timeout=900)
    run(*COMPOSE, "up", "--detach", "--no-build")
    try:
        wait_until_healthy()
        yield f"http://127.0.0.1:{port}"
    finally:
        run(*COMPOSE, "down", "--volumes")
        environment.undo()


def wait_until_healthy() -> None:
    assert COMPOSE is not None
    deadline = time.monotonic() + 90
    while health() != "healthy":
        assert time.monotonic() < deadline, run(*COMPOSE, "logs")
        time.sleep(0.5)


def container() -> str:
    assert COMPOSE is not None
    return run(*COMPOSE, "ps", "--quiet", SERVICE)


def inspect(template: str) -> str:
    return run("docker", "inspect", "--format", template, container())


def health() -> str:
    return inspect("{{.State.Health.Status}}")


def test_the_page_and_its_modules_are_served(address: str) -> None:
    for path, expected in {
        "/": b"<title>Gatescope</title>",
        "/main.js": b"import",
        "/vendor/plotly.min.js": b"plotly",
    }.items():
        with urlopen(address + path) as response:  # noqa: S310
            assert expected in response.read()


def test_a_trace_is_computed(address: str) -> None:
    body = {"model": {"type": "random", "hidden_size": 4, "seed": 1}, "sequence": {"type": "text", "text": "hello"}}
    request = Request(  # noqa: S310
        f"{address}/api/v1/traces", json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with urlopen(request) as response:  # noqa: S310
        answer = json.load(response)
    assert len(answer["layers"][0]["forget_gate"]) == 5
    assert answer["agreement"]["largest"] <= answer["agreement"]["tolerance"]


def test_an_uploaded_model_outlives_the_container(address: str) -> None:
    assert COMPOSE is not None
    content = save(dict(torch.nn.LSTM(2, 3).state_dict()))
    upload = Request(  # noqa: S310
        f"{address}/api/v1/models?name=model.safetensors", content, headers={"Content-Type": "application/octet-stream"}
    )
    with urlopen(upload) as response:  # noqa: S310
        stored = json.load(response)
    run(*COMPOSE, "rm", "--stop", "--force", SERVICE)
    run(*COMPOSE, "up", "--detach", "--no-build")
    wait_until_healthy()
    with urlopen(f"{address}/api/v1/models") as response:  # noqa: S310
        assert json.load(response)["models"] == [stored]


def test_it_runs_without_root_and_without_rights(address: str) -> None:
    del address
    assert run("docker", "exec", container(), "id", "--user") != "0"
    assert inspect("{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}") == "true [ALL]"


def test_it_has_bounds_of_memory_processors_and_processes(address: str) -> None:
    del address
    bounds = inspect("{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}")
    assert bounds == f"{4 * 2**30} {2 * 10**9} 512"
    assert "size=1g" in inspect("{{.HostConfig.Tmpfs}}")


def test_it_is_published_on_loopback_only(address: str) -> None:
    assert run("docker", "port", container()) == f"8000/tcp -> {address.removeprefix('http://')}"


def test_no_cuda_is_in_the_image(address: str) -> None:
    del address
    installed = run("docker", "exec", container(), "/opt/gatescope/bin/pip", "list", "--format=freeze")
    assert "torch==" in installed
    assert not [line for line in installed.splitlines() if line.startswith(("nvidia", "triton"))]


def test_the_context_is_small() -> None:
    run("docker", "build", "--tag", "gatescope-context", "--file", "-", ".", text="FROM scratch\nCOPY . .\n")
    size = int(run("docker", "image", "inspect", "--format", "{{.Size}}", "gatescope-context"))
    run("docker", "image", "rm", "gatescope-context")
    assert size < 2_000_000


def test_it_stops_by_itself_before_docker_would_kill_it(address: str) -> None:
    with urlopen(address) as response:  # noqa: S310
        assert response.status == 200
    name = container()
    run("docker", "stop", name)  # SIGTERM, and SIGKILL when Docker's own time for stopping is over
    assert run("docker", "inspect", "--format", "{{.State.ExitCode}}", name) == "0"
