"""Every way in meets every question: models × sequences × routes over REST, by pairs, as the page asks them.

Of each row the trace is asked for first and then the question; then all again, the question first, after a restart. An
answer is what the Python function says of the same model, built from the very file and called alone, and of the trace
also what PyTorch's own modules say; or it is the refusal that the rules in `sequences` and `runs` expect.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from tests.conftest import running_server
from tests.texts import TEXTS
from tests.web.walk.models import MODELS, SHIPPED, write_files
from tests.web.walk.pairs import BY_NAME, Row, all_pairs, refusal, rows
from tests.web.walk.routes import ROUTES, TRACES
from tests.web.walk.runs import Route, Run
from tests.web.walk.sequences import SEQUENCES, Sequence
from tests.wire import BYTES, Json

from gatescope.models.sources.shipped import ZOO, load_zoo
from gatescope.web.app import create_app
from gatescope.web.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the files of the stored models, and the server's data."""
    return tmp_path_factory.mktemp("walk")


@pytest.fixture(scope="module")
def stored() -> dict[str, str]:
    """The ids of the files, once they are stored."""
    return {}


@pytest.fixture(scope="module", params=["at first", "after a restart"])
def server(request: pytest.FixtureRequest, folder: Path, stored: dict[str, str]) -> Iterator[tuple[httpx.Client, bool]]:
    """A server that has read no model yet, and whether it is the second one, which finds what the first one stored."""
    load_zoo.cache_clear()
    with running_server(Settings(data_dir=str(folder / "data"))) as client:
        if not stored:
            for file, vocabulary in write_files(folder).items():
                stored[file] = _upload(client, folder / file, vocabulary)
        yield client, request.param == "after a restart"


def _upload(client: httpx.Client, path: Path, vocabulary: tuple[str, ...] | None) -> str:
    answer = client.post("/api/v1/models", params={"name": path.name}, content=path.read_bytes(), headers=BYTES)
    assert answer.status_code == 201, answer.text
    identifier = str(answer.json()["id"])
    changed = client.patch(f"/api/v1/models/{identifier}", json={"vocabulary": vocabulary})
    assert changed.status_code == 200, changed.text
    return identifier


@pytest.mark.parametrize("model", BY_NAME)
def test_every_question_is_answered_rightly_or_refused_for_a_reason(
    server: tuple[httpx.Client, bool], folder: Path, stored: dict[str, str], model: str
) -> None:
    client, is_restarted = server
    mistakes = []
    for row in (row for row in rows() if row.model == model):
        run = row.run(folder, stored)
        asked = [TRACES] if row.route == "trace" else [TRACES, ROUTES[row.route]]
        if is_restarted:
            asked.reverse()
        mistakes += [f"{row}: {mistake}" for route in asked for mistake in _mistakes(client, row, run, route)]
    assert not mistakes, "\n".join(mistakes)


def _mistakes(client: httpx.Client, row: Row, run: Run, route: Route) -> list[str]:
    """What is wrong with the answer to a question."""
    expected = refusal(Row(row.model, row.sequence, next(name for name in ROUTES if ROUTES[name] is route), row.what))
    response = client.post(route.path, json=route.request(run))
    if expected:
        return _mistakes_of_refusal(response, expected)
    if response.status_code != 200:
        return [f"{route.path} is {response.status_code}: {response.text[:300]}"]
    answer = _content(response)
    mistakes = list(_differences(answer, route.answer(run), route.path))
    if route is TRACES and not run.interventions:
        mistakes += _differences_from_torch(answer, run)
    return mistakes


def _mistakes_of_refusal(response: httpx.Response, expected: str) -> list[str]:
    if response.status_code != 422 or response.headers["content-type"] != "application/problem+json":
        return [f"{response.status_code} instead of the refusal {expected}: {response.text[:300]}"]
    (error,) = response.json()["errors"]
    if error["code"] != expected:
        return [f"refused with {error['code']} instead of {expected}: {error['message']}"]
    missing = [text for text in TEXTS.values() if f"error.{expected}" not in text]
    return [f"there is no text for {expected}"] if missing else []


def _content(response: httpx.Response) -> Any:
    """The answer; of a stream of events the last one's data."""
    if response.headers["content-type"].startswith("application/json"):
        return response.json()
    events = [block for block in response.text.split("\n\n") if "data: " in block]
    assert "event: result" in events[-1], events[-1]
    return json.loads(events[-1].split("data: ", 1)[1])


def _differences(answer: Any, expected: Any, place: str) -> Iterator[str]:
    """Where an answer says something else than expected, as far as that goes."""
    if isinstance(expected, Mapping):
        if not isinstance(answer, Mapping) or not expected.keys() <= answer.keys():
            yield f"{place} is {str(answer)[:80]}"
            return
        for name, inner in expected.items():
            yield from _differences(answer[name], inner, f"{place}.{name}")
    elif isinstance(expected, list | tuple) and expected and isinstance(expected[0], Mapping):
        if len(answer) != len(expected):
            yield f"{place} has {len(answer)} entries instead of {len(expected)}"
            return
        for index, inner in enumerate(expected):
            yield from _differences(answer[index], inner, f"{place}.{index}")
    elif expected is None or isinstance(expected, str | bool):
        if answer != expected:
            yield f"{place} is {str(answer)[:80]} instead of {expected}"
    elif not _are_close(answer, expected):
        yield f"{place} is {str(answer)[:200]} instead of {str(expected)[:200]}"


def _are_close(answer: Any, expected: Any, tolerance: float = 1e-6) -> bool:
    """Whether numbers are the same but for the rounding of the wire, which writes null for what JSON has not."""
    if answer is None and not isinstance(expected, torch.Tensor):
        return not np.isfinite(expected)
    one, other = np.array(answer, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if one.shape != other.shape:
        return False
    other = np.where(np.isfinite(other), other, np.nan)
    return bool(np.allclose(one, other, rtol=1e-5, atol=tolerance, equal_nan=True))


def _differences_from_torch(answer: Json, run: Run) -> Iterator[str]:
    if answer["agreement"]["largest"] > answer["agreement"]["tolerance"]:
        yield f"torch.nn.LSTM differs by {answer['agreement']['largest']}"
    hidden, output = run.in_torch()
    top = [layer["hidden_state"] for layer in answer["layers"] if layer["layer"] == run.place[0]]
    if not _are_close(np.concatenate(top, axis=1), hidden, 5e-6):
        yield "the hidden states are not torch's"
    if output is not None and not _are_close(answer["output"]["values"], output, 5e-6):
        yield "the output is not torch's"


@pytest.mark.parametrize("route", ROUTES)
def test_a_run_that_could_overflow_is_refused_alike_by_every_route(
    client: httpx.Client, folder: Path, route: str
) -> None:
    values = np.zeros((12, 2))
    values[3] = [-3e38, 3e38]
    run = Run(BY_NAME["weights"], Sequence({"type": "numbers", "values": values.tolist()}, values), folder)
    response = client.post(ROUTES[route].path, json=ROUTES[route].request(run))
    assert _mistakes_of_refusal(response, "overflow") == []
    assert response.json()["errors"][0]["context"] == {"quantity": "forget_gate", "step": 3}


def test_the_rows_cover_every_pair() -> None:
    assert all_pairs() == set().union(*(row.pairs for row in rows()))


def test_every_pair_that_works_is_in_a_row_that_is_answered() -> None:
    answered = set().union(*(row.pairs for row in rows() if refusal(row) is None))
    for row in rows():
        if refusal(row):
            assert row.pairs - answered, f"{row} is refused, and covers nothing that other rows do not"


def test_every_kind_of_model_and_sequence_and_every_route_that_runs_a_model_is_in_the_lists() -> None:
    """By the description of the API, so that a new kind or route that nobody added fails here."""
    described = create_app(Settings()).openapi()
    schemas = described["components"]["schemas"]

    def reached(schema: Any) -> set[str]:
        """The names of the schemas that a schema leads to."""
        names, todo = set[str](), [schema]
        while todo:
            inner = todo.pop()
            if isinstance(inner, dict):
                reference = inner.get("$ref", "").rpartition("/")[2]
                if reference and reference not in names:
                    names.add(reference)
                    todo.append(schemas[reference])
                todo += inner.values()
            elif isinstance(inner, list):
                todo += inner
        return names

    kinds = schemas["TraceRequest"]["properties"]
    models, sequences = (set(kinds[part]["discriminator"]["mapping"]) for part in ("model", "sequence"))
    assert models == {model.request(Path(), dict.fromkeys(BY_NAME, ""))["type"] for model in MODELS}
    assert sequences == {made(MODELS[0]).request["type"] for made in SEQUENCES.values()}
    assert (
        set(ZOO)
        == {model.name for model in SHIPPED}
        == {made(MODELS[0]).request["name"] for name, made in SEQUENCES.items() if name.startswith("task, ")}
    )
    paths = {
        path
        for path, operations in described["paths"].items()
        for operation in operations.values()
        if "ZooModelRequest" in reached(operation.get("requestBody", {}))
    }
    assert paths == {route.path for route in ROUTES.values()}
