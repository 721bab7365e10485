"""Interventions, changes and initial states of a run, over REST."""

import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from tests.wire import AssertProblem, Json
from torch import nn

RANDOM = {"type": "random", "hidden_size": 3, "seed": 5}
NUMBERS = {"type": "numbers", "values": [[0.5, 1], [0.25, -1], [0, 2], [1, 1]]}
RUN = {"model": RANDOM, "sequence": NUMBERS}


def post(client: httpx.Client, **more: Any) -> httpx.Response:
    return client.post("/api/v1/traces?weights=true", json={**RUN, **more})


def test_an_intervention_holds_and_torch_is_not_asked(client: httpx.Client) -> None:
    held = {"quantity": "forget_gate", "value": 0.9, "units": [1], "first": 1, "last": 2}
    plain, answer = post(client).json(), post(client, interventions=[held]).json()
    assert answer["agreement"] is None
    gate, before = (np.array(each["layers"][0]["forget_gate"]) for each in (answer, plain))
    np.testing.assert_allclose(gate[1:3, 1], 0.9, rtol=1e-6)
    np.testing.assert_array_equal(gate[0], before[0])
    np.testing.assert_array_equal(gate[1, [0, 2]], before[1, [0, 2]])
    assert (np.array(answer["layers"][0]["cell_state"])[1:] != np.array(plain["layers"][0]["cell_state"])[1:]).any()


def test_a_changed_model_tells_its_weights_and_agrees_with_torch(client: httpx.Client) -> None:
    changes = [
        {"type": "forget_bias", "value": 3},
        {"type": "weight", "name": "weight_hh_l0", "row": 0, "column": 2, "value": 0.5},
    ]
    plain, answer = post(client).json(), post(client, changes=changes).json()
    weights, before = answer["model"]["state_dict"], plain["model"]["state_dict"]
    before["weight_hh_l0"][0][2] = 0.5
    before["bias_ih_l0"][3:6] = [3, 3, 3]
    assert weights == before
    assert answer["agreement"]["largest"] <= answer["agreement"]["tolerance"]
    again = post(client, model={"type": "weights", "state_dict": weights}).json()
    assert again["layers"] == answer["layers"]


def test_a_shipped_model_is_as_it_was_after_a_change(client: httpx.Client) -> None:
    shipped = {"model": {"type": "zoo", "name": "anbn"}, "sequence": {"type": "task", "name": "anbn"}}
    before = post(client, **shipped).json()
    post(client, **shipped, changes=[{"type": "forget_bias", "value": -9}])
    assert post(client, **shipped).json() == before


@pytest.fixture(scope="module")
def layered(client: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Json:
    """A stored model of two layers and two directions with a projection."""
    torch.manual_seed(0)
    path: Path = tmp_path_factory.mktemp("models") / "layered.pt"
    torch.save(nn.LSTM(2, 3, 2, bidirectional=True, proj_size=2).state_dict(), path)
    headers = {"Content-Type": "application/octet-stream"}
    stored = client.post("/api/v1/models?name=layered.pt", content=path.read_bytes(), headers=headers).json()
    return {"model": {"type": "stored", "id": stored["id"]}, "sequence": NUMBERS}


def test_every_layer_and_direction_starts_from_its_row_of_the_state_given(client: httpx.Client, layered: Json) -> None:
    state: Json = {
        "hidden_state": [[0.5, 0.25]] * 3 + [[0, 1]],
        "cell_state": [[1, 2, 3], [0, 0, 0], [-1, 0, 1], [0.5, 0.5, 0.5]],
    }
    answer = client.post("/api/v1/traces", json={**layered, "initial_state": state}).json()
    assert answer["agreement"]["largest"] <= answer["agreement"]["tolerance"]
    for place, layer in enumerate(answer["layers"]):
        assert layer["initial_state"] == {name: rows[place] for name, rows in state.items()}


def test_of_one_layer_a_row_and_a_list_of_one_row_are_the_same(client: httpx.Client) -> None:
    rows: Json = {"hidden_state": [[0.5, 0, 1]], "cell_state": [[1, 2, 3]]}
    flat = {name: given[0] for name, given in rows.items()}
    assert post(client, initial_state=rows).json() == post(client, initial_state=flat).json()


@pytest.mark.parametrize(
    ("state", "field", "code"),
    [
        ({"hidden_state": [0, 0], "cell_state": [0, 0, 0]}, "hidden_state", "initial_state_of_many"),
        ({"hidden_state": [[0, 0]] * 3, "cell_state": [[0, 0, 0]] * 4}, "hidden_state", "initial_state_of_many"),
        ({"hidden_state": [[0, 0]] * 4, "cell_state": [[0, 0, 0]] * 3 + [[0]]}, "cell_state.3", "wrong_size"),
        ({"hidden_state": [[0, 0]] * 3 + [[0, 1e39]], "cell_state": [[0, 0, 0]] * 4}, "hidden_state.3.1", "not_finite"),
    ],
)
def test_a_state_that_does_not_fit_every_layer_and_direction_is_refused(
    client: httpx.Client, assert_problem: AssertProblem, layered: Json, state: Json, field: str, code: str
) -> None:
    response = client.post("/api/v1/traces", json={**layered, "initial_state": state})
    assert_problem(response, "invalid-input", field=f"initial_state.{field}", code=code)


HELD: Json = {"quantity": "cell_state", "value": 0}
BIAS: Json = {"type": "forget_bias", "value": 1}
WEIGHT: Json = {"type": "weight", "name": "weight_hh_l0", "row": 0, "column": 0, "value": 1}


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"interventions": [{**HELD, "units": [3]}]}, "interventions.0.units", "no_such_unit"),
        ({"interventions": [HELD, {**HELD, "units": [-1]}]}, "interventions.1.units.0", "greater_than_equal"),
        ({"interventions": [{**HELD, "units": []}]}, "interventions.0.units", "too_short"),
        ({"interventions": [{**HELD, "layer": 1}]}, "interventions.0.layer", "no_such_layer"),
        ({"interventions": [{**HELD, "direction": "backward"}]}, "interventions.0.direction", "no_such_direction"),
        ({"interventions": [{**HELD, "quantity": "memory"}]}, "interventions.0.quantity", "literal_error"),
        ({"interventions": [{**HELD, "last": 4}]}, "interventions.0.last", "no_such_step"),
        ({"interventions": [{**HELD, "first": 2, "last": 1}]}, "interventions.0.last", "steps_turned"),
        ({"interventions": [{**HELD, "value": 1e39}]}, "interventions.0.value", "not_finite_value"),
        ({"interventions": [{**HELD, "value": float("nan")}]}, "interventions.0.value", "finite_number"),
        ({"interventions": [HELD] * 65}, "interventions", "too_long"),
        ({"interventions": [{**HELD, "quantity": "candidate", "value": 3e38}]}, "", "overflow"),
        ({"changes": [BIAS, {**WEIGHT, "row": 12}]}, "changes.1.row", "no_such_row"),
        ({"changes": [BIAS, {**WEIGHT, "row": -1}]}, "changes.1.row", "greater_than_equal"),
        ({"changes": [{**WEIGHT, "column": 3}]}, "changes.0.column", "no_such_column"),
        ({"changes": [{**WEIGHT, "name": "weight_hh_l1"}]}, "changes.0.name", "no_such_tensor"),
        ({"changes": [{**WEIGHT, "value": 1e39}]}, "changes.0.value", "not_finite_value"),
        ({"changes": [{"type": "forget_bias"}]}, "changes.0.value", "missing"),
        ({"changes": [{**BIAS, "units": [0, 3]}]}, "changes.0.units", "no_such_unit"),
        ({"changes": [{**BIAS, "type": "bias"}]}, "changes.0", "union_tag_invalid"),
        ({"changes": [BIAS] * 65}, "changes", "too_long"),
    ],
)
def test_an_intervention_or_a_change_that_cannot_be_made_is_named_with_its_place(
    client: httpx.Client, assert_problem: AssertProblem, request_: Json, field: str, code: str
) -> None:
    content = json.dumps({**RUN, **request_})
    response = client.post("/api/v1/traces", content=content, headers={"Content-Type": "application/json"})
    assert_problem(response, "invalid-input", field=field, code=code)


def test_an_output_that_overflows_is_said(client: httpx.Client, assert_problem: AssertProblem) -> None:
    shipped = {"model": {"type": "zoo", "name": "adding"}, "sequence": {"type": "task", "name": "adding"}}
    held = {"quantity": "hidden_state", "value": 3e38, "first": 2}
    response = client.post("/api/v1/traces", json={**shipped, "interventions": [held]})
    error = assert_problem(response, "invalid-input", code="overflow")
    assert error["context"]["step"] in (2, 3)
