"""Stored models: there as a whole or not at all, whenever the process ends."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
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


STORED_BEFORE = Path(__file__).with_name("stored_before")  # by the version without checked descriptions


def test_a_folder_that_the_version_before_wrote_opens_and_takes_the_same_files_again(tmp_path: Path) -> None:
    shutil.copytree(STORED_BEFORE, tmp_path / "models")
    store = ModelStore(str(tmp_path / "models"))
    names = {model.file_name: model.name for model in store.models()}
    assert names == {"tagger.pt": "tagger.pt", "other.pt": "다른 이름"}
    for model in store.models():
        (lstm,), checkpoint = model.lstms, store.checkpoint(model.id)
        assert (model.damaged, model.omitted, lstm.fronts, lstm.read_outs) == (None, 0, {"embed": 3}, {"head": 3})
        assert (model.unsupported, checkpoint.lstms[0].layout.num_layers) == ({"gru": "a GRU"}, 2)
        assert store.add(checkpoint, model.file_name, 4321) == model


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b'{"id": "another"}',
        b"[" * 100_000,
        b'{"file_bytes": %s}' % (b"9" * 5000),
        json.dumps({**BEFORE, "id": "{id}", "colour": "of a later version"}).encode(),
        json.dumps({**BEFORE, "id": "{id}", "name": "\ud800"}).encode(),
        json.dumps({**BEFORE, "id": "{id}", "lstms": [{"name": "rnn"}]}).encode(),
        json.dumps({**BEFORE, "id": "{id}", "vocabulary": {"a": 0}}).encode(),
        json.dumps({**BEFORE, "id": "{id}", "damaged": "tensors"}).encode(),
    ],
    ids=lambda text: str(text[:24]),
)
def test_a_description_that_cannot_be_read_spoils_its_own_entry_only(
    store: ModelStore, checkpoint: Checkpoint, text: bytes
) -> None:
    whole = store.add(find_lstms(tensors(1)), "whole.pt", 1)
    added = store.add(checkpoint, "model.pt", 1)
    store.directory.write(f"{added.id}.json", text.replace(b"{id}", added.id.encode()))
    assert {model.id: model.damaged for model in store.models()} == {whole.id: None, added.id: "description"}
    for act in (store.checkpoint, store.content, lambda identifier: store.change(identifier, name="mine")):
        with pytest.raises(InvalidInput, match="upload its file again, or delete it"):
            act(added.id)
    assert replace(store.add(checkpoint, "model.pt", 1), created=added.created) == added
    store.directory.write(f"{added.id}.json", text)
    store.remove(added.id)
    assert store.models() == [whole]


@pytest.mark.parametrize("damage", ["missing", "other bytes"])
def test_tensors_that_are_missing_or_damaged_are_mended_by_the_same_file(
    store: ModelStore, checkpoint: Checkpoint, damage: str
) -> None:
    added = store.add(checkpoint, "model.pt", 1)
    store.change(added.id, name="mine")
    if damage == "missing":
        store.directory.remove(f"{added.id}.safetensors")
        assert [model.damaged for model in store.models()] == ["tensors"]
    else:
        store.directory.write(f"{added.id}.safetensors", b"less")
    with pytest.raises(InvalidInput) as raised:
        store.checkpoint(added.id)
    assert raised.value.code == "damaged"
    assert store.add(checkpoint, "model.pt", 1).name == "mine"
    assert store.get(added.id).damaged is None
    assert set(store.checkpoint(added.id).tensors) == set(checkpoint.tensors)


def test_a_file_that_is_no_model_of_the_store_is_left_alone(tmp_path: Path, checkpoint: Checkpoint) -> None:
    added = ModelStore(str(tmp_path)).add(checkpoint, "model.pt", 1)
    (tmp_path / "notes.json").write_text("{}")
    (tmp_path / "mine.safetensors").write_bytes(b"")
    (tmp_path / f"{'0' * 32}.safetensors").write_bytes(b"tensors that a killed process left")
    (tmp_path / f"{added.id}.json.0.part").write_bytes(b"so far")
    (tmp_path / f"{'1' * 32}.json").mkdir()
    store = ModelStore(str(tmp_path))
    assert {model.id: model.damaged for model in store.models()} == {added.id: None, "1" * 32: "description"}
    assert sorted(files(store, "")) == sorted(
        [f"{added.id}.json", f"{added.id}.safetensors", f"{'1' * 32}.json", "mine.safetensors", "notes.json"]
    )


def test_a_store_takes_no_more_bytes_than_its_setting(tmp_path: Path, checkpoint: Checkpoint) -> None:
    added = ModelStore(str(tmp_path)).add(checkpoint, "model.pt", 1)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    store = ModelStore(str(tmp_path), most_bytes=2 * size)
    with pytest.raises(LimitExceeded, match="GATESCOPE_MAX_STORE_BYTES"):
        store.change(added.id, vocabulary=("a" * 2 * size,))
    store.add(find_lstms(tensors(1)), "model.pt", 1)
    with pytest.raises(LimitExceeded, match="GATESCOPE_MAX_STORE_BYTES"):
        store.add(find_lstms(tensors(2)), "model.pt", 1)
    assert len(files(store, "")) == 4
    store.remove(added.id)
    store.add(find_lstms(tensors(2)), "model.pt", 1)
