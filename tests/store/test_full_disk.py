"""A full disk: writes are refused as a whole, reads continue, and space is all that recovery needs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from marinemarket.errors import StorageFull
from marinemarket.store.schema import LISTINGS
from marinemarket.store.sqlite import SqliteStore, layout, writer
from marinemarket.store.writes import Delete, Put
from tests.builders import ManualClock
from tests.disks import small_disk_at
from tests.store.item_builders import a_boat
from tests.store.paging import feed, replayed, scanned, state

pytestmark = pytest.mark.anyio

A_MINUTE = 60
LARGE = "x" * 300_000


class Disk:
    """The number of 4 KB pages that the writer can still use; None means no limit."""

    def __init__(self) -> None:
        self.pages: int | None = None

    def connect(self, path: Path) -> sqlite3.Connection:
        connection = layout.connect(path)
        if self.pages is not None:
            connection.execute(f"PRAGMA max_page_count = {self.pages}")
        return connection


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(writer, "connect", disk.connect)
    return disk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.sqlite3"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of two megabytes."""
    with small_disk_at(tmp_path / "disk", "2m") as folder:
        yield folder


@pytest.fixture
async def on_small_disk(
    small_disk: Path, clock: ManualClock, anyio_backend: str
) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(small_disk / "market.sqlite3", secret_key="a secret key", clock=clock)
    yield store
    await store.close()


async def _is_whole(store: SqliteStore, path: Path) -> None:
    assert replayed(await feed(store)) == await state(store)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _pair(name: str, text: str) -> list[Put]:
    return [Put(LISTINGS, a_boat(id=f"{name}-{side}", text=text)) for side in ("left", "right")]


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)


async def _commits_until_full(store: SqliteStore) -> int:
    """How many large commits succeeded before one did not fit."""
    for number in range(1000):
        try:
            await asyncio.wait_for(store.commit(*_pair(f"more-{number}", LARGE)), A_MINUTE)
        except StorageFull:
            return number
    raise AssertionError("the disk never filled up")


async def test_a_commit_without_room_is_refused_whole(
    disk: Disk, path: Path, clock: ManualClock
) -> None:
    disk.pages = 100
    store = SqliteStore(path, secret_key="a secret key", clock=clock)
    await store.commit(*_pair("small", "x"))
    head = await store.head()
    for _ in range(3):
        with pytest.raises(StorageFull):
            await asyncio.wait_for(store.commit(*_pair("large", LARGE)), A_MINUTE)
    assert len(await scanned(store, LISTINGS)) == 2
    assert await store.head() == head
    await store.commit(*_pair("still-fits", "x"))
    await store.close()

    disk.pages = None
    store = SqliteStore(path, secret_key="a secret key", clock=clock)
    await store.commit(*_pair("large", LARGE))
    assert len(await scanned(store, LISTINGS)) == 6
    await _is_whole(store, path)
    await store.close()


async def test_those_of_a_group_that_fit_are_written(
    disk: Disk, path: Path, clock: ManualClock
) -> None:
    disk.pages = 100
    store = SqliteStore(path, secret_key="a secret key", clock=clock)
    outcomes = await asyncio.gather(
        store.commit(*_pair("a", "x")),
        store.commit(*_pair("large", LARGE)),
        store.commit(*_pair("b", "x")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), StorageFull, type(None)]
    ids = [item["id"] for item in await scanned(store, LISTINGS)]
    assert ids == ["a-left", "a-right", "b-left", "b-right"]
    await _is_whole(store, path)
    await store.close()


async def test_a_disk_that_is_really_full_recovers_without_a_restart(
    on_small_disk: SqliteStore, small_disk: Path
) -> None:
    store, filler = on_small_disk, small_disk / "filler"
    await store.commit(*_pair("first", "x"))
    _fill(filler)
    acknowledged = 1 + await _commits_until_full(store)
    assert len(await scanned(store, LISTINGS)) == 2 * acknowledged
    assert await store.get(LISTINGS, "first-left") == a_boat(id="first-left", text="x")
    filler.unlink()
    await asyncio.wait_for(store.commit(*_pair("after", "x" * 10_000)), A_MINUTE)
    await asyncio.wait_for(store.commit(Delete(LISTINGS, ("first-left",))), A_MINUTE)
    assert len(await scanned(store, LISTINGS)) == 2 * acknowledged + 1
    await _is_whole(store, small_disk / "market.sqlite3")
