"""The feed's times, and the archive made of them, under a clock that is wrong for a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.archive.verification import verify
from marinemarket.clock import DAY, HOUR, MINUTE, SECOND
from marinemarket.store.schema import LISTINGS, SESSIONS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.writes import Absent, Delete, Exists, Put
from tests.archive.archives import Kept, Rows, archiver_of, kept, rows_of
from tests.builders import NOW
from tests.store.item_builders import a_boat, a_session

pytestmark = pytest.mark.anyio

AHEAD = [2 * HOUR, 40 * DAY]


async def put(store: SqliteStore, id: str) -> None:
    await store.commit(Put(LISTINGS, a_boat(id=id)))


async def moved(market: Kept, step: int, id: str) -> None:
    market.clock.now += step
    await put(market.store, id)


async def times(store: SqliteStore) -> list[int]:
    return [change.at - NOW for change in await store.changes(None)]


@pytest.mark.parametrize("ahead", AHEAD)
async def test_the_feed_goes_back_to_a_clock_that_was_ahead(tmp_path: Path, ahead: int) -> None:
    async with kept(tmp_path) as market:
        for step, id in enumerate((0, ahead, SECOND, MINUTE - ahead, SECOND)):
            await moved(market, id, str(step))
        after = SECOND + MINUTE
        assert await times(market.store) == [0, ahead, ahead + SECOND, after, after + SECOND]


@pytest.mark.parametrize("back", [2 * HOUR, DAY])
async def test_the_feed_stands_still_while_the_clock_is_behind(tmp_path: Path, back: int) -> None:
    async with kept(tmp_path) as market:
        for minute in range(0, back + HOUR, 10 * MINUTE):
            await moved(market, 10 * MINUTE, str(minute))
        last = market.clock.now - NOW
        for step, id in ((-back, "behind"), (SECOND, "still"), (back, "right")):
            await moved(market, step, id)
        assert (await times(market.store))[-4:] == [last, last, last, last + SECOND]


async def test_small_steps_back_leave_the_feed_where_it_is(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        for step, id in enumerate((0, MINUTE, -30 * SECOND, MINUTE)):
            await moved(market, id, str(step))
        assert await times(market.store) == [0, MINUTE, MINUTE, 90 * SECOND]


@pytest.mark.parametrize("ahead", AHEAD)
async def test_what_expires_is_judged_by_the_clock(tmp_path: Path, ahead: int) -> None:
    async with kept(tmp_path) as market:
        store, lasts = market.store, NOW // 1000 + 300
        await moved(market, ahead, "ahead")
        market.clock.now -= ahead
        session = a_session(id="one") | {"expiresAt": lasts}
        await store.commit(Put(SESSIONS, session, when=Absent()))
        assert await store.sweep() == 0
        await store.commit(Delete(SESSIONS, ("one",), when=Exists()))


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("archived_ahead", [True, False])
async def test_any_moment_is_restored_though_the_clock_was_ahead(
    tmp_path: Path, ahead: int, archived_ahead: bool
) -> None:
    async with kept(tmp_path) as market:
        history: dict[int, Rows] = {}

        async def change(step: int, id: str) -> None:
            await moved(market, step, id)
            history[market.clock.now] = rows_of(market.path)

        await market.archiver.take_base()
        await change(SECOND, "first")
        await change(SECOND, "second")
        await moved(market, ahead, "ahead")
        if archived_ahead:
            await market.archive_all()
        market.clock.now -= ahead
        await moved(market, SECOND, "right again")
        await market.archive_all()
        for number in range(5):
            await change(MINUTE, f"later {number}")
            await market.archive_all()
        for moment, rows in history.items():
            assert (await market.restored(f"at {moment}", moment))[1] == rows, moment - NOW
        assert (await market.restored("the last"))[1] == rows_of(market.path)
        found = await verify(market.archive)
        assert [found.problems, len(found.lines)] == [[], 2]
        assert len(await market.archive.bases()) == 2


async def test_an_archiver_that_starts_again_takes_no_further_base(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        await moved(market, SECOND, "one")
        await moved(market, 2 * HOUR, "ahead")
        await moved(market, SECOND - 2 * HOUR, "right")
        await market.archive_all()
        market.archiver.close()
        await moved(market, SECOND, "two")
        await market.archive_all()
        assert len(await market.archive.bases()) == 2


async def test_changes_dated_ahead_are_archived_without_delay(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        await moved(market, 20 * MINUTE, "ahead")
        market.clock.now -= 20 * MINUTE
        market.archiver = archiver_of(market.store, market.archive, market.clock, seconds=10)
        await market.archive_all()
        assert len(await market.archive.segments()) == 1
