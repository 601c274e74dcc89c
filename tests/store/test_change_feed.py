"""One reader for all followers: shared reads, separate positions, separate failures."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from unittest.mock import patch

import pytest

from marinemarket.composition import Market
from marinemarket.errors import Away, Unavailable
from marinemarket.listings.records import add_listing
from marinemarket.store import change_feed
from marinemarket.store.change_feed import Reader
from marinemarket.store.store import Change, Position
from tests.builders import a_listing
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio

A_MINUTE = 60


class Noting:
    """A follower that records what it gets; `trouble` is the error it raises."""

    def __init__(self, name: str, position: Position | None) -> None:
        self.name, self.place = name, position
        self.seen: list[tuple[object, ...]] = []
        self.trouble = ""
        self.tries = 0
        self.begun: asyncio.Event = asyncio.Event()
        self.may_begin = asyncio.Event()

    async def position(self) -> Position | None:
        return self.place

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        self.tries += 1
        if self.trouble:
            raise (Away if self.trouble == "away" else Unavailable)(self.trouble)
        if changes and after == self.place:
            self.seen += [change.key for change in changes if change.table == "boat-listings"]
            self.place = changes[-1].position

    async def begin(self) -> None:
        await self.may_begin.wait()
        self.place = "begun"
        self.begun.set()

    def close(self) -> None:
        pass


async def _add(market: Market, *names: str) -> list[tuple[str]]:
    boats = [a_listing(name=name) for name in names]
    for boat in boats:
        await add_listing(market.trail, TESTS, boat)
    return [(boat.id,) for boat in boats]


async def _all_of(reader: Reader) -> None:
    while await reader.run_once():
        pass


async def test_followers_at_one_place_share_one_reading(market: Market) -> None:
    head = await market.store.head()
    one, other = Noting("one", head), Noting("other", head)
    keys = await _add(market, "a", "b")
    reader = Reader(market.store, [one, other])
    reading = market.store.changes
    asked: list[Position | None] = []

    async def counted(after: Position | None, *, limit: int) -> list[Change]:
        asked.append(after)
        return await reading(after, limit=limit)

    with patch.object(market.store, "changes", counted):
        await reader.run_once()
    assert asked == [head]
    assert one.seen == other.seen == keys


async def test_each_follower_goes_on_from_its_own_place(market: Market) -> None:
    first = await market.store.head()
    behind = Noting("behind", first)
    a = await _add(market, "a")
    ahead = Noting("ahead", await market.store.head())
    b = await _add(market, "b")
    await _all_of(Reader(market.store, [behind, ahead]))
    assert behind.seen == a + b
    assert ahead.seen == b


@pytest.mark.parametrize("trouble", ["no room", "away"])
async def test_the_trouble_of_one_is_told_once_and_stops_no_other(
    market: Market, caplog: pytest.LogCaptureFixture, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a service that is away nothing is told: that outage has a line of its own."""
    monkeypatch.setattr(change_feed, "REST_SECONDS", 0.1)
    head = await market.store.head()
    sound, sore = Noting("sound", head), Noting("sore", head)
    sore.trouble = trouble
    keys = await _add(market, "a")
    reader = Reader(market.store, [sore, sound])
    with caplog.at_level(logging.WARNING):
        async with asyncio.timeout(A_MINUTE):
            while sore.tries < 3:
                await reader.run_once()
                await asyncio.sleep(0.001)
            assert sound.seen == keys
            sore.trouble = ""
            while not sore.seen:
                await reader.run_once()
                await asyncio.sleep(0.001)
    assert sore.seen == keys
    told = [] if trouble == "away" else ["sore: no room", "sore: goes on"]
    assert [record.getMessage() for record in caplog.records] == told


async def test_a_follower_in_trouble_is_tried_again_after_pauses_that_grow(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    monkeypatch.setattr(random, "random", lambda: 1.0)
    sore = Noting("sore", await market.store.head())
    sore.trouble = "away"
    reader = Reader(market.store, [sore])
    tried = []
    for second in range(130):
        now = float(second)
        before = sore.tries
        await reader.run_once()
        if sore.tries > before:
            tried.append(second)
    assert tried == [0, 1, 3, 7, 15, 31, 61, 91, 121]


@pytest.mark.parametrize("lost", [None, "another-feed:1:1"])
async def test_who_begins_anew_stands_aside_and_the_others_go_on(
    market: Market, lost: Position | None
) -> None:
    following, anew = Noting("following", await market.store.head()), Noting("anew", lost)
    stopping = asyncio.Event()
    running = asyncio.create_task(Reader(market.store, [anew, following]).run(stopping))
    keys = await _add(market, "a")
    async with asyncio.timeout(A_MINUTE):
        while following.seen != keys:
            await asyncio.sleep(0.01)
        assert not anew.begun.is_set()
        anew.may_begin.set()
        await anew.begun.wait()
        stopping.set()
        await running
