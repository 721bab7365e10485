"""A lane: so many computations and so many bytes of answers at once, and a bounded queue for those that do not fit."""

import asyncio
import math
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from gatescope.errors import Overloaded


@dataclass
class Place:
    """A place in a lane: a share of the processor until `computed`, and room for the answer until `close`."""

    lane: "Lane"
    room: int
    is_computing: bool = True

    def computed(self, answer_bytes: int) -> None:
        """The computation ended with an answer of so many bytes, none if it failed: others may compute."""
        if self.is_computing:
            self.is_computing = False
            self._give_back(self.room - min(answer_bytes, self.room), computing=1)

    def close(self) -> None:
        """The answer was sent, or there is none."""
        self._give_back(self.room, computing=int(self.is_computing))
        self.is_computing = False

    def __enter__(self) -> None:
        """A place for a computation whose answer needs no room afterwards."""

    def __exit__(self, *_: object) -> None:
        self.close()

    def _give_back(self, room: int, computing: int) -> None:
        self.room -= room
        self.lane.give_back(room, computing)


@dataclass
class Lane:
    """Who may compute, first come, first served.

    free: how many more may compute now.
    free_bytes: how many bytes of answers more may be under way.
    most_waiting: the length of the queue.
    patience: seconds that one waits in it.
    """

    free: int
    free_bytes: int
    most_waiting: int
    patience: float
    _waiting: deque[tuple[int, asyncio.Future[None]]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._all_bytes = self.free_bytes

    @property
    def waiting(self) -> int:
        """The length of the queue now."""
        return len(self._waiting)

    async def enter(self, answer_bytes: int) -> Place:
        """A place, as soon as there is one; what is larger than all the room waits until it is alone.

        Raises:
            Overloaded: the queue is full, or the patience is over.
        """
        room = min(answer_bytes, self._all_bytes)
        if self.waiting or not self._fits(room):
            await self._wait(room)
        else:
            self._take(room)
        return Place(self, room)

    def give_back(self, room: int, computing: int) -> None:
        """Frees bytes and shares of the processor, and lets those in who fit now."""
        self.free += computing
        self.free_bytes += room
        while self._waiting and self._fits(self._waiting[0][0]):
            next_room, turn = self._waiting.popleft()
            if not turn.done():
                self._take(next_room)
                turn.set_result(None)

    async def _wait(self, room: int) -> None:
        if self.waiting >= self.most_waiting:
            message = f"{self.most_waiting} other computations wait already"
            raise Overloaded(message, math.ceil(self.patience))
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((room, turn))
        try:
            async with asyncio.timeout(self.patience):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():  # it was let in as it gave up
                self.give_back(room, computing=1)
            else:
                with suppress(ValueError):  # it was passed over as it gave up
                    self._waiting.remove((room, turn))
                self.give_back(0, computing=0)  # those behind it may fit
            if isinstance(error, TimeoutError):
                message = f"no place became free within {self.patience:g} seconds"
                raise Overloaded(message, math.ceil(self.patience)) from None
            raise

    def _fits(self, room: int) -> bool:
        return self.free > 0 and room <= self.free_bytes

    def _take(self, room: int) -> None:
        self.free -= 1
        self.free_bytes -= room
