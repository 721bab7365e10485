"""The README's examples, run as they stand there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import torch

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def example(language: str, containing: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    (found,) = [block for block in blocks if containing in block]
    return str(found)


def test_the_curl_example_answers_with_a_trace(client: httpx.Client) -> None:
    command = example("sh", "/api/v1/traces").replace("http://127.0.0.1:8000", str(client.base_url).rstrip("/"))
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    answer = json.loads(done.stdout)
    assert len(answer["layers"][0]["forget_gate"]) == 5
    assert answer["agreement"]["largest"] < 1e-6


def test_the_upload_example_stores_a_model(client: httpx.Client, tmp_path: Path) -> None:
    torch.save(torch.nn.LSTM(2, 3).state_dict(), tmp_path / "model.pt")
    command = example("sh", "@model.pt").replace("http://127.0.0.1:8000", str(client.base_url).rstrip("/"))
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout)["lstms"][0]["hidden_size"] == 3


def test_the_python_example_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", example("python", "gatescope")], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.splitlines() == ["torch.Size([50, 8])", "tensor(True)"]
