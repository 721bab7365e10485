"""Probes for an operator: the server lives, and a first trace has agreed with torch.nn.LSTM."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
from fastapi import APIRouter, Response

from gatescope.web.answers.schemas import ProbeAnswer
from gatescope.web.problems.responses import documented, problem

logger = logging.getLogger("gatescope")


class Readiness:
    """The state of the check at start-up.

    Args:
        check: runs a trace and raises if it is not right.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self.ready = False
        self._check = check

    @asynccontextmanager
    async def checked_in_background(self) -> AsyncIterator[None]:
        """Run the check while the server already answers."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._run_check)
            yield

    async def _run_check(self) -> None:
        try:
            await anyio.to_thread.run_sync(self._check)
        except Exception:
            logger.exception("the check at start-up failed; the server stays not ready")
        else:
            self.ready = True


def probes_router(readiness: Readiness) -> APIRouter:
    """The routes of the probes."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Does the server live?", response_model=ProbeAnswer)
    async def live() -> ProbeAnswer:
        return ProbeAnswer(status="ok")

    @router.get(
        "/readyz",
        summary="Has the server computed and checked its first trace?",
        response_model=ProbeAnswer,
        responses=documented("not-ready"),
    )
    async def ready() -> ProbeAnswer | Response:
        if readiness.ready:
            return ProbeAnswer(status="ok")
        return problem("not-ready", "the check at start-up has not passed yet")

    return router
