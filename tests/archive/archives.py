"""A store with an archive, and what to compare after a restore."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from marinemarket.archive.archive import Archive
from marinemarket.archive.archiver import Archiver
from marinemarket.archive.file_format import Seal
from marinemarket.archive.restore import Restored, restore
from marinemarket.archive.storage import FolderStorage
from marinemarket.store.change_feed import follow
from marinemarket.store.schema import TABLES
from marinemarket.store.sqlite import SqliteLoading, SqliteStore
from marinemarket.store.store import Store
from tests.builders import ManualClock

MARKET_ID = "5f2c0a4e-0000-4000-8000-000000000001"
SECRET = "a secret key of thirty-two letters"

Rows = dict[str, list[str]]
"""The stored text of every item, by table, in key order."""


@dataclass(slots=True)
class Kept:
    """A store, its clock, and an archive of it."""

    store: SqliteStore
    archive: Archive
    archiver: Archiver
    clock: ManualClock
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "market.sqlite3"

    async def archive_all(self) -> None:
        """Does the work of the worker's reader until nothing is left to do."""
        while await follow(self.store, self.archiver):
            pass
        await follow(self.store, self.archiver)

    async def restored(
        self, name: str, moment: int | None = None, *, seal: Seal | None = None
    ) -> tuple[Restored, Rows]:
        """Restore into a new folder; returns what was done, and the rows now there."""
        path = self.folder / name / "market.sqlite3"
        loading = SqliteLoading(path, clock=self.clock)
        archive = Archive(self.archive.place, seal or self.archive.seal)
        done = await restore(archive, loading, moment=moment)
        await loading.finish()
        return done, rows_of(path)


@asynccontextmanager
async def kept(
    folder: Path, *, clock: ManualClock | None = None, seal: Seal | None = None, seconds: int = 0
) -> AsyncIterator[Kept]:
    """A new store with an empty archive."""
    clock = clock or ManualClock()
    store = SqliteStore(folder / "market.sqlite3", secret_key=SECRET, clock=clock)
    archive = Archive(FolderStorage(folder / "archive"), seal or Seal())
    try:
        yield Kept(store, archive, archiver_of(store, archive, clock, seconds), clock, folder)
    finally:
        await store.close()


def archiver_of(store: Store, archive: Archive, clock: ManualClock, seconds: int = 0) -> Archiver:
    return Archiver(store, archive, market=MARKET_ID, clock=clock, seconds=seconds)


def rows_of(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: [
                text
                for (text,) in connection.execute(
                    f'SELECT item FROM "{table.name}" ORDER BY p{", s" if table.sort else ""}'
                )
            ]
            for table in TABLES
        }


def files_of(folder: Path) -> list[Path]:
    """The files of an archive, without its locks."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.name.startswith("."))
