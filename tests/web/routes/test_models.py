"""Uploaded models over REST: from a file to every gate."""

import signal
import subprocess
import tempfile
import time
import warnings
import zipfile
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import httpx
import psutil
import pytest
import torch
from tests.conftest import Serve, apart
from tests.models.files.onnx import external, lying
from tests.models.test_sandbox import corpus
from tests.wire import BYTES, AssertProblem
from torch import nn

from gatescope.models.checkpoint import find_lstms
from gatescope.models.sources.store import ModelStore


class Tagger(nn.Module):
    """A larger model: an embedding, a deep LSTM in two directions with projections, a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(6, 12)
        self.rnn = nn.LSTM(12, 16, 3, bidirectional=True, proj_size=5)
        self.head = nn.Linear(10, 6)


@pytest.fixture(scope="session")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("models") / "tagger.pt"
    torch.save({"epoch": 3, "state_dict": Tagger().state_dict()}, path)
    return path.read_bytes()


@pytest.fixture
def uploads(serve: Serve, tmp_path: Path) -> httpx.Client:
    return serve(data_dir=str(tmp_path / "data"))


@pytest.fixture(scope="module")
def stored(client: httpx.Client, tagger: bytes) -> str:
    """The id of the tagger on the server that all tests share."""
    return str(upload(client, tagger).json()["id"])


def upload(client: httpx.Client, content: bytes, name: str = "tagger.pt") -> httpx.Response:
    return client.post("/api/v1/models", params={"name": name}, content=content, headers=BYTES)


def trace(client: httpx.Client, model: dict[str, Any], sequence: dict[str, Any]) -> httpx.Response:
    return client.post("/api/v1/traces", json={"model": {"type": "stored", **model}, "sequence": sequence})


def test_a_checkpoint_goes_from_file_to_every_gate_of_every_layer(uploads: httpx.Client, tagger: bytes) -> None:
    response = upload(uploads, tagger)
    assert response.status_code == 201
    model = response.json()
    (lstm,) = model["lstms"]
    assert lstm == {
        "name": "state_dict.rnn",
        "input_size": 12,
        "hidden_size": 16,
        "proj_size": 5,
        "num_layers": 3,
        "bidirectional": True,
        "fronts": {"state_dict.embed": 6},
        "read_outs": {"state_dict.head": 6},
        "omitted_parts": 0,
    }
    parts = {"front": "state_dict.embed", "read_out": "state_dict.head", "softmax": True}
    sequence = {"type": "signal", "name": "token_ids", "steps": 30, "parameters": {"vocabulary_size": 6}}
    answer = trace(uploads, {"id": model["id"], **parts}, sequence).json()
    assert [(layer["layer"], layer["direction"]) for layer in answer["layers"]] == [
        (layer, direction) for layer in range(3) for direction in ("forward", "backward")
    ]
    assert answer["agreement"]["largest"] <= 1e-6
    original = Tagger().eval()
    tokens = uploads.post(
        "/api/v1/traces", json={"model": {"type": "random", "hidden_size": 1}, "sequence": sequence}
    ).json()["sequence"]["values"]
    with torch.no_grad():
        hidden, _ = original.rnn(original.embed(torch.tensor(tokens).long().flatten()))
        expected = original.head(hidden).softmax(dim=-1)
    torch.testing.assert_close(torch.tensor(answer["output"]["values"]), expected, rtol=0, atol=1e-6)
    assert answer["output"]["kind"] == "probability"


def test_a_vocabulary_lets_a_model_take_text(
    uploads: httpx.Client, tagger: bytes, assert_problem: AssertProblem
) -> None:
    identifier = upload(uploads, tagger).json()["id"]
    text = {"type": "text", "text": "ab문"}
    model = {"id": identifier, "front": "state_dict.embed"}
    assert_problem(trace(uploads, model, text), "invalid-input", field="model", code="no_vocabulary")
    changed = uploads.patch(f"/api/v1/models/{identifier}", json={"vocabulary": "a\nb\n문\n"})
    assert changed.json()["vocabulary"] == ["a", "b", "문"]
    answer = trace(uploads, model, text).json()
    assert answer["sequence"]["characters"] == ["a", "b", "문"]
    torch.testing.assert_close(torch.tensor(answer["sequence"]["values"]), Tagger().embed.weight[:3].detach())
    missing = trace(uploads, model, {"type": "text", "text": "abc"})
    assert_problem(missing, "invalid-input", field="sequence.text", code="not_in_vocabulary")
    without_front = trace(uploads, {"id": identifier}, text)
    assert_problem(without_front, "invalid-input", field="model.vocabulary", code="vocabulary_size_differs")
    assert uploads.patch(f"/api/v1/models/{identifier}", json={"vocabulary": None}).json()["vocabulary"] is None


@pytest.mark.parametrize(("vocabulary", "field"), [({"a": 0}, "vocabulary"), (["a", 1], "vocabulary.1")])
def test_what_is_no_vocabulary_is_named_by_its_place(
    uploads: httpx.Client, assert_problem: AssertProblem, vocabulary: object, field: str
) -> None:
    changed = uploads.patch(f"/api/v1/models/{'0' * 32}", json={"vocabulary": vocabulary})
    assert_problem(changed, "invalid-input", field=field, code="string_type")


def test_a_vocabulary_as_large_as_the_input_is_one_hot(uploads: httpx.Client, tmp_path: Path) -> None:
    torch.save(nn.LSTM(3, 4).state_dict(), tmp_path / "m.pt")
    identifier = upload(uploads, (tmp_path / "m.pt").read_bytes()).json()["id"]
    uploads.patch(f"/api/v1/models/{identifier}", json={"vocabulary": ["a", "b", "c"]})
    answer = trace(uploads, {"id": identifier}, {"type": "text", "text": "ca"}).json()
    assert answer["sequence"]["values"] == [[0, 0, 1], [1, 0, 0]]
    assert answer["sequence"]["features"] == ["a", "b", "c"]


def test_models_are_listed_renamed_and_deleted(
    uploads: httpx.Client, tagger: bytes, assert_problem: AssertProblem
) -> None:
    assert uploads.get("/api/v1/models").json() == {"models": []}
    identifier = upload(uploads, tagger).json()["id"]
    path = f"/api/v1/models/{identifier}"
    assert uploads.patch(path, json={"name": "품사 태거"}).json()["name"] == "품사 태거"
    assert [model["name"] for model in uploads.get("/api/v1/models").json()["models"]] == ["품사 태거"]
    assert uploads.get(path).json()["id"] == identifier
    assert uploads.delete(path).status_code == 204
    for method, below in (("GET", ""), ("DELETE", ""), ("GET", "/file")):
        assert_problem(uploads.request(method, path + below), "not-found")
    sequence = {"type": "signal", "name": "sine"}
    assert_problem(
        trace(uploads, {"id": identifier}, sequence), "invalid-input", field="model.id", code="no_such_model"
    )


def test_the_same_tensors_under_another_name_are_a_model_of_their_own(uploads: httpx.Client, tagger: bytes) -> None:
    one, other = (upload(uploads, tagger, name).json() for name in ("one.pt", "other.pt"))
    assert other["id"].startswith(one["id"])
    assert [upload(uploads, tagger, name).json()["id"] for name in ("one.pt", "other.pt")] == [one["id"], other["id"]]
    assert uploads.delete(f"/api/v1/models/{one['id']}").status_code == 204
    sequence = {"type": "signal", "name": "noise", "features": 12}
    assert trace(uploads, {"id": other["id"]}, sequence).json()["model"]["hidden_size"] == 16


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("tagger.pt", "tagger.safetensors"),
        ('../of "문"\r\n.weights.h5', "of%20%22%EB%AC%B8%22%0D%0A.weights.safetensors"),
    ],
)
def test_the_file_of_a_model_uploaded_again_is_the_same_model(
    uploads: httpx.Client, tagger: bytes, name: str, file_name: str
) -> None:
    model = upload(uploads, tagger, name).json()
    file = uploads.get(f"/api/v1/models/{model['id']}/file")
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == f"attachment; filename*=UTF-8''{file_name}"
    assert upload(uploads, file.content, name).json() == model
    uploads.delete(f"/api/v1/models/{model['id']}")
    again = upload(uploads, file.content, name).json()
    assert {"id": again["id"], "lstms": again["lstms"]} == {"id": model["id"], "lstms": model["lstms"]}


def test_a_damaged_file_is_not_handed_out(
    uploads: httpx.Client, tagger: bytes, tmp_path: Path, assert_problem: AssertProblem
) -> None:
    model = upload(uploads, tagger).json()
    (tmp_path / "data" / f"{model['id']}.safetensors").write_bytes(b"less")
    assert_problem(uploads.get(f"/api/v1/models/{model['id']}/file"), "invalid-input", code="damaged")


@pytest.mark.parametrize(
    ("model", "sequence", "field", "code"),
    [
        ({}, {"type": "signal", "name": "sine"}, "sequence", "wrong_width"),
        ({"lstm": "other"}, {"type": "signal", "name": "sine"}, "model.lstm", "which_lstm"),
        ({"front": "rnn"}, {"type": "signal", "name": "sine"}, "model.front", "does_not_fit"),
        ({"front": "state_dict.embed"}, {"type": "signal", "name": "sine"}, "sequence", "not_a_token"),
        ({"front": "state_dict.embed"}, {"type": "numbers", "values": [[1, 2]]}, "sequence", "wrong_width"),
        ({}, {"type": "signal", "name": "sunspots", "features": 12}, "sequence.features", "one_feature"),
    ],
)
def test_what_does_not_fit_a_model_is_named(
    client: httpx.Client,
    stored: str,
    assert_problem: AssertProblem,
    model: dict[str, Any],
    sequence: dict[str, Any],
    field: str,
    code: str,
) -> None:
    assert_problem(trace(client, {"id": stored, **model}, sequence), "invalid-input", field=field, code=code)


def test_columns_that_do_not_fit_are_named_with_those_that_do(
    uploads: httpx.Client, tagger: bytes, assert_problem: AssertProblem
) -> None:
    identifier = upload(uploads, tagger).json()["id"]
    table = {"type": "table", "text": "day,a,b\nMon,0,1\nTue,1,2\n"}
    refused = trace(uploads, {"id": identifier, "front": "state_dict.embed"}, table)
    error = assert_problem(refused, "invalid-input", field="sequence", code="wrong_width")
    assert error["context"]["columns"] == ["day", "a", "b"]
    assert error["context"]["features"] == ["a", "b"]
    fitting = trace(uploads, {"id": identifier, "front": "state_dict.embed"}, {**table, "columns": [1]})
    assert fitting.status_code == 200


def test_uploads_have_their_own_limits_and_type(
    serve: Serve, tagger: bytes, tmp_path: Path, assert_problem: AssertProblem
) -> None:
    small = serve(max_model_bytes=1000, max_models=0)
    assert_problem(upload(small, tagger), "body-too-large")
    assert_problem(
        small.post("/api/v1/models", content=b"{}", headers={"Content-Type": "application/json"}),
        "unsupported-content-type",
    )
    full = serve(max_models=0, data_dir=str(tmp_path))
    assert_problem(upload(full, tagger), "limit-exceeded", code="limit_exceeded")


def test_a_directory_that_cannot_be_written_to_is_a_problem_of_its_own(
    serve: Serve, tagger: bytes, tmp_path: Path, assert_problem: AssertProblem
) -> None:
    (tmp_path / "file").write_text("")
    assert_problem(upload(serve(data_dir=str(tmp_path / "file" / "data")), tagger), "storage-unavailable")


def test_a_temporary_folder_that_cannot_be_written_to_is_a_problem_of_its_own(
    uploads: httpx.Client,
    tagger: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    assert_problem: AssertProblem,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert_problem(upload(uploads, tagger), "temporary-folder-unavailable")


def test_a_damaged_model_is_listed_refused_mended_by_its_file_and_deleted(
    uploads: httpx.Client, tagger: bytes, tmp_path: Path, assert_problem: AssertProblem
) -> None:
    model = upload(uploads, tagger).json()
    path, description = f"/api/v1/models/{model['id']}", tmp_path / "data" / f"{model['id']}.json"
    description.write_text('{"of": "a later version"}')
    (listed,) = uploads.get("/api/v1/models").json()["models"]
    assert (listed["id"], listed["damaged"], listed["lstms"]) == (model["id"], "description", [])
    sequence = {"type": "signal", "name": "noise", "features": 12}
    refused = trace(uploads, {"id": model["id"]}, sequence)
    assert_problem(refused, "invalid-input", field="model.id", code="damaged")
    assert_problem(uploads.patch(path, json={"name": "mine"}), "invalid-input", code="damaged")
    assert {**upload(uploads, tagger).json(), "created": model["created"]} == model
    assert trace(uploads, {"id": model["id"]}, sequence).status_code == 200
    description.write_text("")
    assert uploads.delete(path).status_code == 204
    assert uploads.get("/api/v1/models").json() == {"models": []}


def test_a_model_that_is_deleted_while_others_use_it_is_run_or_not_there(uploads: httpx.Client, tmp_path: Path) -> None:
    """Another server on the same folder brings it back each time."""
    other, checkpoint = ModelStore(str(tmp_path / "data")), find_lstms(Tagger().state_dict())
    sequence = {"type": "signal", "name": "noise", "features": 12}

    def use(number: int) -> list[int]:
        model = other.add(checkpoint, f"{number % 2}.pt", 1)
        path = f"/api/v1/models/{model.id}"
        answers = [
            trace(uploads, {"id": model.id}, sequence),
            uploads.get(f"{path}/file"),
            uploads.patch(path, json={"name": "mine"}),
            uploads.delete(path),
            uploads.get("/api/v1/models"),
        ]
        return [answer.status_code for answer in answers]

    with ThreadPoolExecutor(4) as threads:
        codes = {code for answered in threads.map(use, range(40)) for code in answered}
    assert {200, 204} <= codes <= {200, 204, 404, 422}


def test_hostile_files_are_refused_while_normal_requests_succeed(
    uploads: httpx.Client, tmp_path: Path, assert_problem: AssertProblem
) -> None:
    with warnings.catch_warnings(action="ignore"):  # PyTorch discourages what a stranger may send all the same
        files = corpus(tmp_path) | of_other_formats(tmp_path)
    request = {"model": {"type": "random"}, "sequence": {"type": "signal", "name": "sine"}}
    assert uploads.post("/api/v1/traces", json=request).status_code == 200  # the first one compiles, and keeps that
    process, meanwhile = psutil.Process(), 0
    with ThreadPoolExecutor(2) as threads:
        before = process.memory_info().rss
        answers = {name: threads.submit(upload, uploads, content, name) for name, (content, _) in files.items()}
        while reading := [answer for answer in answers.values() if answer.running()]:
            assert uploads.post("/api/v1/traces", json=request).status_code == 200
            meanwhile += all(answer.running() for answer in reading)
            wait(reading, timeout=0.1, return_when=FIRST_COMPLETED)
    for name, answer in answers.items():
        assert_problem(answer.result(), "invalid-input", code=files[name][1])
    assert meanwhile > len(files) / 2, "requests begin and end while the same files are read"
    assert process.memory_info().rss - before < 200 * 2**20, "the memory is back"


def of_other_formats(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Hostile ONNX and Keras files by their names, each with the code of its problem."""
    files = {"external.onnx": (external(), "external_data"), "lying.onnx": (lying(), "broken_file")}
    links = {"external.h5": h5py.ExternalLink("/etc/passwd", "/"), "symlink.h5": h5py.SoftLink("/elsewhere")}
    for name, link in links.items():
        with h5py.File(folder / name, "w") as file:
            file["layers/lstm/cell/vars/0"] = link
        files[name] = ((folder / name).read_bytes(), "link")
    with zipfile.ZipFile(folder / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", bytes(10**8))
    files["bomb.keras"] = ((folder / "bomb.keras").read_bytes(), "zip_bomb")
    return files


@contextmanager
def served(data: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    with (
        apart(GATESCOPE_DATA_DIR=str(data)) as (process, address),
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client, process


def test_a_confirmed_upload_outlives_a_kill(tmp_path: Path, tagger: bytes) -> None:
    with served(tmp_path / "data") as (client, process):
        for _ in range(100):
            try:
                confirmed = upload(client, tagger).json()
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with served(tmp_path / "data") as (client, _):
        transport = httpx.HTTPTransport(retries=5)
        with httpx.Client(base_url=client.base_url, transport=transport, timeout=60) as patient:
            assert patient.get("/api/v1/models").json()["models"] == [confirmed]
