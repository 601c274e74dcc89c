"""An archive belongs to one market, and every other is refused."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from marinemarket.archive.ownership import OWNER, owner_of
from marinemarket.archive.schedule import Plan, keep
from marinemarket.archive.storage import FolderStorage
from marinemarket.archive.verification import verify
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.errors import Refused
from marinemarket.listings.records import add_listing
from marinemarket.parts.report import PartStatus, report_parts
from marinemarket.self_check.finding import State
from marinemarket.self_check.market import check_archive
from marinemarket.store.change_feed import Reader, follow
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS

from .archives import files_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
async def other(
    market: Market, place: Path, tmp_path: Path, clock: ManualClock
) -> AsyncIterator[Market]:
    """Another market, whose settings name the archive of the first."""
    await market.archiver(str(place)).take_base()
    mine = Settings(data=tmp_path / "other", backups=str(tmp_path / "none"))
    async with open_market(mine, clock=clock):
        pass
    async with open_market(mine.model_copy(update={"backups": str(place)}), clock=clock) as other:
        yield other


def _contents(place: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in files_of(place)}


async def test_a_market_keeps_its_id_and_two_markets_have_two(
    market: Market, other: Market
) -> None:
    assert market.identity.id != other.identity.id
    async with open_market(market.settings, clock=market.clock) as again:
        assert again.identity == market.identity


async def test_another_market_changes_nothing_in_an_archive(
    market: Market, other: Market, place: Path
) -> None:
    before, archiver = _contents(place), other.own_archiver(seconds=0)
    plan = Plan(base_hours=1, window_days=1, feed_days=1)
    for attempt in (
        archiver.take_base(),
        follow(other.store.engine, archiver),
        keep(other.store, archiver, [], plan, clock=other.clock),
    ):
        with pytest.raises(Refused, match="belongs to another market") as refused:
            await attempt
        assert market.identity.id in str(refused.value)
        assert "--adopt" in str(refused.value)
    assert _contents(place) == before


async def test_a_worker_says_so_once_and_its_other_work_goes_on(
    other: Market, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before, stopping = _contents(place), asyncio.Event()
    reader = Reader(other.store.engine, [other.own_archiver(seconds=0)])
    with caplog.at_level(logging.WARNING):
        running = asyncio.ensure_future(reader.run(stopping))
        while not caplog.records:
            await asyncio.sleep(0.01)
        stopping.set()
        await running
    [record] = caplog.records
    assert "belongs to another market" in record.getMessage()
    assert _contents(place) == before


async def test_check_and_health_say_so(other: Market) -> None:
    found = await check_archive(other)
    assert found.state is State.FAILURE
    assert "belongs to another market" in found.message
    assert "MARINEMARKET_BACKUPS" in found.todo
    part = (await report_parts(other))["archive"]
    assert part.status is PartStatus.AWAY
    assert "another market" in part.reason


async def test_an_archive_is_adopted_when_asked_for_and_then_refuses_the_first(
    market: Market, other: Market, place: Path
) -> None:
    archiver = market.archiver(str(place), seconds=0)
    await follow(market.store.engine, archiver)
    await other.own_archiver().take_base(adopting=True)
    assert await owner_of(FolderStorage(place)) == other.identity.id
    await add_listing(market.trail, TESTS, a_listing())
    before = _contents(place)
    await follow(market.store.engine, archiver)  # it still knows where the archive ended
    with pytest.raises(Refused, match="belongs to another market"):
        await follow(market.store.engine, archiver)
    assert _contents(place) == before
    found = await verify(archiver.archive)
    assert (found.problems, len(found.lines)) == ([], 2)


async def test_an_archive_from_before_belongs_to_the_market_whose_feed_it_ends_in(
    market: Market, other: Market, place: Path
) -> None:
    (place / OWNER).unlink()
    with pytest.raises(Refused, match="does not say whose it is"):
        await other.own_archiver().take_base()
    await add_listing(market.trail, TESTS, a_listing())
    await market.archiver(str(place)).take_base()
    assert await owner_of(FolderStorage(place)) == market.identity.id


async def test_a_market_is_not_made_where_its_archive_belongs_to_another(
    market: Market, place: Path, tmp_path: Path
) -> None:
    await market.archiver(str(place)).take_base()
    unmounted = tmp_path / "unmounted"
    unmounted.mkdir()
    with pytest.raises(Refused, match=r"mount it.*marinemarket restore.*another place"):
        async with open_market(Settings(data=unmounted, backups=str(place))):
            pass
    assert [*unmounted.iterdir()] == []


async def test_of_two_copies_of_a_market_the_one_that_wrote_before_stops(
    market: Market, place: Path, tmp_path: Path, clock: ManualClock
) -> None:
    first = market.archiver(str(place), seconds=0)
    await first.take_base()
    with closing(sqlite3.connect(market.settings.database)) as source:
        (tmp_path / "twin").mkdir()
        with closing(sqlite3.connect(tmp_path / "twin" / "market.sqlite3")) as copy:
            source.backup(copy)
            copy.execute("UPDATE identity SET feed = 'another'")  # as in a restored market
            copy.commit()
    shutil.copy(market.settings.data / "secret-key", tmp_path / "twin")
    async with open_market(Settings(data=tmp_path / "twin"), clock=clock) as twin:
        assert twin.identity == market.identity
        await twin.archiver(str(place)).take_base()
    await add_listing(market.trail, TESTS, a_listing())
    before = _contents(place)
    first.close()
    with pytest.raises(Refused, match="another copy of this market"):
        await follow(market.store.engine, first)
    assert _contents(place) == before
