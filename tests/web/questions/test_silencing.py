"""Silencing tells how far it is, ends in a ranking, and stops when nobody listens any more."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest
import torch
from tests.conftest import Serve, ServerProcess
from tests.wire import COUNTING, AssertProblem, Json

from gatescope.analysis import SilencedUnit, Silencing, Targets, rank_silenced, silence_each_unit
from gatescope.models.sources.shipped import load_zoo
from gatescope.training import TASKS
from gatescope.web.admission.admission import Admission
from gatescope.web.admission.price import Price
from gatescope.web.app import create_app
from gatescope.web.questions.silencing import SilencingRequest, tell
from gatescope.web.routes.questions import sent
from gatescope.web.settings import Settings

Event = tuple[str, Any]
PATH = "/api/v1/analyses/silencing"
# Some tens of seconds of work, tens of milliseconds for each unit.
LONG: Json = {
    "model": {"type": "random", "hidden_size": 500, "seed": 0},
    "sequence": {"type": "signal", "name": "sine", "steps": 1000},
}


def events(lines: Iterator[str]) -> Iterator[Event]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def ask(client: httpx.Client, **request: Any) -> list[Event]:
    with client.stream("POST", PATH, json={**COUNTING, **request}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(events(response.iter_lines()))


@pytest.mark.parametrize("quantity", ["hidden_state", "cell_state"])
def test_an_event_follows_each_unit_and_the_ranking_comes_last(client: httpx.Client, quantity: str) -> None:
    *progress, (name, result) = ask(client, quantity=quantity)
    assert progress == [("progress", {"done": done, "of": 6}) for done in range(1, 7)]
    assert name == "result"
    sample = TASKS["anbn"].sample(0)
    expected = silence_each_unit(
        load_zoo("anbn").network,
        sample.values,
        quantity=quantity,
        targets=Targets(sample.targets, sample.asked),
    )
    assert expected.score is not None
    place = {"layer": 0, "direction": "forward", "quantity": quantity, "measured": "output"}
    assert result == {
        **place,
        "score": {"loss": pytest.approx(expected.score.loss), "accuracy": expected.score.accuracy},
        "units": [
            {
                "unit": unit.unit,
                "change": pytest.approx(unit.change),
                "largest": pytest.approx(unit.largest),
                "step": unit.step,
                "score": unit.score and {"loss": pytest.approx(unit.score.loss), "accuracy": unit.score.accuracy},
            }
            for unit in rank_silenced(expected.units)
        ],
    }


def test_what_the_run_holds_changes_and_starts_from_stays(client: httpx.Client) -> None:
    more: Json = {
        "interventions": [{"quantity": "hidden_state", "value": 0, "units": [1]}],
        "changes": [{"type": "forget_bias", "value": 2}],
        "initial_state": {"hidden_state": [0.5] * 6, "cell_state": [1.0] * 6},
    }
    result = ask(client, **more)[-1][1]
    changes = {unit["unit"]: unit["change"] for unit in result["units"]}
    assert changes[1] == 0, "what is silent already changes nothing"
    compared = {
        **more,
        "interventions": [*more["interventions"], {"quantity": "hidden_state", "value": 0, "units": [4]}],
    }
    both = [
        client.post("/api/v1/traces", json={**COUNTING, **each}).json()["output"]["values"] for each in (more, compared)
    ]
    difference = torch.tensor(both[1], dtype=torch.float64) - torch.tensor(both[0], dtype=torch.float64)
    assert changes[4] == pytest.approx(float(difference.square().mean().sqrt()), rel=1e-4)


@pytest.mark.parametrize("name", ["quotes", "adding", "reber"])
def test_without_silencing_a_shipped_model_scores_well_on_its_task(client: httpx.Client, name: str) -> None:
    shipped = {"model": {"type": "zoo", "name": name}, "sequence": {"type": "task", "name": name}}
    score = ask(client, **shipped)[-1][1]["score"]
    assert score["accuracy"] is None if name == "adding" else score["accuracy"] > 0.9
    assert score["loss"] < 0.5


def test_without_a_read_out_the_hidden_states_are_measured(client: httpx.Client) -> None:
    result = ask(client, model={"type": "random", "hidden_size": 3, "seed": 1})[-1][1]
    assert (result["measured"], result["score"]) == ("hidden_state", None)
    assert [unit["score"] for unit in result["units"]] == [None] * 3


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"layer": 1}, "layer", "no_such_layer"),
        ({"direction": "backward"}, "direction", "no_such_direction"),
        ({"quantity": "forget_gate"}, "quantity", "literal_error"),
        ({"interventions": [{"quantity": "cell_state", "value": 0, "units": [6]}]}, "interventions.0.units", None),
        ({"changes": [{"type": "forget_bias", "value": 1, "units": [6]}]}, "changes.0.units", "no_such_unit"),
        ({"changes": [{"type": "weight", "name": "weight_hh_l0"}]}, "changes.0.row", "missing"),
    ],
)
def test_what_is_wrong_before_the_start_is_an_ordinary_problem(
    client: httpx.Client, assert_problem: AssertProblem, request_: Json, field: str, code: str | None
) -> None:
    error = assert_problem(client.post(PATH, json={**COUNTING, **request_}), "invalid-input", field=field)
    assert code in (None, error["code"])


@pytest.mark.anyio
async def test_what_goes_wrong_after_the_start_is_an_event(caplog: pytest.LogCaptureFixture) -> None:
    def units() -> Iterator[SilencedUnit]:
        yield SilencedUnit(0, 0.0, 0.0, 0, None)
        raise RuntimeError("the secret inside")

    events = tell(SilencingRequest(**COUNTING), Silencing("output", None, 2, units()))
    admission = Admission(workers=1, max_seconds=60, max_bytes=1)
    answers = [event async for event in sent(events, Price(1, 1), "silencing", admission)]
    assert [event.event for event in answers] == ["progress", "problem"]
    assert answers[0].data == {"done": 1, "of": 2}
    problem = json.loads(answers[1].raw_data or "")
    assert (problem["type"], problem["status"]) == ("/problems/internal-error", 500)
    assert "secret" not in json.dumps(problem)
    assert problem["errors"][0]["context"]["id"] in caplog.text


def test_others_get_their_turn_while_the_only_worker_silences_units(serve: Serve) -> None:
    client = serve(workers=1)
    with client.stream("POST", PATH, json={**COUNTING, **LONG}) as response:
        told = events(response.iter_lines())
        next(told)
        with httpx.Client(base_url=client.base_url, trust_env=False, timeout=30) as other:
            assert other.post("/api/v1/traces", json=COUNTING).status_code == 200
        assert next(told)[0] == "progress"


def spent(process: subprocess.Popen[str]) -> float:
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


def test_the_work_stops_when_the_client_hangs_up(server_process: ServerProcess) -> None:
    process, address = server_process
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        with client.stream("POST", PATH, json={**COUNTING, **LONG}) as response:
            told = events(response.iter_lines())
            before = spent(process)
            assert [next(told) for _ in range(5)][-1] == ("progress", {"done": 5, "of": 500})
            of_five = spent(process) - before
            assert of_five > 0.05, "it works for as long as someone listens"
        before = last = spent(process)
        time.sleep(1)
        while (now := spent(process)) - last > 0.05:  # the unit that was running may end
            assert now - before < 20 * of_five, "all units would take a hundred times the work of five"
            last = now
            time.sleep(1)
        assert client.get("/healthz").status_code == 200


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_server_that_silences_units_stops_within_seconds(server_process: ServerProcess) -> None:
    process, address = server_process
    ended = threading.Event()

    def listen() -> None:
        try:
            with httpx.stream("POST", address + PATH, json={**COUNTING, **LONG}, trust_env=False, timeout=60) as told:
                for _ in told.iter_lines():
                    started.set()
        except httpx.HTTPError:
            pass
        ended.set()

    started = threading.Event()
    threading.Thread(target=listen).start()
    assert started.wait(60)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == -signal.SIGTERM
    assert ended.wait(5)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_events_are_not_held_back_to_be_compressed(anyio_backend: str) -> None:
    del anyio_backend
    transport = httpx.ASGITransport(create_app(Settings()), client=("192.0.2.7", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post(PATH, json=COUNTING, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.text.count("event: progress") == 6
