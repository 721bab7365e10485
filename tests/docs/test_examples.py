"""Every example of the documents prints what the document shows."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.docs.documents import DOCUMENTS, SERVER, Example, examples

END = "--- end of the example ---"
ROW = re.compile(r"^\| `(\w+)` \| `([^`…]+)` \|", re.MULTILINE)  # of a part of a request that is shown in full


def asks_the_server(document: str) -> list[Example]:
    return [example for example in examples(document, "sh") if SERVER in example.code]


def run(command: list[str], folder: Path) -> list[str]:
    """What each example prints."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "KERAS_BACKEND": "torch"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(END)[:-1]


def check(examples: list[Example], printed: list[str]) -> None:
    for example, text in zip(examples, printed, strict=True):
        assert example.shows(text), f"{example.code}\nprints\n{text}"


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if examples(name, "python")])
def test_python_prints_what_is_shown(document: str, tmp_path: Path) -> None:
    session = examples(document, "python")  # one after the other, as a reader would
    script = tmp_path / "session.py"
    script.write_text("".join(f"{example.code}\nprint({END!r})\n" for example in session), encoding="utf-8")
    check(session, run([sys.executable, str(script)], tmp_path))


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if asks_the_server(name)])
def test_the_server_answers_what_is_shown(document: str, client: httpx.Client, tmp_path: Path) -> None:
    session = asks_the_server(document)
    script = "".join(f"{example.code}\necho '{END}'\n" for example in session)
    script = script.replace(SERVER, str(client.base_url).rstrip("/")).replace(".venv/bin/", "")
    check(session, run(["bash", "-euc", script], tmp_path))


@pytest.mark.parametrize(("name", "part"), ROW.findall(DOCUMENTS["docs/rest.md"]))
def test_the_server_takes_every_part_of_a_request_that_is_shown(name: str, part: str, client: httpx.Client) -> None:
    sequence = {"type": "text", "text": "ab."} if name == "model" else {"type": "signal", "name": "sine"}
    request = {"model": {"type": "random", "hidden_size": 2}, "sequence": sequence, name: json.loads(part)}
    answer = client.post("/api/v1/traces", json=request)
    assert answer.status_code == 200, answer.text


def test_the_trace_of_the_readme_agrees_with_torch(client: httpx.Client) -> None:
    (example,) = asks_the_server("README.md")
    answer = client.post("/api/v1/traces", json=json.loads(example.code.split("'")[3])).json()
    assert len(answer["layers"][0]["forget_gate"]) == 5
    assert answer["agreement"]["largest"] < 1e-6
