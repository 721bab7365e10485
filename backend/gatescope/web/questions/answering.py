"""How a question is answered: the run that it is about, what is computed of it, and the bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar

import anyio.to_thread
import torch
from anyio import CapacityLimiter
from fastapi import Query, Response

from gatescope.lstm.trace import Trace
from gatescope.models.sources.store import ModelStore
from gatescope.web.answers.in_parts import InParts
from gatescope.web.answers.wire import Encoding, encode
from gatescope.web.requests.inputs import Prepared
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import prepare_trace, run_trace
from gatescope.web.settings import Settings

Request = TypeVar("Request", bound=TraceRequest)
AskedEncoding = Annotated[Encoding, Query(description="How tensors are written.")]


@dataclass(frozen=True)
class Answering:
    """What every question needs: the limits, the models, and the threads that compute."""

    settings: Settings
    store: ModelStore
    workers: CapacityLimiter

    async def answer(
        self, request: Request, compute: Callable[[Request, Prepared, Trace], Mapping[str, Any]], encoding: Encoding
    ) -> Response:
        """What ``compute`` makes of the run that a request describes; tensors may stand anywhere in it."""
        return await self.send(partial(self._compute, request, compute), encoding)

    async def send(self, work: Callable[[], Mapping[str, Any]], encoding: Encoding) -> Response:
        """What ``work`` makes, when it needs another run, or none."""
        parts = await anyio.to_thread.run_sync(lambda: list(encode(work(), encoding)), limiter=self.workers)
        return InParts(parts, "application/json")

    # Not in inference mode: what is made in it can never again be asked for a gradient.
    @torch.no_grad()
    def _compute(
        self, request: Request, compute: Callable[[Request, Prepared, Trace], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        prepared = prepare_trace(request, self.settings, self.store, with_weights=False)
        return compute(request, prepared, run_trace(request, prepared))
