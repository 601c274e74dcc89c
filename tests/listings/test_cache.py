"""The cache of listings: never older than the request, bounded, and short-lived."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from prometheus_client import REGISTRY

from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.listings import cache as caching
from marinemarket.listings.cache import LIFETIME, ListingCache
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import (
    add_listing,
    find_listing,
    next_version,
    remove_listing,
    replace_listing,
)
from marinemarket.store.items import Item, Key
from marinemarket.store.schema import LISTINGS, Table
from marinemarket.store.store import Store
from tests.builders import ManualClock, a_listing, uuid_of
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio


class Watched:
    """A store that records which listings were read, and can delay a read's result."""

    def __init__(self, store: Store, *, head_is_cheap: bool = True) -> None:
        self._store = store
        self.head_is_cheap = head_is_cheap
        self.read: list[str] = []
        self.hold: asyncio.Event | None = None

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        items = await self._store.get_many(table, keys)
        if table is LISTINGS:
            self.read += [str(key[0]) for key in keys]
            if self.hold is not None:
                await self.hold.wait()
        return items

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def _cache(
    market: Market, *, most: int = 100, seconds: int = 5, head_is_cheap: bool = True
) -> tuple[ListingCache, Watched]:
    store = Watched(market.store, head_is_cheap=head_is_cheap)
    return ListingCache(store, most=most, seconds=seconds, clock=market.clock), store


async def _add(market: Market, *names: str) -> list[Listing]:
    boats = [a_listing(name=name) for name in names]
    for boat in boats:
        await add_listing(market.trail, TESTS, boat)
    return boats


async def _price(market: Market, boat: Listing, price: int) -> Listing:
    new = boat.changed(price=price, updated_at=next_version(boat, market.clock()))
    await replace_listing(market.trail, TESTS, boat, new)
    return new


async def test_a_cached_listing_is_not_read_again(market: Market) -> None:
    one, two = await _add(market, "one", "two")
    cache, store = _cache(market)
    assert await cache.find(one.id) == one
    assert await cache.find_many([two.id, one.id, uuid_of("nothing"), two.id]) == [
        two,
        one,
        None,
        two,
    ]
    assert await cache.find_many([one.id, two.id]) == [one, two]
    assert store.read == [one.id, two.id, uuid_of("nothing")]


async def test_only_changed_listings_are_read_again(market: Market) -> None:
    one, two = await _add(market, "one", "two")
    cache, store = _cache(market)
    await cache.find_many([one.id, two.id])
    new = await _price(market, one, 500)
    assert await cache.find_many([one.id, two.id]) == [new, two]
    await remove_listing(market.trail, TESTS, two)
    assert await cache.find_many([one.id, two.id]) == [new, None]
    assert store.read == [one.id, two.id, one.id, two.id]


async def test_a_listing_changed_by_another_process_is_read_again(
    market: Market, market_settings: Settings, clock: ManualClock
) -> None:
    [boat] = await _add(market, "one")
    cache, _ = _cache(market)
    async with open_market(market_settings, clock=clock) as other:
        for price in range(1000, 1050):
            assert await cache.find(boat.id) == boat
            boat = await _price(other, boat, price)
        assert await cache.find(boat.id) == boat


async def test_a_listing_read_before_its_change_is_not_cached_after_it(market: Market) -> None:
    [boat] = await _add(market, "one")
    cache, store = _cache(market)
    store.hold = asyncio.Event()
    slow = asyncio.create_task(cache.find(boat.id))
    while not store.read:
        await asyncio.sleep(0)
    new = await _price(market, boat, 500)
    held, store.hold = store.hold, None
    assert await cache.find(boat.id) == new
    held.set()
    assert await slow == boat
    assert await cache.find(boat.id) == new


async def test_too_many_changes_to_read_empty_the_cache(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "MOST_CHANGES", 4)
    one, two = await _add(market, "one", "two")
    cache, store = _cache(market)
    await cache.find_many([one.id, two.id])
    new = await _price(market, one, 500)
    newer = await _price(market, new, 600)
    assert await cache.find_many([one.id, two.id]) == [newer, two]
    assert store.read == [one.id, two.id] * 2


async def test_a_different_feed_empties_the_cache(market: Market) -> None:
    [boat] = await _add(market, "one")
    cache, store = _cache(market)
    await cache.find(boat.id)
    cache._position = "another-feed:7:7"
    assert await cache.find(boat.id) == boat
    assert store.read == [boat.id] * 2


async def test_it_holds_a_limited_number_and_evicts_the_least_recently_used(
    market: Market,
) -> None:
    one, two, three = await _add(market, "one", "two", "three")
    cache, store = _cache(market, most=2)
    for boat in (one, two, one, three, one, two):
        assert await cache.find(boat.id) == boat
    assert store.read == [one.id, two.id, three.id, two.id]


@pytest.mark.parametrize(("cheap", "lifetime"), [(True, LIFETIME), (False, 5000)])
async def test_an_entry_lives_for_minutes_or_for_seconds_if_reading_the_head_is_expensive(
    market: Market, clock: ManualClock, cheap: bool, lifetime: int
) -> None:
    [boat] = await _add(market, "one")
    cache, store = _cache(market, head_is_cheap=cheap)
    for passed, reads in ((0, 1), (lifetime - 1, 1), (1, 2)):
        clock.now += passed
        await cache.find(boat.id)
        assert len(store.read) == reads


async def test_the_head_is_never_read_where_that_is_expensive(market: Market) -> None:
    [boat] = await _add(market, "one")
    cache, _ = _cache(market, head_is_cheap=False)
    await cache.find(boat.id)
    await _price(market, boat, 500)
    assert await cache.find(boat.id) == boat


async def test_many_readers_and_writers_never_see_less_than_was_there_when_they_asked(
    market: Market, market_settings: Settings, clock: ManualClock
) -> None:
    """Two stores write, two caches read; each answer is at least as new as its request."""
    chance = Random(8)
    boats = {boat.id: boat for boat in await _add(market, *(f"{n}" for n in range(6)))}
    async with open_market(market_settings, clock=clock) as other:
        caches = [_cache(one, most=4)[0] for one in (market, other)]
        writing = True

        async def write(one: Market, ids: list[str]) -> None:
            for _ in range(120):
                id = chance.choice(ids)
                boats[id] = await _price(one, boats[id], chance.randrange(1000, 9000))
                await asyncio.sleep(0)

        async def read(cache: ListingCache) -> int:
            answers = 0
            while writing:
                ids = chance.sample(sorted(boats), 3)
                least = [boats[id].updated_at for id in ids]
                found = await cache.find_many(ids)
                for listing, version in zip(found, least, strict=True):
                    assert listing is not None
                    assert listing.updated_at >= version
                answers += 1
                await asyncio.sleep(0)
            return answers

        readers = [asyncio.create_task(read(cache)) for cache in caches for _ in range(3)]
        ids = sorted(boats)
        await asyncio.gather(write(market, ids[:3]), write(other, ids[3:]))
        writing = False
        assert min(await asyncio.gather(*readers)) > 10
        for cache in caches:
            assert await cache.find_many(ids) == [boats[id] for id in ids]
            assert await find_listing(market.store, ids[0]) == await cache.find(ids[0])


async def test_cache_operations_are_counted(market: Market) -> None:
    names = ("hits", "misses", "evictions", "drops")

    def counts() -> list[float]:
        return [
            REGISTRY.get_sample_value(f"marinemarket_listing_cache_{name}_total") or 0
            for name in names
        ]

    one, two = await _add(market, "one", "two")
    cache, _ = _cache(market, most=1)
    before = counts()
    await cache.find(one.id)
    await cache.find(one.id)
    await cache.find(two.id)
    await _price(market, two, 500)
    await cache.find(one.id)
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 3, 1, 1]
