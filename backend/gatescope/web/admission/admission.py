"""Computations in threads: let in by their price, and stopped when their time is over or no one waits for them."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from anyio import CancelScope
from starlette.requests import ClientDisconnect, Request

from gatescope.errors import Cancelled, OutOfTime
from gatescope.lstm.cancellation import Cancellation
from gatescope.web.admission.lane import Lane, Place
from gatescope.web.admission.price import Price

Result = TypeVar("Result")
CHEAP_SHARE = 1 / 4  # of the bytes of answers under way: dear answers never take it
CHEAP_WAITING, CHEAP_PATIENCE = 64, 5.0  # some tens of milliseconds each
DEAR_WAITING, DEAR_PATIENCE = 32, 30.0
STANDING_BACK = 10  # niceness
CLOSING_SECONDS = 0.7  # a cancelled computation ends within a step


class Admission:
    """Lets computations run in two lanes, so that the cheap ones never wait for dear ones.

    Args:
        workers: threads of either lane.
        max_seconds: the ceiling of one computation.
        max_bytes: of all answers under way.
    """

    def __init__(self, workers: int, max_seconds: float, max_bytes: int) -> None:
        cheap_bytes = int(max_bytes * CHEAP_SHARE)
        self.cheap = Lane(workers, cheap_bytes, CHEAP_WAITING, CHEAP_PATIENCE)
        self.dear = Lane(workers, max_bytes - cheap_bytes, DEAR_WAITING, DEAR_PATIENCE)
        self.max_seconds = max_seconds
        self._cheap_threads = ThreadPoolExecutor(workers, "gatescope-cheap")
        self._dear_threads = ThreadPoolExecutor(workers, "gatescope-dear", initializer=_stand_back)
        self._waiters: set[asyncio.Task[object]] = set()

    async def enter(self, price: Price) -> Place:
        """A place for a computation; raises Overloaded if there is none in time."""
        return await (self.cheap if price.is_cheap else self.dear).enter(price.answer_bytes)

    async def compute(self, price: Price, work: Callable[[], Result], seconds: float | None = None) -> Result:
        """Runs ``work`` in a thread, and waits until that has ended, also when it is cancelled.

        Args:
            price: of it.
            work: the computation.
            seconds: what is left of the ceiling, all of it if None.

        Raises:
            OutOfTime: the ceiling was reached.
        """
        cancellation = Cancellation()

        def watched_work() -> Result:
            with cancellation.watched():
                return work()

        loop, waiter = asyncio.get_running_loop(), asyncio.current_task()
        assert waiter is not None  # noqa: S101 - whatever awaits is a task
        self._waiters.add(waiter)
        clock = loop.call_later(self.max_seconds if seconds is None else seconds, cancellation.cancel)
        threads = self._cheap_threads if price.is_cheap else self._dear_threads
        thread = loop.run_in_executor(threads, watched_work)
        try:
            await asyncio.wait([thread])
            return thread.result()
        except Cancelled:
            raise OutOfTime(self.max_seconds) from None
        except asyncio.CancelledError:
            cancellation.cancel()
            with CancelScope(shield=True):
                await asyncio.wait([thread])
            thread.exception()  # looked at, so that asyncio does not report it
            raise
        finally:
            clock.cancel()
            self._waiters.discard(waiter)

    async def close(self) -> None:
        """Waits until those who were cancelled while they waited for a computation have told their clients."""
        if self._waiters:
            await asyncio.wait(self._waiters, timeout=CLOSING_SECONDS)

    async def compute_parts(self, price: Price, work: Callable[[], Sequence[bytes]]) -> tuple[Sequence[bytes], Place]:
        """The parts of an answer, and the place that it takes until it is sent."""
        place = await self.enter(price)
        try:
            parts = await self.compute(price, work)
        except BaseException:
            place.close()
            raise
        place.computed(sum(map(len, parts)))
        return parts, place


def _stand_back() -> None:
    """Lets cheap computations and the server itself go before this thread, where the system knows such threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STANDING_BACK)


@asynccontextmanager
async def while_connected(request: Request) -> AsyncIterator[None]:
    """Cancels the block when the client hangs up, and raises ClientDisconnect then. The body has been read before."""
    with CancelScope() as scope:
        watch = asyncio.create_task(_cancel_when_left(request, scope))
        try:
            yield
        finally:
            watch.cancel()
    if scope.cancelled_caught:
        raise ClientDisconnect


async def _cancel_when_left(request: Request, scope: CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
