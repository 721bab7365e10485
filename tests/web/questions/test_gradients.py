"""How far gradients reach, what an output depends on, and what each input added."""

import math
from typing import Any

import httpx
import pytest
from tests.web.rest import COUNTING, AssertProblem, ask, constant

ADDING: dict[str, Any] = {
    "model": {"type": "zoo", "name": "adding"},
    "sequence": {"type": "task", "name": "adding", "seed": 0},
}
NOISE = {"type": "signal", "name": "noise", "steps": 101, "seed": 0}


@pytest.mark.parametrize(("forget_bias", "left"), [(1.0, 0.0436), (0.0, 0.000977)])
def test_of_constant_gates_the_gradient_is_the_direct_path(
    client: httpx.Client, forget_bias: float, left: float
) -> None:
    answer = ask(client, "gradients", **constant(forget_gate=forget_bias)).json()
    assert answer["step"] == 10
    assert answer["direct"] == pytest.approx(answer["cell_state"], rel=1e-6)
    assert answer["direct"][0] == pytest.approx(left, rel=2e-3)
    assert answer["direct"][10] == 1


def test_what_comes_after_the_step_has_no_gradient(client: httpx.Client) -> None:
    answer = ask(client, "gradients", **COUNTING, unit=1, step=14).json()
    assert answer["step"] == 14
    for name in ("cell_state", "direct", "cell_state_norms", "input_norms"):
        assert not any(answer[name][15:])
        assert answer[name][14] != 0
    direct = ask(client, "retention", **COUNTING, unit=1, stop=15).json()["retained"]
    assert answer["direct"][3] == pytest.approx(direct[3][14], rel=1e-5)
    assert answer["cell_state_norms"][3] >= abs(answer["cell_state"][3])


def test_the_gradient_of_an_untrained_rnn_vanishes_long_before_that_of_the_lstm(client: httpx.Client) -> None:
    answer = ask(
        client, "gradient_reach", model={"type": "random", "hidden_size": 16, "seed": 0}, sequence=NOISE, forget_bias=1
    ).json()
    assert answer["end"] == 100
    assert len(answer["rnn"]) == len(answer["gru"]) == len(answer["lstm"]) == 101
    assert answer["rnn"][100] == answer["lstm"][100] == 1
    assert answer["lstm"][0] > 1e9 * answer["rnn"][0]


def test_an_output_depends_on_what_came_before_it(client: httpx.Client) -> None:
    answer = ask(client, "connectivity", **ADDING, step=30, output=0).json()
    traced = client.post("/api/v1/traces", json=ADDING).json()
    assert (answer["step"], answer["output"]) == (30, 0)
    assert answer["value"] == pytest.approx(traced["output"]["values"][30][0], abs=1e-6)
    assert all(norm > 0 for norm in answer["norms"][:31])
    assert not any(answer["norms"][31:])


def test_the_largest_output_is_asked_about_by_default(client: httpx.Client) -> None:
    probabilities = client.post("/api/v1/traces", json=COUNTING).json()["output"]["values"][20]
    answer = ask(client, "connectivity", **COUNTING, step=20).json()
    assert answer["output"] == probabilities.index(max(probabilities))


@pytest.mark.parametrize("baseline", ["zero", "mean"])
@pytest.mark.parametrize("target", ["output", "cell_state", "hidden_state"])
def test_the_parts_sum_to_the_difference_but_for_the_gap(client: httpx.Client, target: str, baseline: str) -> None:
    answer = ask(client, "integrated_gradients", **ADDING, target=target, unit=2, step=40, baseline=baseline).json()
    assert answer["sum"] == pytest.approx(math.fsum(map(math.fsum, answer["attributions"])), abs=1e-5)
    gap = answer["sum"] - (answer["value"] - answer["baseline_value"])
    assert gap == pytest.approx(answer["completeness_gap"], abs=1e-9)
    assert answer["converged"]
    assert abs(gap) < 1e-4
    assert (answer["output"] is None) == (target != "output")
    assert not any(map(any, answer["attributions"][41:]))


def test_where_the_points_do_not_do_it_is_told(client: httpx.Client) -> None:
    answer = ask(client, "integrated_gradients", **COUNTING, step=14, points=8).json()
    assert (answer["converged"], answer["points"]) == (False, 8)
    assert abs(answer["completeness_gap"]) > 1e-2


HELD = [{"quantity": "forget_gate", "value": 0.9}]
RANDOM: dict[str, Any] = {"model": {"type": "random", "hidden_size": 3}, "sequence": {**NOISE, "steps": 5}}


@pytest.mark.parametrize(
    ("question", "request_", "field", "code"),
    [
        ("gradients", COUNTING | {"unit": 99}, "unit", "no_such_unit"),
        ("gradients", COUNTING | {"step": 5000}, "step", "no_such_step"),
        ("gradient_reach", RANDOM | {"unit": 3}, "unit", "no_such_unit"),
        ("gradient_reach", RANDOM | {"step": 5}, "step", "no_such_step"),
        ("connectivity", RANDOM, "model", "no_read_out"),
        ("connectivity", COUNTING | {"output": 99}, "output", "no_such_output"),
        ("connectivity", COUNTING | {"step": 5000}, "step", "no_such_step"),
        ("integrated_gradients", RANDOM, "model", "no_read_out"),
        ("integrated_gradients", RANDOM | {"target": "cell_state", "unit": 3}, "unit", "no_such_unit"),
        ("gradients", COUNTING | {"interventions": HELD}, "interventions", "gradients_of_held"),
        ("connectivity", COUNTING | {"interventions": HELD}, "interventions", "gradients_of_held"),
        ("integrated_gradients", COUNTING | {"interventions": HELD}, "interventions", "gradients_of_held"),
        ("integrated_gradients", COUNTING | {"points": 7}, "points", "greater_than_equal"),
    ],
)
def test_what_is_not_there_is_named(
    client: httpx.Client, assert_problem: AssertProblem, question: str, request_: dict[str, Any], field: str, code: str
) -> None:
    assert_problem(ask(client, question, "list", **request_), "invalid-input", field=field, code=code)
