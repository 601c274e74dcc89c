"""A market moves from SQLite to DynamoDB and back, and every byte stays the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marinemarket.archive.archive import Archive
from marinemarket.archive.file_format import Seal
from marinemarket.archive.restore import restore
from marinemarket.archive.storage import FolderStorage
from marinemarket.archive.verification import verify
from marinemarket.config.settings import Settings
from marinemarket.errors import Invalid, Refused
from marinemarket.store.dynamodb import (
    Connection,
    DynamoLoading,
    DynamoStore,
    connected,
)
from marinemarket.store.dynamodb.snapshot import DynamoSnapshot
from marinemarket.store.items import Item
from marinemarket.store.market_identity import identify
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, MARKET, SESSIONS, TABLES, USERS, Table
from marinemarket.store.sqlite import SqliteLoading
from marinemarket.store.writes import Delete, Put, Update
from marinemarket.stores import loading_into
from tests.archive.archives import SECRET, Kept, archiver_of, kept, rows_of
from tests.builders import ManualClock
from tests.store.engines.dynamodb import DYNAMODB_LOCAL, REGION, make_tables, prefix_of
from tests.store.engines.moto_server import moto_endpoint
from tests.store.item_builders import a_boat, a_note, a_session, an_offer
from tests.store.paging import feed

pytestmark = pytest.mark.anyio

LOCAL = pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)


@pytest.fixture(params=["moto", *([LOCAL] if DYNAMODB_LOCAL else [])])
async def connection(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Connection]:
    endpoint = moto_endpoint() if request.param == "moto" else str(DYNAMODB_LOCAL)
    async with connected(
        prefix=prefix_of(tmp_path), endpoint=endpoint, region=REGION
    ) as connection:
        await make_tables(connection)
        yield connection


async def _live(market: Kept) -> None:
    """Items of every kind: indexed and not, expired and not, with unusual names and exact numbers."""
    for number in range(30):
        await market.store.commit(
            Put(LISTINGS, an_offer(id=f"boat {number}", at=number, text="Ærø 船" * number)),
            Put(AUDIT_LOGS, a_note(id=f"{number}", lasts=None)),
        )
    await market.store.commit(
        Put(USERS, {"id": "ann", "email": "ann@example.com", "empty": "", "nothing": None}),
        Put(SESSIONS, a_session(lasts=-60)),
        Put(LISTINGS, a_boat(id="gone")),
    )
    await market.store.commit(Delete(LISTINGS, ("gone",)))
    await market.store.commit(Update(LISTINGS, ("boat 3",), set={"price": 12345}))


def _store(connection: Connection, clock: ManualClock) -> DynamoStore:
    return DynamoStore(connection, secret_key=SECRET, clock=clock)


async def _loading(connection: Connection, clock: ManualClock) -> DynamoLoading:
    loading = DynamoLoading(connection, secret_key=SECRET, clock=clock)
    await loading.begin()
    return loading


async def test_there_and_back_every_item_is_the_same_byte_for_byte(
    connection: Connection, tmp_path: Path
) -> None:
    async with kept(tmp_path) as market:
        await _live(market)
        await market.archiver.take_base()
        there = await _loading(connection, market.clock)
        await restore(market.archive, there)
        await there.finish()

        moved = Archive(FolderStorage(tmp_path / "moved"), Seal())
        archiver = archiver_of(_store(connection, market.clock), moved, market.clock)
        await archiver.take_base()
        assert (await verify(moved)).problems == []

        back = SqliteLoading(tmp_path / "back" / "market.sqlite3", clock=market.clock)
        await restore(moved, back)
        await back.finish()
        assert rows_of(tmp_path / "back" / "market.sqlite3") == rows_of(market.path)


async def test_a_copy_taken_while_others_write_is_made_whole_by_the_feed(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that comes between the copying of two tables is in the restored market too."""
    async with kept(tmp_path) as market:
        store = _store(connection, market.clock)
        await store.commit(Put(LISTINGS, a_boat(id="before")), Put(MARKET, {"name": "first"}))
        archive = Archive(FolderStorage(tmp_path / "moving"), Seal())
        written = 0

        async def write() -> None:
            nonlocal written
            written += 1
            await store.commit(
                Put(LISTINGS, a_boat(id=f"meanwhile {written}")),
                Put(MARKET, {"name": f"{written}"}),
            )

        copied = DynamoSnapshot.items

        async def with_others_writing(
            snapshot: DynamoSnapshot, table: Table
        ) -> AsyncIterator[Item]:
            async for item in copied(snapshot, table):
                yield item
            await write()

        monkeypatch.setattr(DynamoSnapshot, "items", with_others_writing)
        await archiver_of(store, archive, market.clock).take_base()
        monkeypatch.undo()
        assert written
        assert (await verify(archive)).problems == []
        back = SqliteLoading(tmp_path / "back" / "market.sqlite3", clock=market.clock)
        await restore(archive, back)
        await back.finish()
        rows = rows_of(tmp_path / "back" / "market.sqlite3")
        assert len(rows[LISTINGS.name]) == len(rows[MARKET.name]) == written + 1
        assert len(await feed(store)) == 2 * (written + 1)


async def test_a_market_is_never_filled_over_another(
    connection: Connection, tmp_path: Path
) -> None:
    clock = ManualClock()
    await _store(connection, clock).commit(Put(LISTINGS, a_boat()))
    with pytest.raises(Refused, match="already holds a market"):
        await _loading(connection, clock)


async def _tables(connection: Connection) -> list[str]:
    """Those of this test; the server holds those of others too, and lists a hundred at a time."""
    pages = connection.tables.get_paginator("list_tables").paginate()
    names = [name async for page in pages for name in page["TableNames"]]
    return [name for name in names if name.startswith(connection.prefix)]


async def test_of_a_restore_that_fails_no_table_is_left(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "none", aws_endpoint_url=moto_endpoint(), aws_region=REGION)
    into = f"dynamodb:{prefix_of(tmp_path)}"
    async with (
        kept(tmp_path) as market,
        connected(
            prefix=prefix_of(tmp_path), endpoint=moto_endpoint(), region=REGION
        ) as connection,
    ):
        await _live(market)
        await market.archiver.take_base()
        with pytest.raises(Invalid, match="--at"):
            async with loading_into(into, settings) as loading:
                await restore(market.archive, loading, moment=0)
        assert await _tables(connection) == []

        async def fail_late() -> None:
            async with loading_into(into, settings) as loading:
                await restore(market.archive, loading)
                assert await _tables(connection) != []
                raise RuntimeError("after the loading")

        with pytest.raises(RuntimeError, match="after the loading"):
            await fail_late()
        assert await _tables(connection) == []

        # One that was killed: the next run removes what it left, whether or not it succeeds.
        killed = DynamoLoading(connection, secret_key=SECRET, clock=market.clock)
        await restore(market.archive, killed)
        with pytest.raises(Refused, match="was not finished"):
            await identify(_store(connection, market.clock), None)
        with pytest.raises(Invalid, match="--at"):
            async with loading_into(into, settings) as loading:
                await restore(market.archive, loading, moment=0)
        assert await _tables(connection) == []
        async with loading_into(into, settings) as loading:
            await restore(market.archive, loading)
            await loading.finish()
        with pytest.raises(Refused, match="already holds a market"):
            async with loading_into(into, settings):
                pass
    assert not (tmp_path / "none").exists()


async def test_tables_that_were_there_stay_when_a_restore_fails(
    connection: Connection, tmp_path: Path
) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        loading = DynamoLoading(connection, secret_key=SECRET, clock=market.clock)
        await restore(market.archive, loading)
        await loading.abandon()
        assert len(await _tables(connection)) == len(TABLES)
        again = DynamoLoading(connection, secret_key=SECRET, clock=market.clock)
        await again.prepare()


async def test_a_filling_that_was_interrupted_is_begun_again(
    connection: Connection, tmp_path: Path
) -> None:
    clock = ManualClock()
    first = await _loading(connection, clock)
    await first.load(LISTINGS, [a_boat(id=f"left over {n}") for n in range(30)])
    second = await _loading(connection, clock)
    await second.load(LISTINGS, [a_boat(id="whole")])
    await second.finish()
    assert [item async for item in second.items(LISTINGS)] == [a_boat(id="whole")]
    assert [item async for item in second.items(MARKET)] == []
    with pytest.raises(Refused):
        await _loading(connection, clock)
