from typing import Any

import httpx
import pytest
from tests.web.rest import AssertProblem

TEXT = {"type": "task", "name": "quotes", "seed": 3}
RUN: dict[str, Any] = {"model": {"type": "zoo", "name": "quotes"}, "sequence": TEXT}


def rank(client: httpx.Client, **request: Any) -> httpx.Response:
    return client.post("/api/v1/analyses/ranking", json={**RUN, **request})


@pytest.mark.parametrize(
    "hypothesis",
    [
        {"type": "position"},
        {"type": "feature", "feature": 0},
        {"type": "quotes"},
        {"type": "count", "plus": "a", "minus": "e"},
        {"type": "token", "token": " "},
        {"type": "series", "values": [float(step % 7) for step in range(120)]},
    ],
)
def test_units_are_ranked_by_each_kind_of_hypothesis(client: httpx.Client, hypothesis: dict[str, Any]) -> None:
    answer = rank(client, hypothesis=hypothesis, quantity="hidden_state").json()
    assert 0 < answer["chance"] < 1
    assert len(answer["units"]) == 48
    assert set(answer["units"][0]) == {"layer", "direction", "unit", "correlation", "held_out"}


def test_the_unit_that_the_gallery_points_to_is_among_the_best(client: httpx.Client) -> None:
    described = {model["name"]: model for model in client.get("/api/v1/zoo").json()["models"]}
    answer = rank(client, hypothesis={"type": "quotes"}).json()
    assert described["quotes"]["claim"]["unit"] in [unit["unit"] for unit in answer["units"][:5]]


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"hypothesis": {"type": "feature", "feature": 99}}, "hypothesis.feature", "no_such_feature"),
        ({"hypothesis": {"type": "series", "values": [1, 2]}}, "hypothesis", "wrong_size"),
        ({"hypothesis": {"type": "token", "token": "Q"}}, "hypothesis", "constant_hypothesis"),
        ({"hypothesis": {"type": "guess"}}, "hypothesis", "union_tag_invalid"),
        ({"hypothesis": {"type": "count", "plus": "a"}}, "hypothesis.minus", "missing"),
        (
            {
                "model": {"type": "random"},
                "sequence": {"type": "signal", "name": "sine"},
                "hypothesis": {"type": "quotes"},
            },
            "hypothesis.type",
            "no_text",
        ),
    ],
)
def test_a_wrong_hypothesis_is_named(
    client: httpx.Client, assert_problem: AssertProblem, request_: dict[str, Any], field: str, code: str
) -> None:
    assert_problem(rank(client, **request_), "invalid-input", field=field, code=code)
