"""A store with lagging indexes, as in DynamoDB: they answer from the state some changes ago.

Everything else is passed through, so that a failure of domain code with it comes from an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from marinemarket.clock import Clock
from marinemarket.store.items import Item, Key, KeyPart
from marinemarket.store.schema import BY_NAME, Table
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Change, Page, Position, Query, Snapshot, Store
from marinemarket.store.writes import Delete, Put, Write


class StaleIndexes:
    """Wraps a store. Its indexes do not know the last `behind` changes of the feed.

    `secret_key` is the wrapped store's, so that its cursors are valid here.
    """

    def __init__(
        self, fresh: Store, folder: Path, *, behind: int, secret_key: str, clock: Clock
    ) -> None:
        self._fresh = fresh
        self._past = SqliteStore(folder / "past.sqlite3", secret_key=secret_key, clock=clock)
        self._behind = behind
        self._followed: Position | None = None
        self._pending: list[Change] = []

    @property
    def head_is_cheap(self) -> bool:
        return self._fresh.head_is_cheap

    async def query(self, query: Query) -> Page:
        if query.index is None:
            return await self._fresh.query(query)
        await self._follow(self._behind)
        return await self._past.query(query)

    async def catch_up(self) -> None:
        """Let the indexes catch up completely, once."""
        await self._follow(0)

    async def _follow(self, behind: int) -> None:
        while changes := await self._fresh.changes(self._followed):
            self._pending += changes
            self._followed = changes[-1].position
        while len(self._pending) > behind:
            change = self._pending.pop(0)
            table = BY_NAME[change.table]
            write: Write = Delete(table, change.key)
            if change.new is not None:
                write = Put(table, change.new)
            await self._past.commit(write)

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        return await self._fresh.get(table, *key)

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        return await self._fresh.get_many(table, keys)

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        return await self._fresh.scan(table, limit=limit, after=after)

    async def commit(self, *writes: Write) -> None:
        await self._fresh.commit(*writes)

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        return await self._fresh.changes(after, limit=limit)

    async def head(self) -> Position:
        return await self._fresh.head()

    def has_passed(self, position: Position | None, target: Position) -> bool:
        return self._fresh.has_passed(position, target)

    async def settled(self, position: Position) -> int | None:
        return await self._fresh.settled(position)

    async def is_beyond(self, position: Position) -> bool:
        return await self._fresh.is_beyond(position)

    async def is_of_this_feed(self, position: Position) -> bool:
        return await self._fresh.is_of_this_feed(position)

    async def sweep(self) -> int:
        return await self._fresh.sweep()

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        return self._fresh.snapshot()

    async def trim(self, before: int, passed: Sequence[Position]) -> int:
        return await self._fresh.trim(before, passed)

    async def forget(self, keys: Sequence[tuple[Table, Key]]) -> None:
        await self._fresh.forget(keys)

    async def close(self) -> None:
        """Close what the wrapper opened; whoever opened the wrapped store closes that."""
        await self._past.close()


async def indexes_caught_up(store: Store) -> None:
    """Call before a test queries an index; does nothing on a store without lag."""
    engine = getattr(store, "engine", store)
    if isinstance(engine, StaleIndexes):
        await engine.catch_up()
