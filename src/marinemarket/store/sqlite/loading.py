"""Builds a market's file from a backup: under another name, moved into place when complete."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

from ...clock import Clock, now_ms
from ...disk import flush
from ...errors import Refused
from ..items import Item, canonical
from ..schema import Table
from .layout import connect, foreseeing, prepare, row_of, statements
from .snapshot import stored_items
from .store import SqliteStore


class SqliteLoading:
    """A market's file under construction: beside the final one, under another name."""

    def __init__(self, path: Path, *, clock: Clock = now_ms) -> None:
        """Raises Refused if there is already a market."""
        if path.exists():
            raise Refused(f"{path.parent} already holds a market; nothing was restored")
        self._path, self._clock = path, clock
        self._making = path.with_name(f"{path.name}.restoring")
        # Remains of an earlier attempt cannot be told apart from good data: start over.
        for left in path.parent.glob(f"{self._making.name}*"):
            left.unlink()
        self._begin()

    def _begin(self) -> None:
        prepare(self._making)
        with foreseeing(), closing(connect(self._making)) as connection:
            # This feed does not record how its items came in: see layout.
            connection.execute("INSERT INTO cut VALUES (0, 0)")

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
            async for item in stored_items(connection, table):
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
        flush(self._making)
        # Fails if a market was created here meanwhile, and so never overwrites one.
        self._path.hardlink_to(self._making)
        self._making.unlink()
        flush(self._path.parent)
