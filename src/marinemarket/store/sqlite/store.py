"""The store's port on SQLite. Reads are short and run where they are asked; writes are grouped."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...clock import Clock, now_ms
from ...errors import FeedLost, TooLarge
from ...wire import decode
from ..cursors import Cursors
from ..items import Item, Key, KeyPart
from ..schema import Table
from ..store import Change, Page, Position, Query, check_limit, check_query
from ..writes import Write, check_key, check_writes
from . import layout
from .layout import index_columns, item_of, key_columns, quoted
from .writer import GroupWriter, read_item

MOST_AT_ONCE = 100


class SqliteStore:
    """Every table of the schema in one file. Any number of processes may open it together."""

    def __init__(self, path: Path, *, secret_key: str, clock: Clock = now_ms) -> None:
        feed = layout.prepare(path)
        self._clock = clock
        self._cursors = Cursors(secret_key)
        self._reader = layout.connect(path)
        self._writer = GroupWriter(path, clock)
        self._feed = feed

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        check_key(table, key)
        with layout.foreseeing():
            return read_item(self._reader, table, key, self._clock())

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        if len(keys) > MOST_AT_ONCE:
            raise TooLarge(f"at most {MOST_AT_ONCE} items are read at once")
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
        scope, newest_first = query.question, query.newest_first
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
        rows = self._read(
            'SELECT position, "table", key, old, new, at FROM feed '
            "WHERE position > ? ORDER BY position LIMIT ?",
            (self._number(after), limit),
        )
        return [
            Change(
                position=self._position(number, at),
                table=table,
                key=tuple(decode(key)),
                old=item_of(old),
                new=item_of(new),
                at=at,
            )
            for number, table, key, old, new, at in rows
        ]

    async def head(self) -> Position:
        return self._position(*self._last())

    def has_passed(self, position: Position | None, target: Position) -> bool:
        try:
            return self._number(position) >= self._number(target) and position is not None
        except FeedLost:
            return False

    async def sweep(self) -> int:
        return await asyncio.wrap_future(self._writer.submit_sweep())

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.close)
        self._reader.close()

    # -- Positions: the feed's identity, a number in it, and the time of the change there --------

    def _position(self, number: int, at: int) -> Position:
        return f"{self._feed}:{number}:{at}"

    def _last(self) -> tuple[int, int]:
        rows = self._read("SELECT position, at FROM feed ORDER BY position DESC LIMIT 1")
        return (rows[0][0], rows[0][1]) if rows else (0, 0)

    def _number(self, position: Position | None) -> int:
        if position is None:
            return 0
        # A file put back to an earlier state may have grown past this number since; the moment
        # of the change at it tells whether it is the change that was followed.
        fits = re.fullmatch(f"{self._feed}:([0-9]{{1,19}}):([0-9]{{1,19}})", position)
        if fits and (number := int(fits[1])) <= 2**63 - 1:
            rows = self._read("SELECT at FROM feed WHERE position = ?", (number,))
            if (rows[0][0] if rows else 0 if number == 0 else None) == int(fits[2]):
                return number
        raise FeedLost(f"position {position} is not in this feed")

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
