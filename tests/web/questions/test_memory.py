"""How long a unit remembers, and which past step wrote what is in its cell."""

import base64
import math
from typing import Any

import httpx
import numpy as np
import pytest
from tests.web.rest import COUNTING, AssertProblem, ask, constant


@pytest.mark.parametrize(("forget_bias", "left"), [(1.0, 0.0436), (0.0, 0.000977)])
def test_of_constant_gates_the_product_over_ten_steps_is_left(
    client: httpx.Client, forget_bias: float, left: float
) -> None:
    answer = ask(client, "retention", **constant(forget_gate=forget_bias)).json()
    assert answer["steps"] == list(range(11))
    assert answer["retained"][0][10] == pytest.approx(left, rel=2e-3)
    assert answer["retained"][3][3] == 1
    assert answer["retained"][4][3] is None
    gate = 1 / (1 + math.exp(-forget_bias))
    assert answer["half_lives"] == [pytest.approx(-1 / math.log2(gate), rel=1e-5)]


def test_of_a_long_range_so_many_steps_are_told_as_are_asked_for(client: httpx.Client) -> None:
    answer = ask(client, "retention", **constant(900, forget_gate=1), start=100, stop=801, most=50).json()
    assert len(answer["steps"]) == len(answer["retained"]) == len(answer["retained"][0]) == 50
    assert (answer["steps"][0], answer["steps"][-1]) == (100, 800)


def test_a_triangle_in_base64_holds_nan_where_there_is_nothing(client: httpx.Client) -> None:
    tensor = ask(client, "retention", "base64", **constant(3)).json()["retained"]
    values = np.frombuffer(base64.b64decode(tensor["bdata"]), dtype="<f4").reshape(3, 3)
    np.testing.assert_array_equal(values, [[1, 0.5, 0.25], [np.nan, 1, 0.5], [np.nan, np.nan, 1]])


@pytest.mark.parametrize("unit", [0, 1, 5])
def test_what_the_steps_wrote_sums_to_the_cell_state(client: httpx.Client, unit: int) -> None:
    traced = client.post("/api/v1/traces", json=COUNTING).json()["layers"][0]
    answer = ask(client, "writes", **COUNTING, unit=unit, step=20).json()
    assert answer["steps"] == list(range(21))
    assert answer["initial"] + sum(answer["parts"]) == pytest.approx(answer["sum"], abs=1e-5)
    assert answer["cell_state"] == pytest.approx(traced["cell_state"][20][unit], abs=1e-6)
    assert answer["cell_state"] - answer["sum"] == pytest.approx(answer["residual"], abs=1e-9)
    assert abs(answer["residual"]) < 1e-5


@pytest.mark.parametrize(
    ("question", "request_", "field", "code"),
    [
        ("retention", {"unit": 99}, "unit", "no_such_unit"),
        ("retention", {"layer": 3}, "layer", "no_such_layer"),
        ("retention", {"direction": "backward"}, "direction", "no_such_direction"),
        ("retention", {"start": 5000}, "start", "integer_range"),
        ("retention", {"most": 401}, "most", "less_than_equal"),
        ("writes", {"step": 5000}, "step", "integer_range"),
        ("writes", {}, "step", "missing"),
    ],
)
def test_what_is_not_there_is_named(
    client: httpx.Client, assert_problem: AssertProblem, question: str, request_: dict[str, Any], field: str, code: str
) -> None:
    assert_problem(ask(client, question, "list", **COUNTING, **request_), "invalid-input", field=field, code=code)
