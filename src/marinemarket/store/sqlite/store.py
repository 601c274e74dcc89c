"""The store on SQLite. Reads are short and run in place; writes are grouped."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

from ...clock import Clock, now_ms
from ...errors import FeedLost, TooLarge
from ...wire import decode
from ..cursors import Cursors
from ..items import Item, Key, KeyPart
from ..schema import Table
from ..store import (
    MOST_AT_ONCE,
    Change,
    Page,
    Position,
    Query,
    Snapshot,
    check_limit,
    check_query,
)
from ..writes import Write, check_key, check_writes
from . import feed, layout
from .layout import index_columns, key_columns, quoted
from .snapshot import settled, snapshot
from .writer import GroupWriter, read_item


class SqliteStore:
    """Every table of the schema in one file, which any number of processes may open together."""

    head_is_cheap = True

    def __init__(self, path: Path, *, secret_key: str, clock: Clock = now_ms) -> None:
        self._path, self._clock = path, clock
        self._identity = layout.prepare(path)
        self._cursors = Cursors(secret_key)
        self._reader = layout.connect(path)
        self._writer = GroupWriter(path, clock)
        self._feed = feed.Feed(self._reader, self._identity)

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        check_key(table, key)
        try:
            return read_item(self._reader, table, key, self._clock())
        except sqlite3.Error as error:
            raise layout.foreseen(error) from error

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        if len(keys) > MOST_AT_ONCE:
            raise TooLarge(f"at most {MOST_AT_ONCE} items can be read at once")
        return [await self.get(table, *key) for key in keys]

    async def query(self, query: Query) -> Page:
        check_query(query)
        table, index = query.table, query.index
        columns = index_columns(table, index.name) if index else key_columns(table)
        by_sort = columns[1:]
        order = [*(by_sort if index else ()), *key_columns(table)]
        conditions, values = [f"{columns[0]} = ?"], [query.partition]
        if by_sort:
            for condition, value in _bounds(by_sort[0], query):
                conditions.append(condition)
                values.append(value)
        scope, newest_first = query.cursor_scope, query.newest_first
        return self._page(
            table, conditions, values, order, scope, newest_first, query.limit, query.after
        )

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        check_limit(limit)
        order = list(key_columns(table))
        return self._page(table, [], [], order, f"{table.name}/scan", False, limit, after)

    async def commit(self, *writes: Write) -> None:
        check_writes(writes)
        await asyncio.wrap_future(self._writer.submit(writes))

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        check_limit(limit)
        return self._feed.changes(after, limit)

    async def head(self) -> Position:
        return self._feed.head()

    def has_passed(self, position: Position | None, target: Position) -> bool:
        try:
            return position is not None and self._feed.number(position) >= self._feed.number(target)
        except FeedLost:
            return False

    async def settled(self, position: Position) -> int | None:
        return await asyncio.to_thread(settled, self._path, self._identity, self._clock, position)

    async def is_of_this_feed(self, position: Position) -> bool:
        return self._feed.has_made(position)

    async def sweep(self) -> int:
        return await asyncio.wrap_future(self._writer.submit_sweep())

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        return snapshot(self._path, self._identity, self._clock)

    async def trim(self, before: int, passed: Sequence[Position]) -> int:
        up_to = min(self._feed.number(position) for position in passed)
        work = partial(feed.trim, before=before, up_to=up_to)
        return await asyncio.wrap_future(self._writer.submit_work(work))

    async def forget(self, keys: Sequence[tuple[Table, Key]]) -> None:
        last, _ = self._feed.last()
        for start in range(self._feed.first() - 1, last, feed.AT_ONCE):
            work = partial(feed.forget, keys=keys, after=start, up_to=start + feed.AT_ONCE)
            await asyncio.wrap_future(self._writer.submit_work(work))

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.close)
        self._reader.close()

    # -- Reading ---------------------------------------------------------------------------------

    def _page(
        self,
        table: Table,
        conditions: list[str],
        values: list[Any],
        order: list[str],
        scope: str,
        newest_first: bool,
        limit: int,
        after: str | None,
    ) -> Page:
        conditions = [*conditions, "(expires IS NULL OR expires > ?)"]
        values = [*values, self._clock() // 1000]
        if after is not None:
            place = self._cursors.open(scope, after)
            marks = ", ".join("?" * len(order))
            conditions.append(f"({', '.join(order)}) {'<' if newest_first else '>'} ({marks})")
            values += place
        direction = " DESC" if newest_first else ""
        rows = self._read(
            f"SELECT item, {', '.join(order)} FROM {quoted(table.name)} "
            f"WHERE {' AND '.join(conditions)} "
            f"ORDER BY {', '.join(column + direction for column in order)} LIMIT ?",
            (*values, limit + 1),
        )
        more = self._cursors.seal(scope, rows[limit - 1][1:]) if len(rows) > limit else None
        return Page([decode(row[0]) for row in rows[:limit]], more)

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with layout.foreseeing():
            return self._reader.execute(statement, values).fetchall()


def _bounds(column: str, query: Query) -> list[tuple[str, KeyPart]]:
    between = query.between
    bounds = []
    if between.lowest is not None:
        bounds.append((f"{column} {'>' if between.without_lowest else '>='} ?", between.lowest))
    if between.highest is not None:
        bounds.append((f"{column} {'<' if between.without_highest else '<='} ?", between.highest))
    return bounds
