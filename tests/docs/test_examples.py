"""Every example of the documents prints what the document shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.docs.documents import END, SERVER, Example, examples, with_examples


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


def test_the_trace_of_the_readme_agrees_with_torch(client: httpx.Client, tmp_path: Path) -> None:
    (example,) = asks_the_server("README.md")
    command = example.code.replace(SERVER, str(client.base_url).rstrip("/"))
    answer = json.loads(run(["bash", "-euc", command], [], tmp_path)[0])
    assert len(answer["layers"][0]["forget_gate"]) == 5
    assert answer["agreement"]["largest"] < 1e-6
