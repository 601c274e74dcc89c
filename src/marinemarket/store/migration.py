"""Migration: activate the newest item versions, then upgrade every older item.

Run it once every process runs the newer version, at any later time; the market stays open. It can
be interrupted, and continues where it stopped; running it again after it has finished does nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass

from ..errors import Conflict, Invalid
from .item_versions import shape_of
from .items import STAMP, Item
from .schema import MARKET, Table
from .versioned_store import VersionedStore, difference
from .writes import Equals, Put

AT_ONCE = 100

Watch = Callable[["Migration"], None]


@dataclass(slots=True)
class Migration:
    """Progress of one table's migration to a version. `after` is the cursor of a scan."""

    table: str
    to: int
    read: int = 0
    upgraded: int = 0
    after: str | None = None
    done: bool = False

    @property
    def name(self) -> str:
        return _record_of(self.table)


async def migrate(store: VersionedStore, watch: Watch = lambda migration: None) -> list[Migration]:
    """Upgrade every item to the newest version; returns the totals per table, over all runs.

    `watch` is called after every step. Raises Unavailable if newer code has been at work.
    """
    if await store.in_force.raise_all():
        # Until then, other processes may go by the old record and write items of the older version.
        await asyncio.sleep(store.in_force.known_for)
    return [await _migrate(store, table, watch) for table in store.shapes.tables]


async def _migrate(store: VersionedStore, table: Table, watch: Watch) -> Migration:
    migration = await _kept(store, table)
    while not migration.done:
        await _step(store, table, migration)
        note = {name: value for name, value in asdict(migration).items() if value is not None}
        await store.engine.commit(Put(MARKET, {"name": migration.name, **note}))
        watch(migration)
    return migration


async def _kept(store: VersionedStore, table: Table) -> Migration:
    to = store.shapes.newest(table)
    note = await store.engine.get(MARKET, _record_of(table.name)) or {}
    kept = {name: value for name, value in note.items() if name != "name"}
    return Migration(**kept) if kept.get("to") == to else Migration(table.name, to)


async def _step(store: VersionedStore, table: Table, migration: Migration) -> None:
    try:
        page = await store.engine.scan(table, limit=AT_ONCE, after=migration.after)
    except Invalid:  # the cursor was signed with another secret key, or by another engine
        migration.after, migration.read = None, 0
        return
    older = [item for item in page.items if shape_of(item) < migration.to]
    upgraded = await asyncio.gather(*(_upgrade(store, table, item, migration.to) for item in older))
    migration.read += len(page.items)
    migration.upgraded += sum(upgraded)
    migration.after, migration.done = page.next, page.next is None


async def _upgrade(store: VersionedStore, table: Table, stored: Item | None, to: int) -> bool:
    """Upgrade an item unless someone else upgrades or removes it; returns whether we did."""
    while stored is not None and shape_of(stored) < to:
        rests_on = {name: stored.get(name) for name in store.shapes.evolving(table)}
        as_met = Equals(**rests_on, **{STAMP: stored.get(STAMP)})
        upgraded = store.shapes.reshaped(table, stored, to)
        try:
            await store.engine.commit(
                difference(table, table.key_of(stored), stored, upgraded, as_met)
            )
        except Conflict as conflict:
            stored = dict(conflict.item) if conflict.item is not None else None
        else:
            return True
    return False


def _record_of(table: str) -> str:
    return f"migration of {table}"
