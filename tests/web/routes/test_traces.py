import base64
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pkgutil import resolve_name
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from tests.conftest import Serve
from tests.web.rest import Json

from gatescope.web.requests.examples import TRACE_REQUESTS

TENSORS = ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state")
RANDOM = {"type": "random", "hidden_size": 3, "seed": 5}
NUMBERS = {"type": "numbers", "values": [[0.5, 1], [0.25, -1], [0, 2], [1, 1]], "features": ["a", "b"]}


def run(
    client: httpx.Client, model: Json = RANDOM, sequence: Json = NUMBERS, query: Json | None = None, **more: Any
) -> Json:
    request = {"model": model, "sequence": sequence, **more}
    response = client.post("/api/v1/traces", json=request, params=query)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def decode(value: Any) -> Any:
    """Every base64 tensor inside ``value`` as nested lists."""
    if isinstance(value, dict) and "bdata" in value:
        shape = [int(size) for size in value["shape"].split(", ")]
        return np.frombuffer(base64.b64decode(value["bdata"]), dtype="<f4").reshape(shape).tolist()
    if isinstance(value, dict):
        return {name: decode(inner) for name, inner in value.items()}
    return [decode(inner) for inner in value] if isinstance(value, list) else value


def to_float32(value: Any) -> Any:
    """Every number inside ``value`` as the float32 that it stands for."""
    if isinstance(value, dict):
        return {name: to_float32(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [to_float32(inner) for inner in value]
    return float(np.float32(value)) if isinstance(value, float) else value


def test_the_answer_holds_every_quantity_of_every_step_and_unit(client: httpx.Client) -> None:
    answer = run(client)
    (layer,) = answer["layers"]
    assert (layer["layer"], layer["direction"]) == (0, "forward")
    assert np.shape(layer["initial_state"]["hidden_state"]) == np.shape(layer["initial_state"]["cell_state"]) == (3,)
    for name in TENSORS:
        assert np.shape(layer[name]) == (4, 3), name
    assert tuple(name for name in layer if name in TENSORS) == TENSORS


def test_the_laws_of_the_lstm_hold_in_the_answer(client: httpx.Client) -> None:
    (layer,) = run(client)["layers"]
    f, i, candidate, o, c, h = (np.array(layer[name]) for name in TENSORS)
    before = np.vstack([layer["initial_state"]["cell_state"], c[:-1]])
    np.testing.assert_allclose(c, f * before + i * candidate, atol=1e-6)
    np.testing.assert_allclose(h, o * np.tanh(c), atol=1e-6)


def test_the_sequence_is_told_as_it_was_fed(client: httpx.Client) -> None:
    sequence = run(client, sequence={**NUMBERS, "columns": [1], "scaling": "minmax"})["sequence"]
    np.testing.assert_allclose(sequence.pop("values"), [[2 / 3], [0.0], [1.0], [2 / 3]], rtol=1e-6)
    assert sequence == {
        "type": "numbers",
        "steps": 4,
        "features": ["b"],
        "characters": None,
        "quantity": None,
        "columns": ["a", "b"],
        "scaling": {"method": "minmax", "offset": [-1], "scale": [3]},
    }


def npy(array: np.ndarray[Any, Any]) -> str:
    file = io.BytesIO()
    np.save(file, array)
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    "sequence",
    [
        {"type": "table", "text": "a,b\n0.5,1\n0.25,-1\n0,2\n1,1"},
        {"type": "npy", "data": npy(np.array(NUMBERS["values"]))},
    ],
    ids=["table", "npy"],
)
def test_the_same_numbers_give_the_same_layers_from_every_source(client: httpx.Client, sequence: Json) -> None:
    assert run(client, sequence=sequence)["layers"] == run(client)["layers"]


def test_text_is_one_hot_by_its_characters(client: httpx.Client) -> None:
    sequence = run(client, sequence={"type": "text", "text": "한글 한"})["sequence"]
    assert sequence["characters"] == ["한", "글", " ", "한"]
    assert sequence["features"] == [" ", "글", "한"]
    assert sequence["values"] == [[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_every_signal_of_the_catalogue_runs_with_its_defaults(client: httpx.Client) -> None:
    signals = client.get("/api/v1/signals").json()["signals"]
    assert {signal["name"] for signal in signals} >= {"sine", "random_walk", "sunspots"}
    for signal in signals:
        defaults = {parameter["name"]: parameter["default"] for parameter in signal["parameters"]}
        steps = min(50, signal["max_steps"])
        given = {"type": "signal", "name": signal["name"], "steps": steps, "parameters": defaults, "seed": 1}
        assert run(client, sequence=given)["sequence"]["steps"] == steps


@pytest.mark.parametrize("request_", TRACE_REQUESTS.values(), ids=TRACE_REQUESTS)
def test_every_example_of_the_documentation_runs_and_agrees_with_torch(client: httpx.Client, request_: Json) -> None:
    agreement = run(client, **request_)["agreement"]
    assert agreement["reference"] == "torch.nn.LSTM"
    assert agreement["largest"] == max(agreement["hidden_state"], agreement["cell_state"])
    assert agreement["largest"] <= agreement["tolerance"]


def test_both_encodings_hold_the_same_float32_numbers(client: httpx.Client) -> None:
    as_lists = run(client, query={"encoding": "list", "weights": True})
    as_base64 = run(client, query={"encoding": "base64", "weights": True})
    assert as_base64["layers"][0]["forget_gate"]["shape"] == "4, 3"
    assert as_base64["layers"][0]["initial_state"]["cell_state"]["shape"] == "3"
    del as_lists["agreement"], as_base64["agreement"]
    assert to_float32(as_lists) == to_float32(decode(as_base64))


@pytest.mark.parametrize("initialisation", ["pytorch", "xavier", "chrono"])
def test_the_weights_of_an_answer_give_the_same_layers_again(client: httpx.Client, initialisation: str) -> None:
    model = {**RANDOM, "initialisation": initialisation}
    first = run(client, model, query={"weights": True})
    state_dict = first["model"].pop("state_dict")
    assert np.shape(state_dict["weight_ih_l0"]) == (12, 2)
    again = run(client, {"type": "weights", "state_dict": state_dict})
    assert again["layers"] == first["layers"]
    known = {"type": "weights", "input_size": 2, "hidden_size": 3, "proj_size": 0, "num_layers": 1}
    flags = {"bidirectional": False, "softmax": False}
    assert again["model"] == dict.fromkeys(first["model"]) | known | flags | {"state_dict": None}


def test_the_layers_are_those_of_torch_with_the_weights_of_the_answer(client: httpx.Client) -> None:
    answer = run(client, query={"weights": True})
    lstm = torch.nn.LSTM(2, 3)
    lstm.load_state_dict({name: torch.tensor(values) for name, values in answer["model"]["state_dict"].items()})
    with torch.inference_mode():
        hidden_state, _ = lstm(torch.tensor(answer["sequence"]["values"]))
    np.testing.assert_allclose(answer["layers"][0]["hidden_state"], hidden_state.numpy(), atol=1e-6)


def test_the_same_seed_gives_the_same_answer_and_a_drawn_one_is_returned(client: httpx.Client) -> None:
    drawn = run(client, {"type": "random", "hidden_size": 3})
    again = run(client, {"type": "random", "hidden_size": 3, "seed": drawn["model"]["seed"]})
    other = run(client, {"type": "random", "hidden_size": 3})
    assert again == drawn
    assert other["layers"] != drawn["layers"]


@pytest.mark.parametrize(("given", "told"), [(None, 1), (0, 0), (2.5, 2.5)])
def test_the_forget_bias_of_xavier_is_told(client: httpx.Client, given: float | None, told: float) -> None:
    model = run(client, {**RANDOM, "initialisation": "xavier", "forget_bias": given})["model"]
    assert model["forget_bias"] == told


def test_a_run_starts_from_the_state_given(client: httpx.Client) -> None:
    whole = run(client)["layers"][0]
    state = {name: whole[name][1] for name in ("hidden_state", "cell_state")}
    rest = run(client, sequence={**NUMBERS, "values": NUMBERS["values"][2:]}, initial_state=state)["layers"][0]
    assert rest["initial_state"] == state
    for name in TENSORS:
        np.testing.assert_allclose(rest[name], whole[name][2:], atol=1e-6)


@pytest.mark.parametrize("part", ["run.fitted_model", "run.trace", "routes.traces.encode"])
def test_others_are_answered_while_a_trace_is_made(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """The part begins, and goes on only after another request was answered."""
    begun, answered, go_on = threading.Event(), threading.Event(), resolve_name(f"gatescope.web.{part}")

    def wait_for_the_other(*arguments: Any, **more: Any) -> Any:
        begun.set()
        assert answered.wait(30)
        return go_on(*arguments, **more)

    monkeypatch.setattr(f"gatescope.web.{part}", wait_for_the_other)
    with ThreadPoolExecutor(1) as threads:
        traced = threads.submit(run, client)
        assert begun.wait(30)
        assert client.get("/healthz").status_code == 200
        answered.set()
        assert len(traced.result()["layers"]) == 1


def test_the_limits_are_those_of_the_settings(serve: Serve) -> None:
    settings = {
        "max_steps": 11,
        "max_hidden_size": 12,
        "max_features": 13,
        "max_answer_cells": 14,
        "max_body_bytes": 15,
        "max_model_bytes": 16,
        "max_models": 17,
    }
    client = serve(**settings)
    assert client.get("/api/v1/limits").json() == settings
    signals = {signal["name"]: signal for signal in client.get("/api/v1/signals").json()["signals"]}
    assert signals["sine"]["max_steps"] == signals["sunspots"]["max_steps"] == 11
