"""Uploaded models, stored under the hash of their content in a directory or a bucket."""

import hashlib
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import torch
from safetensors.torch import load, save

from gatescope.errors import InvalidInput, LimitExceeded, StorageUnavailable
from gatescope.models.checkpoint import Checkpoint, find_lstms, no_lstm
from gatescope.models.sources.directory import Directory
from gatescope.models.sources.stored import HASH_DIGITS, StoredLSTM, StoredModel

NAME_DIGITS = 8
LONGEST_NAME = 120
DESCRIPTION, TENSORS = ".json", ".safetensors"
IDENTIFIER = re.compile(rf"[0-9a-f]{{{HASH_DIGITS}}}(?:[0-9a-f]{{{NAME_DIGITS}}})?")


class ModelStore:
    """Models in a directory: for each, its description as JSON and its tensors as safetensors, which models share.

    The description is written last and removed first, each file under another name before it gets its own: a model
    is there as a whole or not at all, whenever the process ends. What a killed process left is swept at the start.

    Args:
        address: of the directory: a path, or an address that fsspec knows, such as ``s3://bucket/models``.
        most: how many models it takes.
        most_bytes: how many bytes all models may take.
    """

    def __init__(self, address: str, most: int = 1_000, most_bytes: int = 10 * 2**30) -> None:
        self.directory = Directory(address)
        self.most, self.most_bytes = most, most_bytes
        self._checkpoint = lru_cache(maxsize=4)(self._read_checkpoint)
        if self.directory.is_local and self.directory.has(""):
            with suppress(StorageUnavailable), self.directory.changing(patience=0):  # another process may be at work
                self._sweep()

    def add(self, checkpoint: Checkpoint, file_name: str, file_bytes: int) -> StoredModel:
        """Stores the LSTMs of a checkpoint with the parts that fit them.

        The same tensors under the same file name are the same model again, and mend it where it is damaged; under
        another name they are another model.

        Raises:
            InvalidInput: the checkpoint holds no LSTM.
            LimitExceeded: the store is full.
            StorageUnavailable: the directory cannot be written to; nothing is left of the model.
        """
        if not checkpoint.lstms:
            raise no_lstm(checkpoint.unsupported)
        content = save({name: tensor.contiguous() for name, tensor in checkpoint.tensors.items()})
        tensors, name = _hash(content, HASH_DIGITS), file_name[:LONGEST_NAME]
        identifiers = (tensors, tensors + _hash(name.encode("utf-8", "replace"), NAME_DIGITS))
        with self.directory.changing():
            known = {identifier: self.get(identifier) for identifier in identifiers if self._is_there(identifier)}
            same = next((model for model in known.values() if model.file_name == name), None)
            damaged = next((model.id for model in known.values() if model.damaged == "description"), None)
            if same is None and damaged is None:
                self._check_number()
            try:
                self._put_tensors(tensors, content)
                if same:
                    return replace(same, damaged=None)
                identifier = damaged or (identifiers[1] if tensors in known else tensors)
                return self._describe(_new_model(identifier, name, file_bytes, checkpoint))
            except StorageUnavailable:
                self._remove_unused(tensors)
                raise

    def models(self) -> list[StoredModel]:
        """All models, the newest first; those that are damaged too."""
        names = self.directory.names()
        models = []
        for identifier in filter(IDENTIFIER.fullmatch, (name.removesuffix(DESCRIPTION) for name in names)):
            with suppress(InvalidInput):  # removed in this moment
                if f"{identifier}{DESCRIPTION}" in names:
                    models.append(self._read(identifier, has_tensors=f"{identifier[:HASH_DIGITS]}{TENSORS}" in names))
        return sorted(models, key=lambda model: model.created, reverse=True)

    def get(self, identifier: str) -> StoredModel:
        """A model's description.

        Raises:
            InvalidInput: there is none of that id.
        """
        if not IDENTIFIER.fullmatch(identifier) or not self._is_there(identifier):
            raise _no_such_model(identifier)
        return self._read(identifier, has_tensors=self.directory.has(f"{identifier[:HASH_DIGITS]}{TENSORS}"))

    def content(self, identifier: str) -> bytes:
        """A model's tensors as a safetensors file: added again under the same file name, they are this model.

        Raises:
            InvalidInput: there is none of that id, or it is damaged.
        """
        return self._tensors(self._sound(identifier).tensors)

    def checkpoint(self, identifier: str) -> Checkpoint:
        """A model's tensors, and the LSTMs among them.

        Raises:
            InvalidInput: there is none of that id, or it is damaged.
        """
        return self._checkpoint(self._sound(identifier).tensors)

    def change(self, identifier: str, **changes: Any) -> StoredModel:
        """Gives a model another name or vocabulary, and returns it as it is then.

        Raises:
            InvalidInput: there is none of that id, or it is damaged.
            LimitExceeded: there is no room for the vocabulary.
            StorageUnavailable: the directory cannot be written to; the model is as it was.
        """
        self.get(identifier)
        with self.directory.changing():
            return self._describe(replace(self._sound(identifier), **changes))

    def remove(self, identifier: str) -> None:
        """Forgets a model, and its tensors unless another model has the same.

        Raises:
            InvalidInput: there is none of that id.
            StorageUnavailable: the directory cannot be written to.
        """
        self.get(identifier)
        with self.directory.changing():
            tensors = self.get(identifier).tensors
            self.directory.remove(f"{identifier}{DESCRIPTION}")
            self._remove_unused(tensors)

    def _read(self, identifier: str, *, has_tensors: bool) -> StoredModel:
        try:
            model = StoredModel.from_json(identifier, self.directory.read(f"{identifier}{DESCRIPTION}"))
        except FileNotFoundError as error:  # removed in this moment
            raise _no_such_model(identifier) from error
        except OSError:
            model = StoredModel.damaged_one(identifier)
        return model if has_tensors or model.damaged else replace(model, damaged="tensors")

    def _sound(self, identifier: str) -> StoredModel:
        model = self.get(identifier)
        if model.damaged:
            raise _damaged(model.id)
        return model

    def _read_checkpoint(self, tensors: str) -> Checkpoint:
        with torch.inference_mode(False):  # it outlives the request that reads it first
            return find_lstms(dict(sorted(load(self._tensors(tensors)).items())))  # `load` gives them in any order

    def _tensors(self, tensors: str) -> bytes:
        try:
            content = self.directory.read(f"{tensors}{TENSORS}")
        except FileNotFoundError as error:  # removed in this moment
            raise _no_such_model(tensors) from error
        except OSError as error:
            raise _damaged(tensors) from error
        if _hash(content, HASH_DIGITS) != tensors:
            raise _damaged(tensors)
        return content

    def _put_tensors(self, tensors: str, content: bytes) -> None:
        """Writes the tensors, unless they are there and sound."""
        try:
            self._tensors(tensors)
        except InvalidInput:
            self._check_bytes(len(content))
            self.directory.write(f"{tensors}{TENSORS}", content)

    def _describe(self, model: StoredModel) -> StoredModel:
        content = model.to_json()
        self._check_bytes(len(content))
        self.directory.write(f"{model.id}{DESCRIPTION}", content)
        return model

    def _remove_unused(self, tensors: str) -> None:
        """Removes tensors that no model has."""
        if not any(name.startswith(tensors) and name.endswith(DESCRIPTION) for name in self.directory.names()):
            self.directory.remove(f"{tensors}{TENSORS}")

    def _sweep(self) -> None:
        self.directory.remove_unfinished()
        for name in self.directory.names():
            if name.endswith(TENSORS) and IDENTIFIER.fullmatch(name.removesuffix(TENSORS)):
                self._remove_unused(name.removesuffix(TENSORS))

    def _check_number(self) -> None:
        identifiers = [name for name in self.directory.names() if name.endswith(DESCRIPTION)]
        if len(identifiers) >= self.most:
            setting = "GATESCOPE_MAX_MODELS"
            raise LimitExceeded(
                "the number of stored models", actual=len(identifiers) + 1, limit=self.most, setting=setting
            )

    def _check_bytes(self, more: int) -> None:
        size = self.directory.size() + more
        if size > self.most_bytes:
            setting = "GATESCOPE_MAX_STORE_BYTES"
            raise LimitExceeded("the bytes of all stored models", actual=size, limit=self.most_bytes, setting=setting)

    def _is_there(self, identifier: str) -> bool:
        return self.directory.has(f"{identifier}{DESCRIPTION}")


def _new_model(identifier: str, name: str, file_bytes: int, checkpoint: Checkpoint) -> StoredModel:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    lstms = tuple(StoredLSTM.of(lstm, checkpoint.tensors) for lstm in checkpoint.lstms)
    return StoredModel(
        identifier, name, name, file_bytes, now, lstms, dict(checkpoint.unsupported), omitted=checkpoint.omitted
    )


def _hash(content: bytes, digits: int) -> str:
    return hashlib.sha256(content).hexdigest()[:digits]


def _no_such_model(identifier: str) -> InvalidInput:
    return InvalidInput(f"there is no stored model {identifier[:40]}", field="id", code="no_such_model")


def _damaged(identifier: str) -> InvalidInput:
    message = f"the stored model {identifier} is damaged; upload its file again, or delete it"
    return InvalidInput(message, field="id", code="damaged")
