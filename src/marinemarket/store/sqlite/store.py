"""The store on SQLite. Reads are short and run in place; writes are grouped."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...clock import Clock, now_ms
from ...errors import DamagedItem, FeedLost, TooLarge
from ..cursors import Cursors
from ..damage import DamageLog
from ..items import Item, Key, KeyPart, has_expired
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
from .checksums import checked, undecoded
from .compaction import compact
from .examination import add_sums
from .layout import index_columns, key_columns, quoted
from .snapshot import settled, snapshot
from .writer import GroupWriter, read_item


class SqliteStore:
    """Every table of the schema in one file, which any number of processes may open together."""

    head_is_cheap = True

    def __init__(self, path: Path, *, secret_key: str, clock: Clock = now_ms) -> None:
        self.path, self._clock = path, clock
        self._identity = layout.prepare(path)
        self._cursors = Cursors(secret_key)
        self._reader = layout.connect(path)
        self._reader.text_factory = undecoded
        self.damage = DamageLog()
        self._writer = GroupWriter(path, clock, self.damage)
        self._feed = feed.Feed(self._reader, self._identity, self.damage)

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        check_key(table, key)
        try:
            item = read_item(self._reader, table, key, self._clock())
        except sqlite3.Error as error:
            raise layout.foreseen(error) from error
        except DamagedItem as error:
            self.damage.note(error)
            raise
        self.damage.forget(table.name, key)
        return item

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        if len(keys) > MOST_AT_ONCE:
            raise TooLarge(f"at most {MOST_AT_ONCE} items can be read at once")
        return [await self._get_sound(table, key) for key in keys]

    async def _get_sound(self, table: Table, key: Key) -> Item | None:
        try:
            return await self.get(table, *key)
        except DamagedItem:
            return None  # it has been noted, and the others are as they should be

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
        sort = [index.sort.name] if index and index.sort else []
        partition = (index or table).partition.name
        place = _Place([*sort, *_key_names(table)], partition, query.partition)
        return self._page(
            table, conditions, values, order, scope, newest_first, query.limit, query.after, place
        )

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        check_limit(limit)
        order = list(key_columns(table))
        scope, place = f"{table.name}/scan", _Place(_key_names(table))
        return self._page(table, [], [], order, scope, False, limit, after, place)

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
        return await asyncio.to_thread(settled, self.path, self._identity, self._clock, position)

    async def is_of_this_feed(self, position: Position) -> bool:
        return self._feed.has_made(position)

    async def is_beyond(self, position: Position) -> bool:
        return self._feed.is_beyond(position)

    async def sweep(self) -> int:
        return await asyncio.wrap_future(self._writer.submit_sweep())

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        return snapshot(self.path, self._identity, self._clock, self.damage)

    async def trim(self, before: int, passed: Sequence[Position]) -> int:
        up_to = min(self._feed.number(position) for position in passed)
        work = partial(feed.trim, before=before, up_to=up_to)
        return await asyncio.wrap_future(self._writer.submit_work(work))

    async def add_sums(self) -> int:
        """Give a checksum to some rows of an earlier version; returns how many."""
        return await asyncio.wrap_future(self._writer.submit_work(add_sums))

    async def cut_feed(self, up_to: int) -> None:
        """Drop the feed up to a damaged change: followers that are not as far start again."""
        await asyncio.wrap_future(self._writer.submit_work(partial(feed.cut, up_to=up_to)))

    async def forget(self, keys: Sequence[tuple[Table, Key]]) -> None:
        last, _ = self._feed.last()
        for start in range(self._feed.first() - 1, last, feed.AT_ONCE):
            work = partial(feed.forget, keys=keys, after=start, up_to=start + feed.AT_ONCE)
            await asyncio.wrap_future(self._writer.submit_work(work))

    async def compact(self) -> bool:
        """Rewrite the file without what was deleted; returns whether its log is empty, too."""
        return await asyncio.to_thread(compact, self.path)

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
        stands: _Place,
    ) -> Page:
        conditions = [*conditions, "(expires IS NULL OR expires > ?)"]
        now = self._clock()
        values = [*values, now // 1000]
        if after is not None:
            place = self._cursors.open(scope, after)
            marks = ", ".join("?" * len(order))
            conditions.append(f"({', '.join(order)}) {'<' if newest_first else '>'} ({marks})")
            values += place
        direction = " DESC" if newest_first else ""
        rows = self._read(
            f"SELECT {layout.STORED}, {', '.join(order)} FROM {quoted(table.name)} "
            f"WHERE {' AND '.join(conditions)} "
            f"ORDER BY {', '.join(column + direction for column in order)} LIMIT ?",
            (*values, limit + 1),
        )
        items: list[Item] = []
        place = rows[min(limit, len(rows)) - 1][2:] if rows else []
        for text, sum, *at in rows[:limit]:
            try:
                item = checked(table, None, text, sum)
                if not stands.is_of(item, at):
                    raise DamagedItem(table.name, table.key_of(item), "it is listed wrongly")
            except DamagedItem as error:
                if error.key == ("?",):
                    error = DamagedItem(table.name, at[-len(table.key_attributes) :], error.why)
                self.damage.note(error)
                continue
            place = at  # of a damaged row, even its place may be wrong
            if not has_expired(table, item, now):
                items.append(item)
        return Page(items, self._cursors.seal(scope, place) if len(rows) > limit else None)

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with layout.foreseeing():
            return self._reader.execute(statement, values).fetchall()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the items of an answer stand: their columns only repeat these attributes."""

    names: list[str]
    partition: str | None = None
    value: KeyPart | None = None

    def is_of(self, item: Item, at: list[Any]) -> bool:
        """Does an item stand where its own attributes put it?"""
        if self.partition is not None and item.get(self.partition) != self.value:
            return False
        return [item.get(name) for name in self.names] == at


def _key_names(table: Table) -> list[str]:
    return [attribute.name for attribute in table.key_attributes]


def _bounds(column: str, query: Query) -> list[tuple[str, KeyPart]]:
    between = query.between
    bounds = []
    if between.lowest is not None:
        bounds.append((f"{column} {'>' if between.without_lowest else '>='} ?", between.lowest))
    if between.highest is not None:
        bounds.append((f"{column} {'<' if between.without_highest else '<='} ?", between.highest))
    return bounds
