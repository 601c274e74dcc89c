"""Builds a market's file from a backup: under another name, moved into place when complete."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path

from ...clock import Clock, now_ms
from ...disk import flush, make_private
from ...errors import Refused, StorageFull, Unavailable
from ..damage import DamageLog
from ..items import Item, canonical
from ..schema import Table
from .layout import connect, foreseeing, prepare, row_of, statements
from .snapshot import stored_items
from .store import SqliteStore


class SqliteLoading:
    """A market's file under construction: beside the final one, under another name."""

    def __init__(self, path: Path, *, clock: Clock = now_ms) -> None:
        self._path, self._clock = path, clock
        self._making = path.with_name(f"{path.name}.restoring")
        # Which folders were made for it, so that a later run can remove them.
        self._note = path.with_name(f"{path.name}.restoring-folders")
        self._lock: int | None = None

    async def prepare(self) -> None:
        with _writing(self._path.parent):
            if any(self._path.parent.glob(f"{self._making.name}*")):
                self._take_lock()
                self._remove()
            self._refuse_over_a_market()

    async def begin(self) -> None:
        with _writing(self._path.parent):
            self._refuse_over_a_market()
            made = _folders_made(self._path.parent)
            self._take_lock()
            # Remains of an earlier attempt cannot be told apart from good data: start over.
            self._remove_files()
            self._note.write_text("\n".join(map(str, made)), encoding="utf-8")
        prepare(self._making)
        with foreseeing(), closing(connect(self._making)) as connection:
            # This feed does not record how its items came in: see layout.
            connection.execute("INSERT INTO cut VALUES (0, 0)")

    async def abandon(self) -> None:
        if self._lock is not None:
            with _writing(self._path.parent):
                self._remove()

    def _refuse_over_a_market(self) -> None:
        if self._path.exists():
            raise Refused(f"{self._path.parent} already holds a market; nothing was restored")

    def _take_lock(self) -> None:
        """Locks the folder itself, which leaves no file behind."""
        if self._lock is not None:
            return
        self._lock = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._release()
            raise Refused(f"another restore into {self._path.parent} is running") from None

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _remove(self) -> None:
        try:
            folders = self._note.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            folders = []
        self._remove_files()
        self._release()
        for folder in map(Path, folders):
            with suppress(OSError):  # somebody else has put something there
                folder.rmdir()

    def _remove_files(self) -> None:
        for left in self._path.parent.glob(f"{self._making.name}*"):
            left.unlink(missing_ok=True)

    async def load(self, table: Table, items: Sequence[Item]) -> None:
        await asyncio.to_thread(self._load, table, items)

    def _load(self, table: Table, items: Sequence[Item]) -> None:
        rows = [row_of(table, item, canonical(item).decode()) for item in items]
        if not rows:
            return
        with foreseeing(), closing(connect(self._making)) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # `finish` flushes everything to disk
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statements(table.name).write, rows)
            connection.execute("COMMIT")

    async def items(self, table: Table) -> AsyncIterator[Item]:
        with foreseeing(), closing(connect(self._making)) as connection:
            async for item in stored_items(connection, table, DamageLog()):
                yield item

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[SqliteStore]:
        store = SqliteStore(self._making, secret_key=secrets.token_hex(32), clock=self._clock)
        try:
            yield store
        finally:
            await store.close()

    async def finish(self) -> None:
        await asyncio.to_thread(self._finish)

    def _finish(self) -> None:
        with foreseeing(), closing(connect(self._making)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with _writing(self._path.parent):
            flush(self._making)
            # Fails if a market was created here meanwhile, and so never overwrites one.
            try:
                self._path.hardlink_to(self._making)
            except FileExistsError:
                self._refuse_over_a_market()
            self._remove_files()
            flush(self._path.parent)
        self._release()


def _folders_made(folder: Path) -> list[Path]:
    """Makes a folder; returns those that were missing, the innermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    make_private(folder)
    return [one.absolute() for one in missing]


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Translates failures of the disk into the market's errors."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"the disk of {folder} is full; nothing was restored") from error
        raise Unavailable(f"{folder} cannot be used: {error.strerror}") from error
