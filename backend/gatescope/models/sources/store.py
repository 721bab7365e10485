"""Uploaded models, stored under the hash of their content in a directory or a bucket."""

import hashlib
import json
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import fsspec
import torch
from safetensors.torch import load, save
from torch import Tensor

from gatescope.errors import InvalidInput, LimitExceeded, StorageUnavailable
from gatescope.models.checkpoint import Checkpoint, find_lstms, no_lstm
from gatescope.models.sources.stored import HASH_DIGITS, StoredLSTM, StoredModel

NAME_DIGITS = 8
LONGEST_NAME = 120


class ModelStore:
    """Models in a directory: for each, its description as JSON and its tensors as safetensors, which models share.

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
        self._changing = threading.Lock()

    def add(self, checkpoint: Checkpoint, file_name: str, file_bytes: int) -> StoredModel:
        """Stores the LSTMs of a checkpoint with the parts that fit them.

        The same tensors under the same file name are the same model again, under another one another model.

        Raises:
            InvalidInput: the checkpoint holds no LSTM.
            LimitExceeded: the store is full.
            StorageUnavailable: the directory cannot be written to.
        """
        if not checkpoint.lstms:
            raise no_lstm(checkpoint.unsupported)
        content = save(_tensors_to_store(checkpoint))
        tensors, name = _hash(content, HASH_DIGITS), file_name[:LONGEST_NAME]
        identifiers = (tensors, tensors + _hash(name.encode(), NAME_DIGITS))
        lstms = tuple(StoredLSTM.of(lstm, checkpoint.tensors) for lstm in checkpoint.lstms)
        with self._changing:
            for model in map(self.get, filter(self._exists, identifiers)):
                if model.file_name == name:
                    return model
            self._check_room()
            identifier = identifiers[1] if self._exists(tensors) else tensors
            now = datetime.now(UTC).isoformat(timespec="seconds")
            model = StoredModel(identifier, name, name, file_bytes, now, lstms, dict(checkpoint.unsupported))
            self._write(f"{tensors}.safetensors", content)
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
        with suppress(FileNotFoundError):  # removed in this moment
            if identifier.isalnum() and self._exists(identifier):
                return StoredModel.from_json(json.loads(self.files.cat_file(self._path(f"{identifier}.json"))))
        raise _no_such_model(identifier)

    def content(self, identifier: str) -> bytes:
        """A model's tensors as a safetensors file: added again under the same file name, they are this model.

        Raises:
            InvalidInput: there is none of that id, or its file is damaged.
        """
        return self._read(self.get(identifier).tensors)

    def checkpoint(self, identifier: str) -> Checkpoint:
        """A model's tensors, and the LSTMs among them.

        Raises:
            InvalidInput: there is none of that id, or its file is damaged.
        """
        return self._checkpoint(self.get(identifier).tensors)

    def change(self, identifier: str, **changes: Any) -> StoredModel:
        """Gives a model another name or vocabulary, and returns it as it is then."""
        with self._changing:
            model = replace(self.get(identifier), **changes)
            self._describe(model)
            return model

    def remove(self, identifier: str) -> None:
        """Forgets a model, and its tensors unless another model has the same.

        Raises:
            InvalidInput: there is none of that id.
        """
        with self._changing:
            tensors = self.get(identifier).tensors
            self.files.rm_file(self._path(f"{identifier}.json"))
            if not any(other.startswith(tensors) for other in self._identifiers()):
                self.files.rm_file(self._path(f"{tensors}.safetensors"))

    def _read_checkpoint(self, tensors: str) -> Checkpoint:
        with torch.inference_mode(False):  # it outlives the request that reads it first
            return find_lstms(dict(sorted(load(self._read(tensors)).items())))  # `load` gives them in any order

    def _read(self, tensors: str) -> bytes:
        try:
            content: bytes = self.files.cat_file(self._path(f"{tensors}.safetensors"))
        except FileNotFoundError as error:  # removed in this moment
            raise _no_such_model(tensors) from error
        if _hash(content, HASH_DIGITS) != tensors:
            raise InvalidInput(f"the file of the stored model {tensors} is damaged", field="id", code="damaged")
        return content

    def _check_room(self) -> None:
        if len(self._identifiers()) >= self.most:
            raise LimitExceeded(
                "the number of stored models", actual=self.most + 1, limit=self.most, setting="GATESCOPE_MAX_MODELS"
            )

    def _readable(self) -> Iterator[StoredModel]:
        for identifier in self._identifiers():
            try:
                yield self.get(identifier)
            except InvalidInput:  # removed in this moment
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


def _hash(content: bytes, digits: int) -> str:
    return hashlib.sha256(content).hexdigest()[:digits]


def _no_such_model(identifier: str) -> InvalidInput:
    return InvalidInput(f"there is no stored model {identifier[:40]}", field="id", code="no_such_model")


def _tensors_to_store(checkpoint: Checkpoint) -> dict[str, Tensor]:
    """The tensors of the LSTMs and of the parts that fit them, in float32."""
    modules = {name for lstm in checkpoint.lstms for name in (lstm.name, *lstm.fronts, *lstm.read_outs)}
    return {
        name: tensor.to(torch.float32).contiguous()
        for name, tensor in checkpoint.tensors.items()
        if name.rpartition(".")[0] in modules
    }
