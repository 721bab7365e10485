"""The price of a request is worked out from its schema, and is near the work that it makes."""

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from tests.wire import npy

from gatescope.models.sources.store import ModelStore
from gatescope.web.admission.price import FLOAT, WRITTEN, price_of_run
from gatescope.web.questions import QUESTIONS
from gatescope.web.requests.examples import TRACE_REQUESTS
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import Runner, count_numbers
from gatescope.web.settings import Settings

STORE = ModelStore("memory://priced")
RANDOM = {"type": "random", "hidden_size": 8, "seed": 0}
LARGE = {
    "numbers": {"type": "numbers", "values": [[0.5, 1.0]] * 300},
    "table": {"type": "table", "text": "1,2\n" * 300},
    "JSON table": {"type": "table", "text": str([1] * 301)},
    "npy": {"type": "npy", "data": npy(np.zeros((300, 1), np.float32))},
    "text": {"type": "text", "text": "abc" * 100},
    "signal": {"type": "signal", "name": "sine", "steps": 300, "features": 3},
    "task": {"type": "task", "name": "anbn"},
}


def read(**request: Any) -> TraceRequest:
    return TypeAdapter(TraceRequest).validate_python(request)


@pytest.mark.parametrize("sequence", LARGE.values(), ids=LARGE)
def test_the_room_is_enough_for_the_answer_and_not_many_times_as_much(sequence: dict[str, Any]) -> None:
    request = read(model=RANDOM, sequence=sequence)
    if sequence["type"] == "task":
        request = read(model={"type": "zoo", "name": "anbn"}, sequence=sequence)
    numbers = count_numbers(Runner(Settings(), STORE).prepare(request), with_weights=False)
    price = price_of_run(request, STORE, most_steps=20_000)
    share = price.answer_bytes / (FLOAT + WRITTEN) / numbers
    assert 0.9 < share < (30 if sequence["type"] == "task" else 1.6)  # a task tells its length only when it is drawn


def test_no_price_is_higher_than_that_of_the_steps_that_are_allowed() -> None:
    request = read(model=RANDOM, sequence={"type": "text", "text": "a" * 1000})
    allowed = read(model=RANDOM, sequence={"type": "text", "text": "a" * 20})
    assert price_of_run(request, STORE, most_steps=20) == price_of_run(allowed, STORE, most_steps=20)


def test_a_model_that_is_not_there_has_a_price_all_the_same() -> None:
    request = read(model={"type": "stored", "id": "0" * 64}, sequence=LARGE["numbers"])
    assert price_of_run(request, STORE, most_steps=20_000).is_cheap


@pytest.mark.parametrize(
    ("steps", "hidden_size", "is_cheap"), [(200, 32, True), (1000, 128, True), (1000, 1000, False), (20_000, 50, False)]
)
def test_dear_is_what_takes_many_steps_of_many_units(steps: int, hidden_size: int, is_cheap: bool) -> None:
    sequence = {"type": "signal", "name": "sine", "steps": steps}
    request = read(model={"type": "random", "hidden_size": hidden_size}, sequence=sequence)
    assert price_of_run(request, STORE, most_steps=20_000, passes=2).is_cheap is is_cheap


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_has_a_price(question: Any) -> None:
    request = question.request(**question.example)
    assert question.passes(request) >= 1
    for run in question.runs(request):
        assert price_of_run(run, STORE, 20_000, question.passes(request)).products > 0


@pytest.mark.parametrize("request_", TRACE_REQUESTS.values(), ids=TRACE_REQUESTS)
def test_every_example_is_cheap(request_: dict[str, Any]) -> None:
    assert price_of_run(read(**request_), STORE, 20_000, passes=2).is_cheap
