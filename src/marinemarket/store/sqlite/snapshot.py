"""A copy of a whole market at one instant, while writes go on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from ...clock import Clock
from ...errors import DamagedItem
from ..damage import DamageLog
from ..items import Item
from ..schema import Table
from ..store import Change, Position
from .checksums import checked
from .feed import Feed, feed_time
from .layout import STORED, connect, foreseeing, key_columns, quoted

AT_ONCE = 500


class SqliteSnapshot:
    """One instant of the file, pinned by its own read transaction."""

    is_exact = True

    def __init__(
        self, connection: sqlite3.Connection, identity: str, moment: int, damage: DamageLog
    ) -> None:
        self._connection, self._damage = connection, damage
        self._feed = Feed(connection, identity, damage)
        self.position: Position = self._feed.head()
        self.moment = moment

    async def items(self, table: Table) -> AsyncIterator[Item]:
        async for item in stored_items(self._connection, table, self._damage):
            yield item

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        return self._feed.changes(after, limit)


@asynccontextmanager
async def snapshot(
    path: Path, identity: str, clock: Clock, damage: DamageLog
) -> AsyncIterator[SqliteSnapshot]:
    """The file as it is now. The WAL cannot be truncated while this is open."""
    with foreseeing(), closing(connect(path)) as connection:
        moment = await asyncio.to_thread(_pin, path, connection, clock)
        yield SqliteSnapshot(connection, identity, moment, damage)


def _pin(path: Path, connection: sqlite3.Connection, clock: Clock) -> int:
    """Start the read while nobody writes; returns the last moment wholly before any later change."""
    with closing(connect(path)) as pause:
        pause.execute("BEGIN IMMEDIATE")
        connection.execute("BEGIN")
        # The next write may still get this very millisecond as its time.
        moment = feed_time(connection, clock() - 1)
        pause.execute("ROLLBACK")
    return moment


def settled(path: Path, identity: str, clock: Clock, position: Position) -> int | None:
    """The last moment wholly before any change that may still follow this position, in milliseconds.

    None if one has followed, or if the feed is dated later than the clock.
    """
    with foreseeing(), closing(connect(path)) as pause:
        # While nobody writes: a change may have got its time and not be in the feed yet.
        pause.execute("BEGIN IMMEDIATE")
        feed = Feed(pause, identity, DamageLog())
        moment, is_last = clock() - 1, feed.head() == position
        _, dated = feed.last()
        pause.execute("ROLLBACK")
    return moment if is_last and dated <= moment else None


async def stored_items(
    connection: sqlite3.Connection, table: Table, damage: DamageLog
) -> AsyncIterator[Item]:
    """Every item of a table as stored, expired or not, in key order, without damaged ones."""
    order = ", ".join(key_columns(table))
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"SELECT {STORED} FROM {quoted(table.name)} ORDER BY {order}")
        while rows := cursor.fetchmany(AT_ONCE):
            for text, sum in rows:
                try:
                    yield checked(table, None, text, sum)
                except DamagedItem as error:
                    damage.note(error)
            await asyncio.sleep(0)  # let the process's other tasks run between batches
