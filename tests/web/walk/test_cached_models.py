"""A model is read once, outside any mode of torch's, and no question leaves a trace in it."""

from pathlib import Path

import httpx
import pytest
import torch
from fastapi import FastAPI
from tests.web.walk.models import Stored, write_files
from tests.web.walk.pairs import BY_NAME, Row, refusal
from tests.web.walk.routes import ROUTES
from tests.web.walk.runs import WHATS
from torch import Tensor

from gatescope.models.checkpoint import find_lstms
from gatescope.models.sources.shipped import load_zoo
from gatescope.models.sources.store import ModelStore
from gatescope.web.admission.admission import Admission
from gatescope.web.routes.questions import analyses_router
from gatescope.web.routes.traces import traces_router
from gatescope.web.run import Runner
from gatescope.web.settings import Settings

FRONT = BY_NAME["front, characters"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the files of the stored models."""
    folder = tmp_path_factory.mktemp("cached")
    write_files(folder)
    return folder


def cached(store: ModelStore, identifier: str) -> dict[str, Tensor]:
    """Every tensor that outlives a request."""
    checkpoint, shipped = store.checkpoint(identifier), load_zoo("anbn").network
    of_lstms = {f"{lstm.name}/{name}": p for lstm in checkpoint.lstms for name, p in lstm.network.named_parameters()}
    return {**checkpoint.tensors, **of_lstms, **dict(shipped.named_parameters())}


@pytest.mark.anyio
@pytest.mark.parametrize("first", ROUTES)
async def test_whatever_is_asked_first_nothing_of_a_model_is_changed_or_marked(folder: Path, first: str) -> None:
    assert isinstance(FRONT, Stored)
    content = torch.load(folder / FRONT.file)
    store = ModelStore(str(folder / first.replace(" ", "_")))
    stored = {FRONT.file: store.add(find_lstms(content), FRONT.file, 1).id}
    store.change(stored[FRONT.file], vocabulary=FRONT.vocabulary)
    load_zoo.cache_clear()
    app, runner, admission = FastAPI(), Runner(Settings(), store), Admission(1, max_seconds=60, max_bytes=2**30)
    app.include_router(traces_router(runner, admission))
    app.include_router(analyses_router(runner, admission))
    questions = [Row(model, "task, anbn", first, what) for model in (FRONT.name, "anbn") for what in WHATS]
    known: dict[str, tuple[Tensor, int]] = {}  # a copy and the version, by name
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        for row in (row for row in questions if refusal(row) is None):
            route = ROUTES[row.route]
            answer = await client.post(route.path, json=route.request(row.run(folder, stored)))
            assert answer.status_code == 200, answer.text
            now = cached(store, stored[FRONT.file])
            known = known or {name: (tensor.clone(), tensor._version) for name, tensor in now.items()}
            for name, tensor in now.items():
                copy, version = known[name]
                assert torch.equal(tensor, copy), name
                assert (tensor.is_inference(), tensor.grad, tensor._version) == (False, None, version), name
    tensors = store.checkpoint(stored[FRONT.file]).tensors
    assert all(torch.equal(tensor, content[name].float()) for name, tensor in tensors.items())
