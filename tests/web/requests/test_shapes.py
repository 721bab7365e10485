"""Whatever stands at any place of a body, the answer is a run or a problem that the client can mend."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from gatescope.web.questions import QUESTIONS
from gatescope.web.requests.examples import TRACE_REQUESTS
from gatescope.web.requests.schemas import TraceRequest

EXTREMES = [1e308, -1e308, 1e39, -3e38, 5e-324, 10**400, 2**63, -(2**31) - 1, 2**32, 0, -1]
CONDITIONS = {
    "initial_state": {"hidden_state": [0.0] * 4, "cell_state": [0.5] * 4},
    "interventions": [{"quantity": "cell_state", "value": 1, "units": [0], "first": 1, "last": 2}],
    "changes": [
        {"type": "forget_bias", "value": 3, "units": [1]},
        {"type": "weight", "name": "weight_hh_l0", "row": 0, "column": 1, "value": 0.5},
    ],
}
Place = tuple[str | int, ...]


def complete(model: type[BaseModel], request: Any) -> Any:
    """A request with all fields that it may have, so that each can be changed."""
    return model.model_validate(request).model_dump(mode="json")


BODIES: dict[str, tuple[str, Any]] = {
    **{
        question.name: (f"analyses/{question.name}", complete(question.request, question.example))
        for question in QUESTIONS
    },
    **{name: ("traces", complete(TraceRequest, request)) for name, request in TRACE_REQUESTS.items()},
    "conditions": ("traces", complete(TraceRequest, {**TRACE_REQUESTS["a table"], **CONDITIONS})),
}


def places(content: Any, place: Place = ()) -> Iterator[Place]:
    """Where something stands in a body; of a list the first two items."""
    yield place
    if isinstance(content, dict):
        for name, value in content.items():
            yield from places(value, (*place, name))
    elif isinstance(content, list):
        for index, value in enumerate(content[:2]):
            yield from places(value, (*place, index))


def at(content: Any, place: Place) -> Any:
    for step in place:
        content = content[step]
    return content


def replaced(content: Any, place: Place, value: Any) -> Any:
    """A copy of a body with another value at a place."""
    if not place:
        return value
    copy = json.loads(json.dumps(content))
    at(copy, place[:-1])[place[-1]] = value
    return copy


def check(client: httpx.Client, route: str, body: Any) -> None:
    response = client.post(f"/api/v1/{route}", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 400, 422), (body, response.text)
    assert "problems/internal" not in response.text, body


@pytest.mark.parametrize("name", BODIES)
def test_no_number_is_too_extreme_to_be_answered(client: httpx.Client, name: str) -> None:
    route, body = BODIES[name]
    for place in places(body):
        if at(body, place) is None or isinstance(at(body, place), int | float):
            for number in EXTREMES:
                check(client, route, replaced(body, place, number))


anything = st.recursive(
    st.none() | st.booleans() | st.sampled_from([*EXTREMES, "", "\ud800", "\0", "a\ud800b", "1", "x" * 5000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "a", "\ud800"]), inner),
    max_leaves=6,
)


@pytest.mark.usefixtures("untraced")
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_json_at_any_place_is_too_strange_to_be_answered(client: httpx.Client, data: st.DataObject) -> None:
    route, body = BODIES[data.draw(st.sampled_from(list(BODIES)))]
    place = data.draw(st.sampled_from(list(places(body))))
    check(client, route, replaced(body, place, data.draw(anything)))


tables = st.recursive(
    st.none() | st.booleans() | st.sampled_from([*EXTREMES, "", "\ud800", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "\ud800", ""]), inner),
    max_leaves=8,
).map(json.dumps)


@pytest.mark.usefixtures("untraced")
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(tables)
def test_no_json_in_a_text_is_too_strange_to_be_answered(client: httpx.Client, text: str) -> None:
    check(client, "traces", {**TRACE_REQUESTS["a table"], "sequence": {"type": "table", "text": text}})


@pytest.mark.usefixtures("untraced")
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(anything | anything.map(json.dumps), st.booleans())
def test_no_vocabulary_is_too_strange_to_be_answered(client: httpx.Client, value: Any, is_whole: bool) -> None:
    body = json.dumps(value if is_whole else {"vocabulary": value})
    response = client.patch("/api/v1/models/none", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (404, 422), (body, response.text)
