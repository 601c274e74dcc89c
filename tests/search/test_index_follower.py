"""The index follows the store: changes, owners, rebuilding, damage, and killed workers."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserStatus
from marinemarket.audit.actions import Action
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.errors import Unavailable
from marinemarket.listings.listing import Listing, Status
from marinemarket.listings.records import add_listing, replace_listing
from marinemarket.search.columns.engine import ColumnsEngine
from marinemarket.search.columns.index_folder import Contents, IndexFolder
from marinemarket.search.filters import Search
from marinemarket.search.finder import find_boats, look_up
from marinemarket.search.index import Hits, SearchIndex
from marinemarket.search.index_follower import SearchFollower, reach, rebuild
from marinemarket.store.schema import LISTINGS, USERS
from marinemarket.store.writes import Delete, Update
from tests.builders import NOW, OWNER, ManualClock, a_listing, a_user
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio

A_MINUTE = 60


async def _titles(market: Market, **asked: object) -> list[str]:
    found = await find_boats(
        market.listings, market.engine.index, Search.parse(asked), market.clock
    )
    return sorted(listing.title for listing in found.listings)


async def _hits(index: SearchIndex, search: Search) -> Hits:
    return (await look_up(index, search, NOW))[0]


async def _add(market: Market, *names: str) -> list[Listing]:
    made = [a_listing(name=name, title=f"Boat {name}") for name in names]
    for listing in made:
        await add_listing(market.trail, TESTS, listing)
    return made


async def test_before_the_index_was_made_search_says_that_it_is_not_there_yet(
    market: Market,
) -> None:
    with pytest.raises(Unavailable):
        await _hits(market.engine.index, Search())


async def test_what_is_added_changed_and_deleted_is_found_so(market: Market) -> None:
    first, second = await _add(market, "one", "two")
    await reach(market.store, market.engine)
    assert await _titles(market) == ["Boat one", "Boat two"]

    renamed = first.changed(title="Boat renamed", updated_at=first.updated_at + 1)
    await replace_listing(market.trail, TESTS, first, renamed)
    sold = second.changed(status=Status.SOLD, updated_at=second.updated_at + 1)
    await replace_listing(market.trail, TESTS, second, sold)
    await reach(market.store, market.engine)
    assert await _titles(market) == ["Boat renamed"]
    assert await _titles(market, query="one") == []

    entry = TESTS.entry(Action.LISTING_DELETED, "listing", first.id, market.clock())
    await market.trail.commit(entry, Delete(LISTINGS, (first.id,)))
    await reach(market.store, market.engine)
    hits = await _hits(market.engine.index, Search())
    assert (hits.ids, hits.total) == ([], 0)


async def test_a_banned_owners_boats_vanish_and_come_back(market: Market) -> None:
    await _add(market, "one", "two")
    await reach(market.store, market.engine)

    await _set_status(market, UserStatus.BANNED)
    await reach(market.store, market.engine)
    assert (await _hits(market.engine.index, Search())).total == 0

    await _set_status(market, UserStatus.ACTIVE)
    await reach(market.store, market.engine)
    assert await _titles(market) == ["Boat one", "Boat two"]


async def test_what_changed_while_its_owner_was_banned_comes_back_as_it_is_now(
    market: Market,
) -> None:
    first, second, third = await _add(market, "one", "two", "three")
    await reach(market.store, market.engine)
    await _set_status(market, UserStatus.BANNED)
    await reach(market.store, market.engine)

    renamed = first.changed(title="Boat renamed", updated_at=first.updated_at + 1)
    await replace_listing(market.trail, TESTS, first, renamed)
    sold = second.changed(status=Status.SOLD, updated_at=second.updated_at + 1)
    await replace_listing(market.trail, TESTS, second, sold)
    entry = TESTS.entry(Action.LISTING_DELETED, "listing", third.id, market.clock())
    await market.trail.commit(entry, Delete(LISTINGS, (third.id,)))
    await reach(market.store, market.engine)
    assert (await _hits(market.engine.index, Search())).total == 0

    await _set_status(market, UserStatus.ACTIVE)
    await reach(market.store, market.engine)
    assert (await _hits(market.engine.index, Search())).total == 1
    assert await _titles(market) == ["Boat renamed"]


async def test_owners_who_come_and_go_in_one_step_of_the_feed_end_as_they_are(
    market: Market,
) -> None:
    await reach(market.store, market.engine)
    await _add(market, "one")
    for status in (UserStatus.BANNED, UserStatus.ACTIVE, UserStatus.SUSPENDED):
        await _set_status(market, status)
    await reach(market.store, market.engine)
    assert (await _hits(market.engine.index, Search())).total == 0
    await _set_status(market, UserStatus.ACTIVE)
    await reach(market.store, market.engine)
    assert await _titles(market) == ["Boat one"]


async def test_a_rebuilt_index_knows_the_boats_of_those_who_may_not_sell(market: Market) -> None:
    await _add(market, "one", "two")
    await _set_status(market, UserStatus.BANNED)
    assert await rebuild(market.store, market.engine) == 0
    assert (await _hits(market.engine.index, Search())).total == 0
    await _set_status(market, UserStatus.ACTIVE)
    await reach(market.store, market.engine)
    assert (await _hits(market.engine.index, Search(query="boat"))).total == 2


async def test_a_seller_banned_a_moment_ago_is_not_shown_even_if_the_index_lags(
    market: Market,
) -> None:
    [boat] = await _add(market, "one")
    await reach(market.store, market.engine)
    await _set_status(market, UserStatus.BANNED)
    assert (await _hits(market.engine.index, Search())).ids == [boat.id]
    assert await _titles(market) == []


async def _set_status(market: Market, status: UserStatus) -> None:
    entry = TESTS.entry(Action.USER_STATUS_CHANGED, "user", OWNER, market.clock())
    await market.trail.commit(entry, Update(USERS, (OWNER,), set={"status": status.value}))


async def test_a_boat_sold_a_moment_ago_is_not_shown_even_if_the_index_lags(market: Market) -> None:
    [boat] = await _add(market, "one")
    await reach(market.store, market.engine)
    sold = boat.changed(status=Status.SOLD, updated_at=boat.updated_at + 1)
    await replace_listing(market.trail, TESTS, boat, sold)
    assert (await _hits(market.engine.index, Search())).ids == [boat.id]
    assert await _titles(market) == []


async def test_a_rebuilt_index_equals_the_followed_one_and_goes_on_following(
    market: Market,
) -> None:
    await _add(market, "one", "two", "three")
    follower = SearchFollower(market.store, market.engine)
    await follower.catch_up()
    before = await _hits(market.engine.index, Search())

    assert await rebuild(market.store, market.engine) == 3
    assert await _hits(market.engine.index, Search()) == before

    # The worker still has the old generation's writer, and must notice.
    await _add(market, "four")
    await follower.catch_up()
    follower.close()
    assert len(await _titles(market)) == 4


async def test_a_rebuild_that_fails_leaves_the_live_index(market: Market) -> None:
    await _add(market, "one")
    await reach(market.store, market.engine)
    with pytest.raises(RuntimeError):  # noqa: PT012 - raised in the middle of the block
        async with market.engine.rebuilding() as writer:
            await writer.save(await market.store.head())
            raise RuntimeError("the power went")
    assert await _titles(market) == ["Boat one"]
    assert await rebuild(market.store, market.engine) == 1
    assert not list(market.settings.search_folder.glob("building-*"))


async def test_an_index_of_another_version_or_a_damaged_one_is_made_anew(market: Market) -> None:
    await _add(market, "one")
    await reach(market.store, market.engine)
    folder = IndexFolder(market.settings.search_folder)

    live = folder.live
    assert live is not None
    (live / "contents").write_text("{")
    follower = SearchFollower(market.store, market.engine)
    await follower.catch_up()
    assert await _titles(market) == ["Boat one"]
    assert folder.live != live

    (market.settings.search_folder / "current").write_text("v0-older")
    await follower.catch_up()
    follower.close()
    assert await _titles(market) == ["Boat one"]


@pytest.mark.parametrize("kind", ["s-*", "l-*", "contents"])
@pytest.mark.parametrize("harm", ["rot", "cut", "lose"])
async def test_files_that_rot_are_noticed_by_whoever_reads_and_made_anew(
    market: Market, kind: str, harm: str
) -> None:
    first, *_ = await _add(market, *(f"boat {number}" for number in range(100)))
    await reach(market.store, market.engine)
    sold = first.changed(status=Status.SOLD, updated_at=first.updated_at + 1)
    await replace_listing(market.trail, TESTS, first, sold)
    await reach(market.store, market.engine)
    live = IndexFolder(market.settings.search_folder).live
    assert live is not None
    harmed = list(live.glob(kind))
    assert harmed
    for path in harmed:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 4  # one bit: still parses, but is wrong
        if harm == "lose":
            path.unlink()
        else:
            path.write_bytes(content if harm == "rot" else content[: len(content) // 2])
    reader = ColumnsEngine(market.settings.search_folder, secret_key="k" * 40).index
    with pytest.raises(Unavailable):
        await _hits(reader, Search(query="boat"))
    await reach(market.store, market.engine)
    assert (await _hits(reader, Search())).total == 99
    assert (await _hits(reader, Search(query="boat 12"))).total > 0


async def test_an_index_whose_folder_vanished_under_its_writer_is_made_anew(market: Market) -> None:
    await _add(market, "one")
    follower = SearchFollower(market.store, market.engine)
    await follower.catch_up()
    shutil.rmtree(market.settings.search_folder)
    await _add(market, "two")
    await follower.catch_up()
    follower.close()
    assert await _titles(market) == ["Boat one", "Boat two"]


async def test_a_store_put_back_and_grown_past_the_index_is_noticed(
    market_settings: Settings, clock: ManualClock
) -> None:
    """A position's number is in the other history too, but the time of its change is not."""
    async with open_market(market_settings, clock=clock) as market:
        await add_user(market.trail, TESTS, a_user())
        await _add(market, "kept")
    saved = market_settings.database.read_bytes()
    async with open_market(market_settings, clock=clock) as market:
        clock.now += 1000
        await _add(market, "lost", "lost too")
        await reach(market.store, market.engine)
    market_settings.database.write_bytes(saved)
    async with open_market(market_settings, clock=clock) as market:
        clock.now += 1000
        await _add(market, "new", "new too", "new as well", "the last new")
        assert not market.store.has_passed(
            await market.engine.index.position(), await market.store.head()
        )
        await reach(market.store, market.engine)
        titles = ["Boat kept", "Boat new", "Boat new as well", "Boat new too", "Boat the last new"]
        assert await _titles(market) == titles
        assert (await _hits(market.engine.index, Search())).total == 5


async def test_one_process_at_a_time_writes_the_index(market: Market) -> None:
    await _add(market, "one")
    await reach(market.store, market.engine)
    first = SearchFollower(market.store, market.engine)
    await first.catch_up()
    with pytest.raises(Unavailable, match="another process"):
        await SearchFollower(market.store, market.engine).catch_up()
    first.close()


async def test_a_position_of_another_store_means_starting_over(market: Market) -> None:
    await _add(market, "one")
    await reach(market.store, market.engine)
    folder = IndexFolder(market.settings.search_folder)
    assert folder.live is not None
    contents = folder.contents_of(folder.live)
    assert contents is not None
    folder.save(folder.live, Contents("another-feed:7", contents.parts))
    await reach(market.store, market.engine)
    assert await _titles(market) == ["Boat one"]
    assert market.store.has_passed(await market.engine.index.position(), await market.store.head())


async def test_a_killed_worker_loses_nothing(market: Market) -> None:
    """The worker is killed repeatedly while boats come in; then it can catch up."""
    names = [f"boat {number}" for number in range(120)]
    worker = _start_worker(market.settings.data)
    try:
        for position, name in enumerate(names):
            await _add(market, name)
            if position % 30 == 20:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
                worker = _start_worker(market.settings.data)
            await asyncio.sleep(0.01)
        head = await market.store.head()
        deadline = time.monotonic() + A_MINUTE
        while not market.store.has_passed(await market.engine.index.position(), head):
            assert time.monotonic() < deadline, "the worker did not catch up"
            await asyncio.sleep(0.05)
    finally:
        worker.terminate()
        worker.wait(A_MINUTE)
    hits = await _hits(market.engine.index, Search(limit=100))
    rest = await _hits(market.engine.index, Search(limit=100, after=hits.next))
    assert hits.total == 120
    assert len({*hits.ids, *rest.ids}) == 120


def _start_worker(data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "marinemarket", "worker"],
        env=os.environ | {"MARINEMARKET_DATA": str(data)},
        stderr=subprocess.DEVNULL,
    )
