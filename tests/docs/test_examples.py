"""Every example of the documents prints what the document shows."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.docs.documents import DOCUMENTS, END, SERVER, Example, examples, with_examples

ROW = re.compile(r"^\| `(\w+)` \| `([^`…]+)` \|", re.MULTILINE)  # of a part of a request that is shown in full
PARTS = ROW.findall(DOCUMENTS["docs/rest.md"])


def run(command: list[str | Path], program: list[Example], folder: Path) -> list[str]:
    """What each example prints; those of a document follow one another in one session."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "KERAS_BACKEND": "torch"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split(END)
    assert len(printed) == len(program) + 1
    return printed


def asks_the_server(document: str) -> list[Example]:
    return [example for example in examples(document, "sh") if SERVER in example.code]


@pytest.mark.parametrize("document", with_examples("python"))
def test_python_prints_what_is_shown(document: str, tmp_path: Path) -> None:
    program = examples(document, "python")
    script = tmp_path / "example.py"
    script.write_text("".join(f"{example.code}\nprint({END!r})\n" for example in program), encoding="utf-8")
    for example, printed in zip(program, run([sys.executable, script], program, tmp_path), strict=False):
        assert example.shows(printed), f"{example.code}\nprints\n{printed}"


@pytest.mark.parametrize("document", [name for name in with_examples("sh") if asks_the_server(name)])
def test_the_server_answers_what_is_shown(document: str, client: httpx.Client, tmp_path: Path) -> None:
    program = asks_the_server(document)
    lines = "".join(f"{example.code}\necho '{END}'\n" for example in program)
    lines = lines.replace(SERVER, str(client.base_url).rstrip("/")).replace(".venv/bin/", "")
    for example, printed in zip(program, run(["bash", "-euc", lines], program, tmp_path), strict=False):
        assert example.shows(printed), f"{example.code}\nprints\n{printed}"


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_the_server_takes_every_part_of_a_request_that_is_shown(name: str, part: str, client: httpx.Client) -> None:
    sequence = {"type": "text", "text": "ab."} if name == "model" else {"type": "signal", "name": "sine"}
    request = {"model": {"type": "random", "hidden_size": 2}, "sequence": sequence, name: json.loads(part)}
    answer = client.post("/api/v1/traces", json=request)
    assert answer.status_code == 200, answer.text


def test_the_trace_of_the_readme_agrees_with_torch(client: httpx.Client, tmp_path: Path) -> None:
    (example,) = asks_the_server("README.md")
    command = example.code.replace(SERVER, str(client.base_url).rstrip("/"))
    answer = json.loads(run(["bash", "-euc", command], [], tmp_path)[0])
    assert len(answer["layers"][0]["forget_gate"]) == 5
    assert answer["agreement"]["largest"] < 1e-6
