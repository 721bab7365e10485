"""/api/v1/models: upload checkpoints, list, rename and delete them, and give them a vocabulary."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

import anyio
import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import APIRouter, Body, Query, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from gatescope.errors import InvalidInput
from gatescope.models.sandbox.parent import read_checkpoint
from gatescope.models.sandbox.scratch import no_room, scratch_folder, sweep
from gatescope.models.sources.store import ModelStore
from gatescope.models.sources.stored import StoredModel
from gatescope.models.vocabulary import LARGEST, check_vocabulary, read_vocabulary
from gatescope.web.answers.schemas import StoredModelAnswer, StoredModelsAnswer
from gatescope.web.problems.responses import documented
from gatescope.web.requests.body import body_route
from gatescope.web.requests.schemas import ModelChangeRequest

Result = TypeVar("Result")
READERS = 2  # checkpoints read at the same time, each in a process of its own
BINARY = "application/octet-stream"
CONTENT = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the file.",
        "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
    }
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The tensors as safetensors.",
        "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
    }
}
REFUSED = ("cross-site-request", "invalid-input", "limit-exceeded", "shutting-down", "storage-unavailable")


def models_router(store: ModelStore) -> APIRouter:
    """The routes of the stored models."""
    router = APIRouter(prefix="/api/v1/models", tags=["models"], route_class=body_route(LARGEST))
    readers = CapacityLimiter(READERS)
    sweep()

    @router.post(
        "",
        summary="Upload a checkpoint",
        status_code=201,
        response_model=StoredModelAnswer,
        openapi_extra=CONTENT,
        responses=documented("unsupported-content-type", "body-too-large", *REFUSED),
    )
    async def upload(
        request: Request,
        name: Annotated[str, Query(description="The file's name.", min_length=1, max_length=255)] = "model",
    ) -> StoredModel:
        """Finds every LSTM in the file and keeps it with the embeddings and linear layers that fit.

        Nothing in the file is executed.
        """
        with scratch_folder() as folder:
            path = folder / f"upload{_suffix(name)}"
            await _save(request.stream(), path)
            return await anyio.to_thread.run_sync(_store, store, path, name, limiter=readers)

    @router.get("", summary="Which models are stored?", response_model=StoredModelsAnswer)
    async def stored() -> dict[str, list[StoredModel]]:
        """All stored models, the newest first."""
        return {"models": await anyio.to_thread.run_sync(store.models)}

    @router.get("/{id}", response_model=StoredModelAnswer, responses=documented("not-found"))
    async def one(id: str) -> StoredModel:  # noqa: A002 - the name in the address
        """What is known of one stored model."""
        return await _or_not_found(store.get, id)

    @router.get(
        "/{id}/file",
        summary="The tensors of a model",
        response_class=Response,
        responses=FILE | documented("not-found", "invalid-input"),
    )
    async def file(id: str) -> Response:  # noqa: A002
        """The stored tensors as safetensors; uploaded again under the same name they are the same model."""
        model = await _or_not_found(store.get, id)
        name = quote(f"{Path(model.file_name).stem}.safetensors", safe="")
        disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(await _or_not_found(store.content, id), media_type=BINARY, headers=disposition)

    @router.patch(
        "/{id}",
        summary="Rename a model, or give it a vocabulary",
        response_model=StoredModelAnswer,
        responses=documented("malformed-json", "unsupported-content-type", "not-found", *REFUSED),
    )
    async def change(id: str, change: Annotated[ModelChangeRequest, Body()]) -> StoredModel:  # noqa: A002
        """Changes what is given and leaves the rest; a vocabulary of null is taken away."""
        return await _or_not_found(lambda identifier: store.change(identifier, **_changes(change)), id)

    @router.delete(
        "/{id}",
        summary="Delete a model",
        status_code=204,
        responses=documented("cross-site-request", "not-found"),
    )
    async def remove(id: str) -> Response:  # noqa: A002
        """Forgets the model and its tensors."""
        await _or_not_found(store.remove, id)
        return Response(status_code=204)

    return router


async def _or_not_found(act: Callable[[str], Result], identifier: str) -> Result:
    try:
        return await anyio.to_thread.run_sync(act, identifier)
    except InvalidInput as error:
        if error.code != "no_such_model":
            raise
        raise HTTPException(404) from error


async def _save(chunks: AsyncIterator[bytes], path: Path) -> None:
    try:
        async with await anyio.open_file(path, "wb") as file:
            async for chunk in chunks:
                await file.write(chunk)
    except ClientDisconnect as error:
        raise InvalidInput("the upload was broken off", field="file", code="broken_off") from error
    except OSError as error:
        raise no_room(error) from error


def _store(store: ModelStore, path: Path, name: str) -> StoredModel:
    return store.add(read_checkpoint(path), name, path.stat().st_size)


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) < 16 else ""


def _changes(change: ModelChangeRequest) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if change.name is not None:
        changes["name"] = change.name
    if "vocabulary" in change.model_fields_set:
        given = change.vocabulary
        changes["vocabulary"] = read_vocabulary(given) if isinstance(given, str) else given and check_vocabulary(given)
    return changes
