"""Sequences for a model with a size of its own: text where it reads text, and a task by the model's tokens."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from tests.conftest import Serve
from tests.wire import BYTES, COUNTING, AssertProblem, Json, npy
from torch import nn

from gatescope.training import TASKS

TEXT: Json = {"type": "text", "text": "aab"}
ONE_HOT = [[0, 1, 0], [0, 1, 0], [0, 0, 1]]
ROWS = [[0, 1, 0], [0, 2, 0], [1, 0, 0]]


def table(rows: list[list[float]]) -> str:
    return "\n".join(",".join(map(str, row)) for row in rows)


AS: dict[str, Callable[[list[list[float]]], Json]] = {
    "numbers": lambda rows: {"type": "numbers", "values": rows},
    "table": lambda rows: {"type": "table", "text": table(rows)},
    "npy": lambda rows: {"type": "npy", "data": npy(rows)},
}


def ask(client: httpx.Client, model: Json, sequence: Json, route: str = "traces", **more: Any) -> httpx.Response:
    return client.post(f"/api/v1/{route}", json={"model": model, "sequence": sequence, **more})


@pytest.mark.parametrize("given", AS.values(), ids=AS)
def test_one_hot_rows_are_the_text_that_they_stand_for(client: httpx.Client, given: Callable[..., Json]) -> None:
    of_rows, of_text = (ask(client, COUNTING["model"], sequence).json() for sequence in (given(ONE_HOT), TEXT))
    assert of_rows["layers"] == of_text["layers"]
    assert of_rows["output"] == of_text["output"]


@pytest.mark.parametrize("given", AS.values(), ids=AS)
@pytest.mark.parametrize("route", ["traces", "analyses/health", "analyses/silencing", "analyses/what_if"])
def test_numbers_that_are_no_tokens_are_refused_by_a_model_of_text(
    client: httpx.Client, assert_problem: AssertProblem, given: Callable[..., Json], route: str
) -> None:
    error = assert_problem(
        ask(client, COUNTING["model"], given(ROWS), route), "invalid-input", field="sequence", code="not_one_hot"
    )
    assert error["context"].items() >= {"step": 1, "size": 3}.items()
    assert "reads text" in error["message"]


@pytest.mark.parametrize(
    "row", [[0, 0, 0], [1, 1, 0], [0.5, 0.5, 0], [-1, 1, 1], [0, 1 + 1e-9, 0], [1, 1, -1]], ids=str
)
def test_a_row_is_a_token_where_one_column_is_1_and_the_others_are_0(
    client: httpx.Client, assert_problem: AssertProblem, row: list[float]
) -> None:
    assert_problem(ask(client, COUNTING["model"], AS["numbers"]([row])), "invalid-input", code="not_one_hot")


def test_a_signal_of_as_many_columns_is_no_text(client: httpx.Client, assert_problem: AssertProblem) -> None:
    signal = {"type": "signal", "name": "noise", "features": 3}
    assert_problem(ask(client, COUNTING["model"], signal), "invalid-input", code="not_one_hot")


@pytest.fixture
def store(serve: Serve, tmp_path: Path) -> Callable[..., tuple[httpx.Client, Json]]:
    """Stores an LSTM of three features with an embedding of as many and a read-out, and a vocabulary."""
    client = serve(data_dir=str(tmp_path / "data"))

    def stored(vocabulary: list[str] | None, outputs: int = 3) -> tuple[httpx.Client, Json]:
        torch.manual_seed(0)
        model = nn.ModuleDict({"embed": nn.Embedding(5, 3), "rnn": nn.LSTM(3, 4), "head": nn.Linear(4, outputs)})
        torch.save(model.state_dict(), tmp_path / "model.pt")
        content = (tmp_path / "model.pt").read_bytes()
        identifier = client.post("/api/v1/models?name=model.pt", content=content, headers=BYTES).json()["id"]
        client.patch(f"/api/v1/models/{identifier}", json={"vocabulary": vocabulary})
        return client, {"type": "stored", "id": identifier, "read_out": "head"}

    return stored


Store = Callable[..., tuple[httpx.Client, Json]]
TASK: Json = {"type": "task", "name": "anbn"}


def test_a_model_with_an_embedding_reads_the_tokens_of_a_task(store: Store) -> None:
    client, model = store([".", "a", "b"])
    tokens = TASKS["anbn"].sample(0).values.argmax(1)
    numbers = {"type": "numbers", "values": tokens.tolist()}
    answers = [ask(client, {**model, "front": "embed"}, sequence).json() for sequence in (TASK, numbers)]
    assert answers[0]["layers"] == answers[1]["layers"]
    assert answers[0]["sequence"]["values"] == answers[1]["sequence"]["values"]
    assert "".join(answers[0]["sequence"]["characters"][:2]) == ".a"
    assert answers[0]["output"]["targets"] == TASKS["anbn"].sample(0).targets.tolist()


@pytest.mark.parametrize("front", [None, "embed"])
def test_a_task_is_refused_by_a_model_with_other_tokens(
    store: Store, assert_problem: AssertProblem, front: str | None
) -> None:
    client, model = store(["a", "b", "."])
    error = assert_problem(
        ask(client, {**model, "front": front}, TASK), "invalid-input", field="sequence", code="other_vocabulary"
    )
    assert error["context"] == {"tokens": ". a b"}


def test_a_task_of_values_is_no_tokens(store: Store, assert_problem: AssertProblem) -> None:
    client, model = store(None)
    adding = {"type": "task", "name": "adding"}
    assert_problem(ask(client, {**model, "front": "embed"}, adding), "invalid-input", code="wrong_width")
    sunspots = {"type": "task", "name": "sunspots"}
    assert_problem(ask(client, {**model, "front": "embed"}, sunspots), "invalid-input", code="not_a_token")


def test_the_targets_of_a_task_are_in_the_answer_where_the_read_out_has_as_many_outputs(store: Store) -> None:
    for outputs, is_told in ((3, True), (2, False)):
        client, model = store(None, outputs)
        answer = ask(client, model, TASK).json()
        assert (answer["output"]["targets"] is not None) == is_told
