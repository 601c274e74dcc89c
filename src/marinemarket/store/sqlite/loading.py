"""A market's file made from a backup: filled under another name, and put in place when whole."""

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
    """A market's file in the making: under another name beside its own until it is finished."""

    def __init__(self, path: Path, *, clock: Clock = now_ms) -> None:
        """Raises Refused where there is a market already."""
        if path.exists():
            raise Refused(f"{path.parent} holds a market already; nothing was restored")
        self._path, self._clock = path, clock
        self._making = path.with_name(f"{path.name}.restoring")
        # What an earlier attempt left cannot be told from what belongs here: begin again.
        for left in path.parent.glob(f"{self._making.name}*"):
            left.unlink()
        self._begin()

    def _begin(self) -> None:
        prepare(self._making)
        with foreseeing(), closing(connect(self._making)) as connection:
            # The feed of this file does not tell how its items came: see layout.
            connection.execute("INSERT INTO cut VALUES (0, 0)")

    async def load(self, table: Table, items: Sequence[Item]) -> None:
        await asyncio.to_thread(self._load, table, items)

    def _load(self, table: Table, items: Sequence[Item]) -> None:
        rows = [row_of(table, item, canonical(item).decode()) for item in items]
        if not rows:
            return
        with foreseeing(), closing(connect(self._making)) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # `finish` writes all of it out
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
        # Fails where a market was made here meanwhile, and so never replaces one.
        self._path.hardlink_to(self._making)
        self._making.unlink()
        flush(self._path.parent)
