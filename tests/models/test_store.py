"""Stored models: there as a whole or not at all, whenever the process ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput, LimitExceeded, StorageUnavailable
from gatescope.models.checkpoint import Checkpoint, assemble, find_lstms
from gatescope.models.store import ModelStore


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


def test_a_model_comes_back_with_what_fits_it_and_nothing_else(store: ModelStore, checkpoint: Checkpoint) -> None:
    added = store.add(checkpoint, "tagger.pt", 1234)
    assert store.models() == [added] == [store.get(added.id)]
    (lstm,) = added.lstms
    assert (lstm.name, lstm.fronts, lstm.read_outs) == ("rnn", {"embed": 20}, {"head": 20})
    again = store.checkpoint(added.id)
    assert set(again.tensors) == set(checkpoint.tensors) - {"unrelated.weight"}
    before, after = (assemble(each, front="embed", read_out="head") for each in (checkpoint, again))
    assert all(torch.equal(one, other) for one, other in zip(before.parameters(), after.parameters(), strict=True))


def test_the_same_content_is_the_same_model(store: ModelStore, checkpoint: Checkpoint) -> None:
    added = store.add(checkpoint, "one.pt", 1)
    store.change(added.id, name="mine")
    assert store.add(checkpoint, "another.pt", 2).name == "mine"
    assert len(store.models()) == 1
    assert store.add(find_lstms(tensors(1)), "one.pt", 1).id != added.id


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
    with pytest.raises(LimitExceeded, match="GATESCOPE_MAX_MODELS"):
        store.add(find_lstms(tensors(1)), "model.pt", 1)


def test_a_file_without_an_lstm_is_not_kept(store: ModelStore) -> None:
    with pytest.raises(InvalidInput, match=r"holds no LSTM \(rnn is a GRU\)"):
        store.add(find_lstms({f"rnn.{name}": tensor for name, tensor in nn.GRU(3, 4).state_dict().items()}), "m", 1)


def test_a_directory_that_cannot_be_written_to_is_said(tmp_path: Path, checkpoint: Checkpoint) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable, match="cannot be kept"):
        ModelStore(str(tmp_path / "file" / "models")).add(checkpoint, "model.pt", 1)


ADD_FOR_EVER = """
import sys
from tests.models.test_store import tensors
from gatescope.models.checkpoint import find_lstms
from gatescope.models.store import ModelStore
store = ModelStore(sys.argv[1])
for seed in range(100_000):
    print(store.add(find_lstms(tensors(seed)), "model.pt", 1).id, flush=True)
"""


@pytest.mark.parametrize("moment", [0.0, 0.003, 0.011])
def test_after_a_kill_every_confirmed_model_is_there_and_every_listed_one_is_whole(
    tmp_path: Path, moment: float
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ADD_FOR_EVER, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COVERAGE_PROCESS_CONFIG": ""},
    ) as writer:
        assert writer.stdout
        confirmed = [writer.stdout.readline().strip() for _ in range(20)]
        time.sleep(moment)
        writer.send_signal(signal.SIGKILL)
        confirmed += writer.stdout.read().split()
    store = ModelStore(str(tmp_path))
    listed = {model.id for model in store.models()}
    assert {identifier for identifier in confirmed if len(identifier) == 32} <= listed
    for identifier in listed:
        assert len(store.checkpoint(identifier).lstms) == 1
    for path in tmp_path.glob("*.json"):
        json.loads(path.read_text())
