"""Stored models: there as a whole or not at all, whenever the process ends."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import load
from torch import Tensor, nn

from gatescope.errors import InvalidInput, LimitExceeded, StorageUnavailable
from gatescope.models.checkpoint import Checkpoint, assemble, find_lstms
from gatescope.models.sources.store import ModelStore


def tensors(seed: int = 0) -> dict[str, Tensor]:
    torch.manual_seed(seed)
    modules = {"embed": nn.Embedding(20, 3), "rnn": nn.LSTM(3, 4, 2, bidirectional=True), "head": nn.Linear(8, 20)}
    named = nn.ModuleDict(modules).state_dict()
    return {**named, "unrelated.weight": torch.zeros(5, 5)}


@pytest.fixture
def checkpoint() -> Checkpoint:
    return find_lstms(tensors())


@pytest.fixture(params=["directory", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ModelStore:
    return ModelStore(str(tmp_path / "models") if request.param == "directory" else f"memory://{tmp_path.name}")


def files(store: ModelStore, suffix: str) -> list[str]:
    """The names of the files in a store's directory."""
    paths: list[str] = store.directory.files.ls(store.directory.root, detail=False)
    names = (path.rsplit("/", 1)[-1] for path in paths)
    return [name for name in names if name.endswith(suffix) and name != ".lock"]


BEFORE = {
    "name": "mine",
    "file_name": "model.pt",
    "file_bytes": 5,
    "created": "2025-01-02T03:04:05+00:00",
    "lstms": [
        {
            "name": "rnn",
            "input_size": 3,
            "hidden_size": 4,
            "proj_size": 0,
            "num_layers": 1,
            "bidirectional": False,
            "fronts": {},
            "read_outs": {},
        }
    ],
    "unsupported": {},
    "vocabulary": ["a", "b"],
}


def test_a_model_comes_back_with_what_fits_it_and_nothing_else(store: ModelStore, checkpoint: Checkpoint) -> None:
    added = store.add(checkpoint, "tagger.pt", 1234)
    assert store.models() == [added] == [store.get(added.id)]
    (lstm,) = added.lstms
    assert (lstm.name, lstm.fronts, lstm.read_outs) == ("rnn", {"embed": 20}, {"head": 20})
    again = store.checkpoint(added.id)
    assert set(again.tensors) == set(checkpoint.tensors) - {"unrelated.weight"}
    before, after = (assemble(each, front="embed", read_out="head") for each in (checkpoint, again))
    assert all(torch.equal(one, other) for one, other in zip(before.parameters(), after.parameters(), strict=True))


def test_the_lstms_of_a_stored_model_stand_in_the_order_of_the_file(store: ModelStore) -> None:
    lstms = nn.ModuleDict({f"lstm_{letter}": nn.LSTM(2, 1) for letter in "abcdefgh"}).state_dict()
    added = store.add(find_lstms(dict(sorted(lstms.items()))), "eight.pt", 1)
    assert [lstm.name for lstm in store.checkpoint(added.id).lstms] == [lstm.name for lstm in added.lstms]


def test_the_same_tensors_of_the_same_file_are_the_same_model(store: ModelStore, checkpoint: Checkpoint) -> None:
    added = store.add(checkpoint, "one.pt", 1)
    store.change(added.id, name="mine")
    assert store.add(checkpoint, "one.pt", 2).name == "mine"
    assert len(store.models()) == 1
    assert store.add(find_lstms(tensors(1)), "one.pt", 1).id != added.id


def test_the_same_tensors_of_another_file_are_another_model_that_outlives_the_first(
    store: ModelStore, checkpoint: Checkpoint
) -> None:
    one, other, third = (store.add(checkpoint, name, 1) for name in ("one.pt", "other.pt", "세번째.pt"))
    assert [len(model.id) for model in (one, other, third)] == [32, 40, 40]
    assert {model.tensors for model in (one, other, third)} == {one.id}
    assert {model.name for model in store.models()} == {"one.pt", "other.pt", "세번째.pt"}
    assert len(files(store, ".safetensors")) == 1
    store.remove(one.id)
    assert store.get(other.id) == other == store.add(checkpoint, "other.pt", 1)
    assert set(store.checkpoint(third.id).tensors) == set(store.checkpoint(other.id).tensors)
    assert store.add(checkpoint, "one.pt", 1).id == one.id
    for model in (third, one, other):
        store.remove(model.id)
    assert files(store, "") == []


def test_what_is_stored_is_the_same_model_when_it_is_read_and_added_again(
    store: ModelStore, checkpoint: Checkpoint
) -> None:
    for name in ("one.pt", "other.pt"):
        added = store.add(checkpoint, name, 1)
        assert store.add(find_lstms(load(store.content(added.id))), name, 1) == added


def test_models_that_the_version_before_stored_are_there(tmp_path: Path, checkpoint: Checkpoint) -> None:
    identifier = ModelStore(str(tmp_path)).add(checkpoint, "any.pt", 1).id
    (tmp_path / f"{identifier}.json").write_text(json.dumps({"id": identifier, **BEFORE}))
    store = ModelStore(str(tmp_path))
    (model,) = store.models()
    assert (model.id, model.name, model.file_name, model.vocabulary) == (identifier, "mine", "model.pt", ("a", "b"))
    assert set(store.checkpoint(identifier).tensors) == set(checkpoint.tensors) - {"unrelated.weight"}
    assert store.add(checkpoint, "model.pt", 1) == model


def test_threads_that_add_and_remove_the_same_tensors_leave_whole_models(
    store: ModelStore, checkpoint: Checkpoint
) -> None:
    first = store.add(checkpoint, "first.pt", 1)

    def come_and_go(number: int) -> None:
        for _ in range(5):
            added = store.add(checkpoint, f"{number % 4}.pt", 1)
            with suppress(InvalidInput):  # another thread has removed it
                store.change(added.id, name=f"{number}")
                store.remove(added.id)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(come_and_go, range(16)))
    assert store.models() == [first]
    assert sorted(files(store, "")) == sorted(f"{first.id}{suffix}" for suffix in (".json", ".safetensors"))
    store.checkpoint(first.id)
    store.remove(first.id)
    with ThreadPoolExecutor(8) as threads:
        added = set(threads.map(lambda _: store.add(checkpoint, "same.pt", 1).id, range(8)))
    assert added == {model.id for model in store.models()} == {first.id}


def test_a_model_is_renamed_given_a_vocabulary_and_removed(store: ModelStore, checkpoint: Checkpoint) -> None:
    added = store.add(checkpoint, "model.pt", 1)
    changed = store.change(added.id, name="태거", vocabulary=("a", "b"))
    assert store.get(added.id) == changed
    assert (changed.name, changed.vocabulary, changed.lstms) == ("태거", ("a", "b"), added.lstms)
    store.remove(added.id)
    assert store.models() == []
    for act in (store.get, store.remove, store.checkpoint):
        with pytest.raises(InvalidInput, match="no stored model"):
            act(added.id)


@pytest.mark.parametrize("identifier", ["", "../secret", "a/b", "0" * 32])
def test_an_id_is_no_path(tmp_path: Path, identifier: str) -> None:
    (tmp_path / "secret.json").write_text("{}")
    with pytest.raises(InvalidInput, match="no stored model"):
        ModelStore(str(tmp_path / "models")).get(identifier)


def test_a_damaged_file_is_refused(tmp_path: Path, checkpoint: Checkpoint) -> None:
    store = ModelStore(str(tmp_path))
    added = store.add(checkpoint, "model.pt", 1)
    file = tmp_path / f"{added.id}.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match="damaged"):
        store.checkpoint(added.id)


def test_a_full_store_says_its_limit(tmp_path: Path, checkpoint: Checkpoint) -> None:
    store = ModelStore(str(tmp_path), most=1)
    store.add(checkpoint, "model.pt", 1)
    for content, name in ((find_lstms(tensors(1)), "model.pt"), (checkpoint, "another.pt")):
        with pytest.raises(LimitExceeded, match="GATESCOPE_MAX_MODELS"):
            store.add(content, name, 1)
    assert store.add(checkpoint, "model.pt", 1).file_name == "model.pt"


def test_a_file_without_an_lstm_is_not_kept(store: ModelStore) -> None:
    with pytest.raises(InvalidInput, match=r"holds no LSTM \(rnn is a GRU\)"):
        store.add(find_lstms({f"rnn.{name}": tensor for name, tensor in nn.GRU(3, 4).state_dict().items()}), "m", 1)


def test_a_directory_that_cannot_be_written_to_is_said(tmp_path: Path, checkpoint: Checkpoint) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable, match="cannot be kept"):
        ModelStore(str(tmp_path / "file" / "models")).add(checkpoint, "model.pt", 1)


ADD_AND_REMOVE_FOR_EVER = """
import sys
from tests.models.sources.test_store import tensors
from gatescope.models.checkpoint import find_lstms
from gatescope.models.sources.store import ModelStore
store = ModelStore(sys.argv[1])
for seed in range(100_000):
    checkpoint = find_lstms(tensors(seed))
    other, model = [store.add(checkpoint, name, 1).id for name in ("other.pt", "model.pt")]
    store.remove(other)
    print(model, flush=True)
"""


@pytest.mark.parametrize("moment", [0.0, 0.003, 0.011])
def test_after_a_kill_every_confirmed_model_is_there_and_every_listed_one_is_whole(
    tmp_path: Path, moment: float
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ADD_AND_REMOVE_FOR_EVER, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "COVERAGE_PROCESS_CONFIG": ""},
    ) as writer:
        assert writer.stdout
        confirmed = [writer.stdout.readline().strip() for _ in range(20)]
        time.sleep(moment)
        writer.send_signal(signal.SIGKILL)
        confirmed += writer.stdout.read().split()
    store = ModelStore(str(tmp_path))
    listed = {model.id for model in store.models()}
    confirmed = [identifier for identifier in confirmed if len(identifier) == 40]
    assert set(confirmed) <= listed
    assert not {identifier[:32] for identifier in confirmed} & listed, "a removal that was confirmed has happened"
    for identifier in listed:
        assert len(store.checkpoint(identifier).lstms) == 1
    for path in tmp_path.glob("*.json"):
        json.loads(path.read_text())
