"""Who fits computes at once, the next wait in a bounded queue, the rest is told when to ask again."""

import asyncio

import pytest

from gatescope.errors import Overloaded
from gatescope.web.admission.lane import Lane, Place

pytestmark = pytest.mark.anyio


def lane(free: int = 1, free_bytes: int = 100, most_waiting: int = 2, patience: float = 60) -> Lane:
    return Lane(free, free_bytes, most_waiting, patience)


async def waiting(lane: Lane, room: int = 0) -> asyncio.Task[Place]:
    """One more that stands in the queue."""
    before, task = lane.waiting, asyncio.create_task(lane.enter(room))
    while lane.waiting == before and not task.done():
        await asyncio.sleep(0)
    return task


async def test_the_first_come_is_the_first_served() -> None:
    one = lane()
    first = await one.enter(0)
    second, third = await waiting(one), await waiting(one)
    first.close()
    (await second).close()
    (await third).close()
    assert (one.free, one.free_bytes, one.waiting) == (1, 100, 0)


async def test_a_full_queue_says_when_to_ask_again() -> None:
    one = lane(most_waiting=1, patience=7)
    place = await one.enter(0)
    queued = await waiting(one)
    with pytest.raises(Overloaded, match="1 other computations wait") as refused:
        await one.enter(0)
    assert refused.value.retry_after == 7
    place.close()
    await queued


async def test_no_one_waits_longer_than_the_patience() -> None:
    one = lane(patience=0.01)
    place = await one.enter(0)
    with pytest.raises(Overloaded, match=r"within 0\.01 seconds"):
        await one.enter(0)
    place.close()
    assert (one.free, one.waiting) == (1, 0)


async def test_an_answer_takes_its_room_until_it_is_sent() -> None:
    one = lane(free=2)
    place = await one.enter(80)
    queued = await waiting(one, 40)
    assert not queued.done(), "a place is free, but there is no room"
    place.computed(60)
    (await queued).close()
    assert (one.free, one.free_bytes) == (2, 40)
    place.close()
    place.close()
    assert (one.free, one.free_bytes) == (2, 100)


async def test_what_is_larger_than_all_the_room_comes_in_alone() -> None:
    one = lane(free=2)
    place = await one.enter(1)
    large = await waiting(one, 1000)
    place.close()
    (await large).close()
    assert (one.free, one.free_bytes) == (2, 100)


@pytest.mark.parametrize("moment", ["long before", "just before", "just after"])
async def test_one_that_gives_up_before_or_after_its_turn_leaves_its_place_to_the_next(moment: str) -> None:
    one = lane()
    place = await one.enter(100)
    gives_up, stays = await waiting(one, 100), await waiting(one, 5)
    if moment == "just after":
        place.close()
    gives_up.cancel()
    if moment == "just before":
        place.close()
    with pytest.raises(asyncio.CancelledError):
        await gives_up
    if moment == "long before":
        place.close()
    (await stays).close()
    assert (one.free, one.free_bytes, one.waiting) == (1, 100, 0)
