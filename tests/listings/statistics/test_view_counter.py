"""Views of boats: which ones count, how often, and which survive a crash."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.audit.operational import Operational
from marinemarket.composition import Market
from marinemarket.errors import Unavailable
from marinemarket.listings.records import add_listing
from marinemarket.listings.statistics.records import KEPT_DAYS, total_views, views_of
from marinemarket.listings.statistics.view_counter import (
    AGAIN_MS,
    MOST_OF_NETWORK,
    ViewCounter,
    is_robot,
)
from marinemarket.store.writes import Write
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio

DAY = 24 * 60 * 60 * 1000
BOAT = a_listing()


@pytest.fixture
async def counter(market: Market) -> ViewCounter:
    await add_listing(market.trail, TESTS, BOAT)
    return ViewCounter(market.trail)


async def test_views_are_added_up_by_day_over_every_process(
    market: Market, counter: ViewCounter, clock: ManualClock
) -> None:
    other = ViewCounter(market.trail)
    for n in range(3):
        assert counter.look(BOAT.id, [f"device {n}"], "192.0.2.1")
        assert other.look(BOAT.id, [f"device {n}"], "192.0.2.1")
    await asyncio.gather(counter.write(), other.write())
    clock.now += DAY
    assert counter.look(BOAT.id, ["device 1"], "192.0.2.1")
    await counter.write()
    await counter.write()  # there is nothing more to write
    assert await views_of(market.store, BOAT.id) == {"2026-01-01": 6, "2026-01-02": 1}
    assert await views_of(market.store, BOAT.id, since="2026-01-02") == {"2026-01-02": 1}
    assert await total_views(market.store, BOAT.id) == 7
    clock.now += KEPT_DAYS * DAY
    assert await total_views(market.store, BOAT.id) == 0


async def test_a_device_counts_once_in_half_an_hour(
    counter: ViewCounter, clock: ManualClock
) -> None:
    assert counter.look(BOAT.id, ["192.0.2.1 Mozilla", "fresh"], "192.0.2.1")
    assert not counter.look(BOAT.id, ["192.0.2.1 Mozilla", "fresher"], "192.0.2.1")
    assert not counter.look(BOAT.id, ["fresh"], "192.0.2.1")  # it sends the name it was given
    assert counter.look("another boat", ["fresh"], "192.0.2.1")
    clock.now += AGAIN_MS - 1
    assert not counter.look(BOAT.id, ["fresh"], "192.0.2.1")
    clock.now += 1
    assert counter.look(BOAT.id, ["fresh"], "192.0.2.1")


async def test_invented_devices_of_one_network_count_only_up_to_a_limit(
    counter: ViewCounter,
) -> None:
    looks = [counter.look(BOAT.id, [f"made up {n}"], "192.0.2.1") for n in range(100)]
    assert sum(looks) == MOST_OF_NETWORK
    assert counter.look(BOAT.id, ["made up 99"], "198.51.100.1")


async def test_memory_is_bounded(counter: ViewCounter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marinemarket.listings.statistics.view_counter.MOST_SEEN", 10)
    monkeypatch.setattr("marinemarket.listings.statistics.view_counter.MOST_WAITING", 20)
    looks = [counter.look(f"boat {n}", [f"device {n}"], f"network {n}") for n in range(50)]
    assert sum(looks) == 20
    assert len(counter._seen) == 10


async def test_unwritten_views_wait_and_those_of_deleted_boats_are_dropped(
    market: Market, counter: ViewCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.look(BOAT.id, ["device"], "192.0.2.1")
    counter.look("a boat that is gone", ["device"], "192.0.2.1")
    with monkeypatch.context() as broken:

        async def fail(kind: Operational, *writes: Write) -> None:
            raise Unavailable("away")

        broken.setattr(market.trail, "commit_operational", fail)
        with pytest.raises(Unavailable):
            await counter.write()
    stopping = asyncio.Event()
    stopping.set()
    await counter.run(stopping)  # told to stop, it writes what it has
    assert await views_of(market.store, BOAT.id) == {"2026-01-01": 1}
    assert await views_of(market.store, "a boat that is gone") == {}


@pytest.mark.parametrize(
    ("agent", "is_one"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("curl/8.5.0", True),
        ("", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", False),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", False),
        ("Mozilla/5.0 (Linux; Android 10; CUBOT X30) Chrome/120 Mobile", False),
    ],
)
def test_robots_are_recognised_by_their_user_agent(agent: str, is_one: bool) -> None:
    assert is_robot(agent) is is_one
