import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version

import httpx
import pytest
from tests.conftest import ServerProcess

from gatescope.__main__ import main

COMMAND = [sys.executable, "-m", "gatescope"]


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(("sent", "exit_code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
def test_serve_says_its_address_serves_there_and_stops_within_seconds(
    server_process: ServerProcess, sent: signal.Signals, exit_code: int
) -> None:
    process, address = server_process
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:  # stays connected
        assert client.get("/healthz").json() == {"status": "ok"}
        assert "<title>Gatescope</title>" in client.get("/").text
        process.send_signal(sent)
        assert process.wait(timeout=6) == exit_code


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_busy_server_stops_within_seconds_and_says_so(server_process: ServerProcess) -> None:
    process, address = server_process
    request = {  # much to compute and little to send: a long answer would be cut off where its client is slow
        "model": {"type": "random", "hidden_size": 32},
        "sequence": {"type": "signal", "name": "sine", "steps": 20_000},
        "hypothesis": {"type": "position"},
    }
    with ThreadPoolExecutor(20) as clients, httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        answers = [clients.submit(client.post, "/api/v1/analyses/ranking", json=request) for _ in range(20)]
        first = next(as_completed(answers)).result()
        assert first.status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == -signal.SIGTERM
    statuses = {answer.result().status_code for answer in answers}
    assert statuses <= {200, 503}


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(
    ("options", "warns", "address"),
    [
        ([], False, r"http://127\.0\.0\.1:\d+ "),
        (["--host", "0.0.0.0"], True, r"http://0\.0\.0\.0:\d+ "),  # noqa: S104
        (["--host", "0.0.0.0", "--token", "auto"], False, r"http://0\.0\.0\.0:\d+/\?token=[\w-]{32} "),  # noqa: S104
        (["--host", "0.0.0.0", "--token", "chosen"], False, r"http://0\.0\.0\.0:\d+ "),  # noqa: S104
    ],
)
def test_serve_says_how_to_come_in_and_who_else_can(options: list[str], warns: bool, address: str) -> None:
    command = [*COMMAND, "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            _, warned = process.communicate(timeout=60)
        finally:
            process.kill()
    assert re.search(address, said)
    assert ("see, upload and delete its models" in warned) == warns


def test_a_port_in_use_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(rf"gatescope: cannot listen on 127.0.0.1 port {port}: .+ in use\n", said.err)


def test_an_address_of_another_machine_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "2001:db8::1", "--port", "0"]) == 1
    assert re.fullmatch(r"gatescope: cannot listen on 2001:db8::1 port 0: .+\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("name", "value"), [("GATESCOPE_MAX_STEPS", "many"), ("GATESCOPE_PORT", "70000"), ("GATESCOPE_WORKERS", "0")]
)
def test_a_wrong_setting_is_named_in_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["serve"]) == 1
    assert re.fullmatch(rf"gatescope: {name}: .+\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--version"], f"gatescope {version('gatescope')}"),
        (["serve", "--help"], "GATESCOPE_MAX_BODY_BYTES: Bytes of a request's JSON body, at most."),
    ],
)
def test_the_command_tells_its_version_and_its_settings(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(arguments)
    assert words in capsys.readouterr().out
