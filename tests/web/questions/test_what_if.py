"""The run beside what it would have been: what is held, changed or started from, and what follows."""

from typing import Any

import httpx
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.rest import COUNTING, AssertProblem, Json, ask
from torch import nn

from gatescope import ForgetBiasChange, Intervention, from_torch, trace, with_changes
from gatescope.analysis import compare
from gatescope.lstm.cell import Step

HELD: Json = {"interventions": [{"quantity": "forget_gate", "value": 0.9, "units": [1], "first": 5}]}
SIZE = 6


def ask_what_if(client: httpx.Client, **request: Any) -> httpx.Response:
    return ask(client, "what_if", **(COUNTING | request))


@pytest.mark.parametrize(
    "what",
    [
        HELD,
        {"changes": [{"type": "forget_bias", "value": 3}]},
        {"initial_state": {"hidden_state": [0.0] * SIZE, "cell_state": [2.0] * SIZE}},
        {**HELD, "changes": [{"type": "weight", "name": "weight_hh_l0", "row": 7, "column": 1, "value": -1}]},
    ],
    ids=["held", "changed", "started", "held and changed"],
)
@pytest.mark.parametrize("quantity", ["forget_gate", "cell_state", "hidden_state"])
def test_it_is_the_run_as_it_is_beside_the_one_with_it(client: httpx.Client, what: Json, quantity: str) -> None:
    answer = ask_what_if(client, **what, quantity=quantity).json()
    runs = [client.post("/api/v1/traces", json={**COUNTING, **more}).json() for more in ({}, what)]
    for name, run in zip(("first", "second"), runs, strict=True):
        assert answer[name] == run["layers"][0][quantity]
        assert answer["output"][name] == run["output"]["values"]
    compared = client.post(
        "/api/v1/analyses/comparison", json={"first": COUNTING, "second": {**COUNTING, **what}, "quantity": quantity}
    )
    assert answer.items() <= compared.json().items()
    second, first = (np.array(answer[name], np.float32) for name in ("second", "first"))
    difference = second - first
    np.testing.assert_allclose(answer["difference"]["values"], difference, rtol=1e-6, atol=1e-6)
    assert answer["difference"]["largest"] == pytest.approx(np.abs(difference).max(), rel=1e-6)


def test_nothing_held_or_changed_makes_no_difference(client: httpx.Client) -> None:
    answer = ask_what_if(client).json()
    assert (answer["difference"]["largest"], answer["output"]["difference"]["largest"]) == (0, 0)


def test_a_model_drawn_from_no_given_seed_is_the_same_in_both_runs(client: httpx.Client) -> None:
    drawn = {"model": {"type": "random", "hidden_size": 4}, "sequence": {"type": "signal", "name": "sine", "steps": 9}}
    held = {"quantity": "cell_state", "value": 0, "first": 4}
    answer = ask_what_if(client, **drawn, interventions=[held]).json()
    assert answer["difference"]["rms_of_steps"][:4] == [0, 0, 0, 0]
    assert answer["difference"]["largest"] > 0
    assert answer["output"] is None


@settings(max_examples=15)
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_of_a_drawn_network_it_is_the_comparison_of_both_traces(
    client: httpx.Client, data: st.DataObject, seed: int
) -> None:
    torch.manual_seed(seed)
    lstm = nn.LSTM(2, 3)
    x = torch.randn(data.draw(st.integers(1, 20)), 2)
    quantity = data.draw(st.sampled_from(Step._fields))
    held: Json = {"quantity": data.draw(st.sampled_from(Step._fields)), "value": data.draw(st.floats(-1, 1, width=32))}
    bias = data.draw(st.floats(-3, 3, width=32))
    answer = ask_what_if(
        client,
        model={"type": "weights", "state_dict": {name: w.tolist() for name, w in lstm.state_dict().items()}},
        sequence={"type": "numbers", "values": x.tolist()},
        interventions=[held | {"units": [1]}],
        changes=[{"type": "forget_bias", "value": bias}],
        quantity=quantity,
    ).json()
    cell = from_torch(lstm)
    with torch.no_grad():
        before = trace(cell, x)
        after = trace(with_changes(cell, [ForgetBiasChange(bias)]), x, None, [Intervention(**held, units=(1,))])
    expected = compare(before, after).layers[0].differences[quantity]
    np.testing.assert_allclose(answer["difference"]["values"], expected.values, atol=1e-6)
    assert answer["difference"]["largest"] == pytest.approx(expected.largest, abs=1e-6)


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"interventions": [{"quantity": "forget_gate", "value": 1, "units": [SIZE]}]}, "interventions.0.units", None),
        ({"changes": [{"type": "weight", "name": "weight_hh_l0", "row": 99, "value": 1}]}, "changes.0.row", None),
        ({"layer": 1}, "layer", "no_such_layer"),
        ({"direction": "backward"}, "direction", "no_such_direction"),
        ({"quantity": "memory"}, "quantity", "literal_error"),
    ],
)
def test_what_is_not_there_is_named(
    client: httpx.Client, assert_problem: AssertProblem, request_: Json, field: str, code: str | None
) -> None:
    error = assert_problem(ask_what_if(client, **request_), "invalid-input", field=field)
    assert code in (None, error["code"])
