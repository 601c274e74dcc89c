"""The active version of each table's items: the one in which every running process writes them.

The market itself records it. Where there is no record, items are written as they were before
versions were counted.
"""

from __future__ import annotations

import time
from typing import Any

from ..errors import Conflict
from .item_versions import ItemVersions
from .items import Item
from .schema import MARKET, Table
from .store import Store
from .writes import Absent, Equals, Put

RECORD = "shapes"


async def active_version(store: Store, table: Table) -> int:
    """The version in which a store's callers write a table's items; 0 if it knows of none."""
    in_force = getattr(store, "in_force", None)
    return await in_force.of(table) if isinstance(in_force, ActiveVersion) else 0


KNOWN_FOR_SECONDS = 10.0


class ActiveVersion:
    """The recorded versions, read again once they were read more than `known_for` seconds ago.

    An outdated record does no harm: items written in an older version are read like any other, and
    no update touches an item whose version is not the expected one. So commits do not wait for the
    record to be read; `migrate` lets that time pass before it starts.
    """

    def __init__(
        self, store: Store, shapes: ItemVersions, *, known_for: float = KNOWN_FOR_SECONDS
    ) -> None:
        self.known_for = known_for
        self._store, self._shapes = store, shapes
        self._record: dict[str, Any] = {}
        self._read_at: float | None = None

    async def of(self, table: Table) -> int:
        """The version in which a table's items are written now.

        Raises Unavailable once newer code has raised any version beyond what this code knows.
        """
        # Not the market's clock: it can be set, and in tests it stands still.
        if self._read_at is None or time.monotonic() - self._read_at >= self.known_for:
            await self.read()
        return _shape(self._record, table)

    async def read(self) -> None:
        """Read the record now. Raises Unavailable as `of` does."""
        self._keep(await self._store.get(MARKET, RECORD) or {})

    async def begin(self) -> None:
        """Activate the newest versions in a market that has never held any data."""
        await self.read()
        if self._record:
            return
        for table in self._shapes.tables:
            if (await self._store.scan(table, limit=1)).items:
                return
        await self._write(Absent())

    async def is_behind(self) -> bool:
        """Is any table's newest version not active yet?"""
        await self.read()
        return any(_shape(self._record, t) != self._shapes.newest(t) for t in self._shapes.tables)

    async def raise_all(self) -> bool:
        """Activate the newest versions; returns whether any was not active before."""
        if not await self.is_behind():
            return False
        await self._write(Equals(**self._record) if self._record else Absent())
        return True

    async def _write(self, when: Absent | Equals) -> None:
        newest = {table.name: self._shapes.newest(table) for table in self._shapes.tables}
        record = {**self._record, "name": RECORD, **newest}
        try:
            await self._store.commit(Put(MARKET, record, when=when))
        except Conflict:
            await self.read()  # another process was first
        else:
            self._keep(record)

    def _keep(self, record: Item) -> None:
        for table in self._shapes.tables:
            self._shapes.check(table.name, _shape(record, table), self._shapes.newest(table))
        self._record, self._read_at = record, time.monotonic()


def _shape(record: Item, table: Table) -> int:
    shape = record.get(table.name, 0)
    return shape if type(shape) is int else 0
