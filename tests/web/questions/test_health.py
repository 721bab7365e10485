"""Which units stand out, over REST."""

import base64
from dataclasses import asdict
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from tests.wire import COUNTING, AssertProblem, ask, constant_gates

from gatescope.analysis import Thresholds

GATES = ("forget_gate", "input_gate", "output_gate")
ALL_BOUNDS = [
    *((name, 0, 1) for name in asdict(Thresholds()) if name not in ("drift_rise", "fewest_steps")),
    ("drift_rise", 0, 1000),
    ("fewest_steps", 1, 10_000),
]


def by_kind(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["kind"]: finding for finding in answer["findings"]}


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize(("bias", "left", "right"), [(-5, 1, 0), (0, 0, 0), (5, 0, 1)])
def test_a_gate_that_is_held_is_saturated_at_every_step(
    client: httpx.Client, gate: str, bias: float, left: float, right: float
) -> None:
    answer = ask(client, "health", **constant_gates(20, **{gate: bias})).json()
    assert answer["steps"] == 20
    assert answer["saturation"][gate] == {"left": [left], "right": [right]}


@pytest.mark.parametrize(
    ("biases", "kind", "thresholds"),
    [
        ({"forget_gate": 5, "candidate": 0.5}, "never_forgets", {"right": 0.9, "held_share": 0.98}),
        ({"forget_gate": -5, "candidate": 1}, "always_forgets", {"left": 0.1, "held_share": 0.98}),
        ({"input_gate": -9, "candidate": 1}, "never_writes", {"tiny": 0.01}),
        ({"output_gate": -9, "candidate": 1}, "never_speaks", {"tiny": 0.01}),
        ({"forget_gate": 9, "candidate": 2}, "saturated", {"saturated_state": 0.97, "saturated_share": 0.5}),
        ({"forget_gate": 9, "candidate": 2}, "drifts", {"drift_rise": 1, "drift_explained": 0.8}),
        ({"candidate": 0}, "dead", {"constant": 1e-6}),
    ],
)
def test_what_stands_out_is_found_with_its_units_shares_and_thresholds(
    client: httpx.Client, biases: dict[str, float], kind: str, thresholds: dict[str, float]
) -> None:
    finding = by_kind(ask(client, "health", **constant_gates(20, **biases)).json())[kind]
    assert finding["units"] == [0]
    assert 0.5 < finding["shares"][0] <= 1
    assert finding["thresholds"] == thresholds


def test_the_shares_are_those_of_the_trace(client: httpx.Client) -> None:
    traced = client.post("/api/v1/traces", json=COUNTING).json()["layers"][0]
    saturation = ask(client, "health", **COUNTING, thresholds={"left": 0.2, "right": 0.7}).json()["saturation"]
    for gate in GATES:
        values = np.array(traced[gate])  # (T, H)
        np.testing.assert_allclose(saturation[gate]["left"], (values < 0.2).mean(axis=0), rtol=1e-6)
        np.testing.assert_allclose(saturation[gate]["right"], (values > 0.7).mean(axis=0), rtol=1e-6)


def test_the_defaults_are_those_of_the_analysis(client: httpx.Client) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    described = {name: field["default"] for name, field in schemas["ThresholdsRequest"]["properties"].items()}
    assert described == asdict(Thresholds())
    answer = ask(client, "health", **COUNTING).json()
    assert answer["thresholds"] == described
    assert answer == ask(client, "health", **COUNTING, thresholds=described).json()


def test_a_threshold_changes_what_is_found(client: httpx.Client) -> None:
    assert by_kind(ask(client, "health", **COUNTING).json())["saturated"]["units"] == [5]
    assert by_kind(ask(client, "health", **COUNTING, thresholds={"saturated_share": 1}).json()) == {}


def test_of_a_short_sequence_nothing_is_found_but_its_saturation(client: httpx.Client) -> None:
    run: dict[str, Any] = constant_gates(20, forget_gate=5) | {"sequence": {"type": "numbers", "values": [0.0] * 7}}
    answer = ask(client, "health", **run).json()
    assert answer["findings"] == []
    assert answer["saturation"]["forget_gate"]["right"] == [1]
    assert by_kind(ask(client, "health", **run, thresholds={"fewest_steps": 7}).json())["never_forgets"]["units"] == [0]


def test_of_several_layers_the_chosen_one_is_judged_and_the_others_are_beside_it(
    client: httpx.Client, tmp_path: Any
) -> None:
    torch.manual_seed(0)
    path = tmp_path / "deep.pt"
    torch.save(torch.nn.LSTM(1, 3, num_layers=2, bidirectional=True).state_dict(), path)
    stored = client.post(
        "/api/v1/models?name=deep.pt",
        content=path.read_bytes(),
        headers={"Content-Type": "application/octet-stream"},
    ).json()
    run: dict[str, Any] = {
        "model": {"type": "stored", "id": stored["id"]},
        "sequence": {"type": "signal", "name": "sine", "steps": 40},
        "thresholds": {"left": 0.5, "right": 0.5},
    }
    places = [(0, "forward"), (0, "backward"), (1, "forward"), (1, "backward")]
    answers = {place: ask(client, "health", **run, layer=place[0], direction=place[1]).json() for place in places}
    for place, answer in answers.items():
        others = {(other["layer"], other["direction"]): other["saturation"] for other in answer["others"]}
        assert list(others) == [other for other in places if other != place]
        for other, saturation in others.items():
            assert saturation == answers[other]["saturation"]


def test_in_base64_the_shares_are_typed_arrays(client: httpx.Client) -> None:
    listed = ask(client, "health", **COUNTING).json()["saturation"]["forget_gate"]["right"]
    encoded = ask(client, "health", "base64", **COUNTING).json()["saturation"]["forget_gate"]["right"]
    np.testing.assert_allclose(np.frombuffer(base64.b64decode(encoded["bdata"]), dtype="<f4"), listed)


@pytest.mark.parametrize(("name", "least", "largest"), ALL_BOUNDS)
def test_a_threshold_has_bounds(
    client: httpx.Client, assert_problem: AssertProblem, name: str, least: float, largest: float
) -> None:
    for value, code in ((least - 1, "greater_than_equal"), (largest + 1, "less_than_equal")):
        response = ask(client, "health", **COUNTING, thresholds={name: value})
        assert_problem(response, "invalid-input", field=f"thresholds.{name}", code=code)
    for value in (least, largest):
        other = {"right": 1} if name == "left" else {"left": 0} if name == "right" else {}
        assert ask(client, "health", **COUNTING, thresholds={name: value, **other}).status_code == 200


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"thresholds": {"left": 0.9, "right": 0.1}}, "thresholds.left", "thresholds_crossed"),
        ({"thresholds": {"middle": 0.5}}, "thresholds.middle", "extra_forbidden"),
        ({"thresholds": None}, "thresholds", "model_attributes_type"),
        ({"layer": 3}, "layer", "no_such_layer"),
        ({"direction": "backward"}, "direction", "no_such_direction"),
    ],
)
def test_a_wrong_request_is_named(
    client: httpx.Client, assert_problem: AssertProblem, request_: dict[str, Any], field: str, code: str
) -> None:
    assert_problem(ask(client, "health", **COUNTING, **request_), "invalid-input", field=field, code=code)
