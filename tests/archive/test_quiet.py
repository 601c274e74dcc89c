"""The archive knows that nothing happened, and tells that from an archive that nobody goes on with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import boto3
import pytest

from marinemarket.archive.archive import Archive
from marinemarket.archive.file_format import Seal
from marinemarket.archive.quiet import NAME
from marinemarket.archive.restore import restore
from marinemarket.archive.storage import Storage, storage_at
from marinemarket.archive.verification import verify
from marinemarket.clock import HOUR, MINUTE, SECOND
from marinemarket.errors import Invalid
from marinemarket.store.change_feed import follow
from marinemarket.store.dynamodb import DynamoStore, connected
from marinemarket.store.schema import LISTINGS
from marinemarket.store.sqlite import SqliteLoading, SqliteStore
from marinemarket.store.store import Store
from marinemarket.store.writes import Put
from tests.builders import ManualClock
from tests.store.engines.dynamodb import REGION, make_tables, prefix_of
from tests.store.engines.moto_server import moto_endpoint
from tests.store.item_builders import a_boat

from .archives import SECRET, Kept, archiver_of, files_of, kept, rows_of

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["folder", "bucket"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Storage:
    if request.param == "folder":
        return storage_at(str(tmp_path / "archive"))
    endpoint = moto_endpoint()
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    bucket = "archive-of-a-market"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket=bucket)
    return storage_at(f"s3://{bucket}/{tmp_path.name}")


@pytest.fixture(params=["sqlite", "dynamodb"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock, anyio_backend: str
) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        sqlite = SqliteStore(tmp_path / "market.sqlite3", secret_key=SECRET, clock=clock)
        yield sqlite
        await sqlite.close()
        return
    async with connected(
        prefix=prefix_of(tmp_path), endpoint=moto_endpoint(), region=REGION
    ) as connection:
        await make_tables(connection)
        yield DynamoStore(connection, secret_key=SECRET, clock=clock)


async def test_a_moment_of_silence_is_restored_from_every_store_and_every_place(
    store: Store, place: Storage, clock: ManualClock, tmp_path: Path
) -> None:
    archive = Archive(place, Seal())
    archiver = archiver_of(store, archive, clock)
    await store.commit(Put(LISTINGS, a_boat(id="a")))
    await archiver.take_base()
    clock.now += 3 * HOUR
    await follow(store, archiver)
    wanted = clock.now - 2 * MINUTE
    loading = SqliteLoading(tmp_path / "new" / "market.sqlite3", clock=clock)
    restored = await restore(archive, loading, moment=wanted)
    await loading.finish()
    assert restored.moment == wanted
    assert len(rows_of(tmp_path / "new" / "market.sqlite3")[LISTINGS.name]) == 1
    assert (await verify(archive)).problems == []


async def _restored_at(market: Kept, moment: int, name: str) -> list[str]:
    _, rows = await market.restored(name, moment)
    return rows[LISTINGS.name]


async def test_each_second_between_two_changes_is_restored_as_it_was(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        for number in range(3):
            market.clock.now += MINUTE
            await market.store.commit(Put(LISTINGS, a_boat(id=f"{number}")))
            market.clock.now += MINUTE
            await market.archive_all()
        begun = market.clock.now - 6 * MINUTE
        for number in range(6 * 2):
            moment = begun + number * 30 * SECOND + 29 * SECOND
            expected = max(0, (moment - begun) // MINUTE + 1) // 2
            assert len(await _restored_at(market, moment, f"at {number}")) == expected


async def test_an_archive_that_nobody_goes_on_with_ends_where_it_was_left(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        market.clock.now += MINUTE
        await market.archive_all()
        [line] = await market.archive.lines()
        assert line.end == market.clock.now - 1
        market.clock.now += HOUR
        [line] = await market.archive.lines()
        assert line.end == market.clock.now - 1 - HOUR
        with pytest.raises(
            Invalid, match=r"later than this archive goes.*marinemarket backup --to"
        ):
            await market.restored("too late", market.clock.now - MINUTE)
        assert not (tmp_path / "too late").exists()
        await market.archive_all()
        await market.restored("in time", market.clock.now - MINUTE)


async def test_silence_takes_one_small_file_for_each_base_copy(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        for _ in range(100):
            market.clock.now += MINUTE
            await market.archive_all()
        [mark] = [file for file in files_of(tmp_path / "archive") if file.name == NAME]
        assert mark.stat().st_size < 200
        assert await market.archive.segments() == []
        await market.archiver.take_base()
        market.clock.now += MINUTE
        await market.archive_all()
        assert len([file for file in files_of(tmp_path / "archive") if file.name == NAME]) == 2


async def test_a_change_that_is_not_archived_yet_is_no_silence(tmp_path: Path) -> None:
    async with kept(tmp_path, seconds=3600) as market:
        await market.archiver.take_base()
        market.clock.now += MINUTE
        await market.store.commit(Put(LISTINGS, a_boat(id="a")))
        market.clock.now += MINUTE
        await market.archive_all()
        [line] = await market.archive.lines()
        assert line.end < market.clock.now - MINUTE
        assert await market.store.settled(str(await market.archiver.archived())) is None


async def test_an_old_archive_without_marks_is_restored_and_gets_one(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        market.clock.now += MINUTE
        await market.store.commit(Put(LISTINGS, a_boat(id="a")))
        market.clock.now += MINUTE
        await market.archive_all()
        for file in files_of(tmp_path / "archive"):
            if file.name in (NAME, "market.json"):
                file.unlink()
        market.archiver.close()
        assert (await verify(market.archive)).problems == []
        _, rows = await market.restored("old")
        assert len(rows[LISTINGS.name]) == 1
        market.clock.now += MINUTE
        await market.archive_all()
        await market.restored("newer", market.clock.now - 30 * SECOND)


async def test_a_mark_after_a_segment_that_is_missing_counts_for_nothing(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        market.clock.now += MINUTE
        await market.store.commit(Put(LISTINGS, a_boat(id="a")))
        market.clock.now += MINUTE
        await market.archive_all()
        [segment] = await market.archive.segments()
        (tmp_path / "archive" / str(segment)).unlink()
        with pytest.raises(Invalid, match="later than this archive goes"):
            await market.restored("new", market.clock.now - 30 * SECOND)
        found = await verify(market.archive)
        assert any("is missing" in problem.message for problem in found.problems)
