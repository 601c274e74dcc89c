"""Whose turn it is."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.errors import TooMany, Unavailable
from marinemarket.media.fair_queue import FairQueue

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Visitors:
    """Members who come to a queue; `served` is the order in which they had their turns."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self.served: list[str] = []
        self.running = self.most_running = 0

    def comes(self, member: str) -> asyncio.Task[None]:
        return asyncio.ensure_future(self._come(member))

    async def _come(self, member: str) -> None:
        async with self._queue.turn(member):
            self.served.append(member)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            await asyncio.sleep(0)
            self.running -= 1


async def test_whoever_sends_much_is_served_in_turns_with_the_others() -> None:
    visitors = Visitors(FairQueue(at_once=1, most_each=10, most=100))
    coming = [visitors.comes(member) for member in "aaaaaabbc"]
    await asyncio.gather(*coming)
    assert "".join(visitors.served) == "aabcabaaa"
    assert visitors.most_running == 1


async def test_of_one_member_only_so_many_run_and_others_pass_by() -> None:
    queue = FairQueue(at_once=3, at_once_each=2, most_each=10, most=100)
    async with queue.turn("a"), queue.turn("a"):
        visitors = Visitors(queue)
        waiting = visitors.comes("a")
        await visitors.comes("b")
        assert visitors.served == ["b"]
    await waiting
    assert visitors.served == ["b", "a"]


async def test_too_many_that_wait_are_refused() -> None:
    queue = FairQueue(at_once=1, most_each=2, most=3)
    visitors = Visitors(queue)
    async with queue.turn("z"):
        waiting = [visitors.comes(member) for member in "aab"]
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await visitors.comes("a")
        with pytest.raises(Unavailable):
            await visitors.comes("b")
    await asyncio.gather(*waiting)
    assert visitors.served == ["a", "b", "a"]


async def test_whoever_gives_up_loses_no_turn_for_the_others() -> None:
    queue = FairQueue(at_once=1, most_each=9, most=9)
    visitors = Visitors(queue)
    async with queue.turn("z"):
        first, second, third = (visitors.comes(member) for member in "abc")
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
    first.cancel()  # at the moment when its turn has come
    await third
    assert visitors.served == ["c"]
    assert [first.cancelled(), second.cancelled()] == [True, True]
    await visitors.comes("d")
    assert visitors.served == ["c", "d"]
