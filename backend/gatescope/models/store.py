"""Models that were uploaded, kept by the hash of their content in a directory or a bucket."""

import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Self

import fsspec
import torch
from safetensors.torch import load, save
from torch import Tensor

from gatescope.errors import InvalidInput, LimitExceeded, StorageUnavailable
from gatescope.models.checkpoint import Checkpoint, FoundLSTM, find_lstms, no_lstm

HASH_DIGITS = 32
LONGEST_NAME = 120


@dataclass(frozen=True)
class StoredLSTM:
    """An LSTM inside a stored model: its sizes, and the parts that can stand before and after it."""

    name: str
    input_size: int
    hidden_size: int
    proj_size: int
    num_layers: int
    bidirectional: bool
    fronts: Mapping[str, int]  # the name of each embedding with the number of its rows
    read_outs: Mapping[str, int]  # the name of each linear layer with the number of its outputs

    @classmethod
    def of(cls, found: FoundLSTM, tensors: Mapping[str, Tensor]) -> Self:
        """The description of an LSTM that was found among these tensors."""
        cell = found.network.first_cell
        return cls(
            found.name,
            cell.input_size,
            cell.hidden_size,
            cell.proj_size,
            found.network.num_layers,
            len(found.network.directions) == 2,
            {name: len(tensors[f"{name}.weight"]) for name in found.fronts},
            {name: len(tensors[f"{name}.weight"]) for name in found.read_outs},
        )


@dataclass(frozen=True)
class StoredModel:
    """What is known of a stored model without reading its tensors.

    id: the hash of the tensors; unsupported: recurrent modules of the file that are no LSTM, and what they are.
    """

    id: str
    name: str
    file_name: str
    file_bytes: int
    created: str
    lstms: tuple[StoredLSTM, ...]
    unsupported: Mapping[str, str]
    vocabulary: tuple[str, ...] | None = None

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """The reverse of `dataclasses.asdict`."""
        vocabulary = content["vocabulary"]
        lists = {
            "lstms": tuple(StoredLSTM(**lstm) for lstm in content["lstms"]),
            "vocabulary": None if vocabulary is None else tuple(vocabulary),
        }
        return cls(**{**content, **lists})


class ModelStore:
    """Models in a directory: for each, its tensors as safetensors and its description as JSON.

    The description is written last and removed first, each file under another name before it gets its own: a model
    is there as a whole or not at all, whenever the process ends.

    Args:
        directory: a path, or an address that fsspec knows, such as ``s3://bucket/models``.
        most: how many models it takes.
    """

    def __init__(self, directory: str, most: int = 1_000) -> None:
        self.files, self.root = fsspec.url_to_fs(directory)
        self.most = most
        self._checkpoint = lru_cache(maxsize=4)(self._read_checkpoint)

    def add(self, checkpoint: Checkpoint, file_name: str, file_bytes: int) -> StoredModel:
        """Keeps the LSTMs of a checkpoint with the parts that fit them; the same content again gives the same model.

        Raises:
            InvalidInput: the checkpoint holds no LSTM.
            LimitExceeded: the store is full.
            StorageUnavailable: the directory cannot be written to.
        """
        if not checkpoint.lstms:
            raise no_lstm(checkpoint.unsupported)
        content = save(_needed(checkpoint))
        identifier = hashlib.sha256(content).hexdigest()[:HASH_DIGITS]
        if self._exists(identifier):
            return self.get(identifier)
        if len(self._identifiers()) >= self.most:
            raise LimitExceeded(
                "the number of stored models", actual=self.most + 1, limit=self.most, setting="GATESCOPE_MAX_MODELS"
            )
        lstms = tuple(StoredLSTM.of(found, checkpoint.tensors) for found in checkpoint.lstms)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        name = file_name[:LONGEST_NAME]
        model = StoredModel(identifier, name, name, file_bytes, now, lstms, dict(checkpoint.unsupported))
        self._write(f"{identifier}.safetensors", content)
        self._describe(model)
        return model

    def models(self) -> list[StoredModel]:
        """All models, the newest first."""
        return sorted(self._readable(), key=lambda model: model.created, reverse=True)

    def get(self, identifier: str) -> StoredModel:
        """A model's description.

        Raises:
            InvalidInput: there is none of that id.
        """
        if not identifier.isalnum() or not self._exists(identifier):
            raise InvalidInput(f"there is no stored model {identifier[:40]}", field="id", code="no_such_model")
        return StoredModel.from_json(json.loads(self.files.cat_file(self._path(f"{identifier}.json"))))

    def checkpoint(self, identifier: str) -> Checkpoint:
        """A model's tensors, and the LSTMs among them.

        Raises:
            InvalidInput: there is none of that id, or its file is damaged.
        """
        self.get(identifier)
        return self._checkpoint(identifier)

    def change(self, identifier: str, **changes: Any) -> StoredModel:
        """Gives a model another name or vocabulary, and returns it as it is then."""
        model = replace(self.get(identifier), **changes)
        self._describe(model)
        return model

    def remove(self, identifier: str) -> None:
        """Forgets a model.

        Raises:
            InvalidInput: there is none of that id.
        """
        self.get(identifier)
        self.files.rm_file(self._path(f"{identifier}.json"))
        self.files.rm_file(self._path(f"{identifier}.safetensors"))

    def _read_checkpoint(self, identifier: str) -> Checkpoint:
        content = self.files.cat_file(self._path(f"{identifier}.safetensors"))
        if hashlib.sha256(content).hexdigest()[:HASH_DIGITS] != identifier:
            raise InvalidInput(f"the file of the stored model {identifier} is damaged", field="id", code="damaged")
        with torch.inference_mode(False):  # it outlives the request that reads it first
            return find_lstms(load(content))

    def _readable(self) -> Iterator[StoredModel]:
        for identifier in self._identifiers():
            try:
                yield self.get(identifier)
            except (InvalidInput, FileNotFoundError):  # removed in this moment
                continue

    def _identifiers(self) -> list[str]:
        try:
            names = self.files.ls(self.root, detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [name.rsplit("/", 1)[-1].removesuffix(".json") for name in names if name.endswith(".json")]

    def _exists(self, identifier: str) -> bool:
        return bool(self.files.exists(self._path(f"{identifier}.json")))

    def _describe(self, model: StoredModel) -> None:
        self._write(f"{model.id}.json", json.dumps(asdict(model), ensure_ascii=False).encode())

    def _write(self, name: str, content: bytes) -> None:
        try:
            self.files.makedirs(self.root, exist_ok=True)
            unfinished = self._path(f"{name}.{uuid.uuid4().hex}.part")
            with self.files.open(unfinished, "wb") as file:
                file.write(content)
                if "file" in self.files.protocol:
                    file.flush()
                    os.fsync(file.fileno())
            self.files.mv(unfinished, self._path(name))
        except OSError as error:
            raise StorageUnavailable(f"the model cannot be kept: {error.strerror or error}") from error

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"


def _needed(checkpoint: Checkpoint) -> dict[str, Tensor]:
    """The tensors of the LSTMs and of the parts that fit them, in float32."""
    modules = {part for found in checkpoint.lstms for part in (*found.fronts, *found.read_outs)}
    modules |= {found.name for found in checkpoint.lstms}
    return {
        name: tensor.to(torch.float32).contiguous()
        for name, tensor in checkpoint.tensors.items()
        if name.rpartition(".")[0] in modules
    }
