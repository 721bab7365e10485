"""Two runs beside one another, each with its own limits and its own mistakes."""

import base64
import math
from typing import Any

import httpx
import numpy as np
import pytest
from tests.web.rest import AssertProblem

Run = dict[str, Any]


def counting(seed: int = 0) -> Run:
    return {"model": {"type": "zoo", "name": "anbn"}, "sequence": {"type": "task", "name": "anbn", "seed": seed}}


def untrained(steps: int = 20, **model: Any) -> Run:
    drawn = {"type": "random", "hidden_size": 4, "seed": 0}
    return {"model": drawn | model, "sequence": {"type": "signal", "name": "sine", "steps": steps}}


def ask(client: httpx.Client, first: Run, second: Run, *, encoding: str = "list", **asked: Any) -> httpx.Response:
    request = {"first": first, "second": second, **asked}
    return client.post(f"/api/v1/analyses/comparison?encoding={encoding}", json=request)


def test_the_second_run_less_the_first_is_told_with_where_it_is_largest(client: httpx.Client) -> None:
    runs = untrained(seed=0), untrained(seed=1)
    first, second = (
        np.array(client.post("/api/v1/traces", json=run).json()["layers"][0]["forget_gate"]) for run in runs
    )
    answer = ask(client, *runs, quantity="forget_gate").json()
    difference = answer["difference"]
    np.testing.assert_allclose(answer["first"], first, atol=1e-6)
    np.testing.assert_allclose(answer["second"], second, atol=1e-6)
    np.testing.assert_allclose(difference["values"], second - first, atol=1e-6)
    assert difference["largest"] == pytest.approx(np.abs(second - first).max(), abs=1e-6)
    assert abs(difference["values"][difference["step"]][difference["unit"]]) == pytest.approx(difference["largest"])
    assert difference["rms_of_units"] == pytest.approx(np.sqrt(((second - first) ** 2).mean(axis=0)), abs=1e-6)
    assert difference["rms_of_steps"] == pytest.approx(np.sqrt(((second - first) ** 2).mean(axis=1)), abs=1e-6)
    assert (answer["quantity"], answer["layer"], answer["direction"]) == ("forget_gate", 0, "forward")
    assert answer["output"] is None, "a random cell has no read-out"


def test_of_unequal_lengths_the_common_steps_are_compared(client: httpx.Client) -> None:
    answer = ask(client, untrained(20), untrained(31)).json()
    assert (answer["steps"], answer["common"]) == ([20, 31], 20)
    assert [len(answer[name]) for name in ("first", "second")] == [20, 31]
    assert len(answer["difference"]["values"]) == len(answer["difference"]["rms_of_steps"]) == 20
    assert answer["difference"]["largest"] == pytest.approx(0, abs=1e-6), "they begin alike"


def test_outputs_are_told_where_both_say_the_same_things(client: httpx.Client) -> None:
    answer = ask(client, counting(0), counting(1)).json()
    output = answer["output"]
    assert (output["kind"], len(output["names"])) == ("probability", 3)
    assert [len(output[name]) for name in ("first", "second")] == answer["steps"]
    assert [len(answer["sequences"][name]["characters"]) for name in ("first", "second")] == answer["steps"]
    assert math.isclose(sum(output["first"][0]), 1, abs_tol=1e-5)
    assert 0 < output["difference"]["largest"] <= 1
    size = len(ask(client, counting(), counting()).json()["first"][0])
    assert ask(client, counting(), untrained(hidden_size=size)).json()["output"] is None


def test_in_base64_every_tensor_is_float32(client: httpx.Client) -> None:
    answer = ask(client, untrained(), untrained(seed=1), encoding="base64").json()
    values = answer["difference"]["values"]
    assert values["shape"] == "20, 4"
    decoded = np.frombuffer(base64.b64decode(values["bdata"]), dtype="<f4")
    assert np.abs(decoded).max() == pytest.approx(answer["difference"]["largest"])
    assert answer["difference"]["rms_of_steps"]["shape"] == "20"


@pytest.mark.parametrize(
    ("first", "second", "asked", "field", "code"),
    [
        (untrained(), untrained(hidden_size=5), {}, "second", "different_sizes"),
        (untrained(hidden_size=0), untrained(), {}, "first.model.hidden_size", "greater_than_equal"),
        (untrained(), untrained(0), {}, "second.sequence.steps", "greater_than_equal"),
        (untrained(), untrained() | {"sequence": {"type": "text", "text": ""}}, {}, "second.sequence.text", "empty"),
        (
            untrained() | {"sequence": {"type": "numbers", "values": [[1], [2, 3]]}},
            untrained(),
            {},
            "first.sequence.values.1",
            "ragged_rows",
        ),
        (untrained(), counting() | {"sequence": {"type": "numbers", "values": [1]}}, {}, "second.sequence", None),
        (untrained(), untrained(), {"layer": 1}, "layer", "no_such_layer"),
        (untrained(), untrained(), {"direction": "backward"}, "direction", "no_such_direction"),
        (untrained(), untrained(), {"quantity": "memory"}, "quantity", "literal_error"),
    ],
)
def test_a_mistake_in_one_of_the_two_is_named_with_its_place(
    client: httpx.Client,
    assert_problem: AssertProblem,
    first: Run,
    second: Run,
    asked: dict[str, Any],
    field: str,
    code: str | None,
) -> None:
    expected = {"field": field} | ({"code": code} if code else {})
    assert_problem(ask(client, first, second, **asked), "invalid-input", **expected)


@pytest.mark.parametrize("name", ["first", "second"])
def test_the_limits_hold_for_each_of_the_two(client: httpx.Client, assert_problem: AssertProblem, name: str) -> None:
    runs = {"first": untrained(), "second": untrained(), name: untrained(hidden_size=1_000_000)}
    answer = ask(client, runs["first"], runs["second"])
    error = assert_problem(answer, "limit-exceeded", field=f"{name}.model.hidden_size")
    assert error["context"]["setting"] == "GATESCOPE_MAX_HIDDEN_SIZE"
