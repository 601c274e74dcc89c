"""Any engine, seen in the newest shape: what is read is upgraded, what is written is stamped.

Whoever works with this store knows one shape, the newest. What it commits is stored in the shape
in force, and is only done to items whose shape is known: an update, and a condition on values, also
ask for the stamp that they were meant for. Where an item turns out to have another, it is read, the
write is put in the terms of that shape, and asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from ..errors import Conflict, Contended, FieldError, Invalid
from .active_version import ActiveVersion
from .item_versions import ItemVersions, shape_of
from .items import STAMP, Item, Key, KeyPart, same
from .schema import BY_NAME, Table
from .store import Change, Page, Position, Query, Snapshot, Store
from .writes import Condition, Equals, Exists, Put, Update, Write, check_writes, lost_among

MOST_ATTEMPTS = 20

NEVER = Equals(**{STAMP: -1})


class VersionedStore:
    """The port once more. `engine` is the store below, where items are as they are stored."""

    def __init__(self, engine: Store, shapes: ItemVersions, in_force: ActiveVersion) -> None:
        self.engine, self.shapes, self.in_force = engine, shapes, in_force
        self.head_is_cheap = engine.head_is_cheap

    # -- Reading ---------------------------------------------------------------------------------

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        return self._seen(table, await self.engine.get(table, *key))

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        return [self._seen(table, item) for item in await self.engine.get_many(table, keys)]

    async def query(self, query: Query) -> Page:
        return self._seen_page(query.table, await self.engine.query(query))

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        return self._seen_page(table, await self.engine.scan(table, limit=limit, after=after))

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        """As every engine's. Where only an item's shape changed, `old` and `new` are the same."""
        return [self.seen(change) for change in await self.engine.changes(after, limit=limit)]

    def seen(self, change: Change) -> Change:
        """A change of the engine's feed, in the newest shape."""
        table = BY_NAME[change.table]
        old, new = self._seen(table, change.old), self._seen(table, change.new)
        return replace(change, old=old, new=new)

    def _seen(self, table: Table, stored: Item | None) -> Item | None:
        return None if stored is None else self.shapes.read(table, stored)

    def _seen_page(self, table: Table, page: Page) -> Page:
        return Page([self.shapes.read(table, stored) for stored in page.items], page.next)

    # -- Writing ---------------------------------------------------------------------------------

    async def commit(self, *writes: Write) -> None:
        for write in writes:
            _check_unstamped(write)
        shapes = [await self.in_force.of(write.table) for write in writes]
        if any(
            shape != self.shapes.newest(w.table) for w, shape in zip(writes, shapes, strict=True)
        ):
            check_writes(writes)  # since a downgrade may trust that what it is given can be stored
        met: dict[int, Item | None] = {}
        for number, (write, shape) in enumerate(zip(writes, shapes, strict=True)):
            if self._names_what_differs(write, shape):
                met[number] = await self.engine.get(write.table, *write.key)
        for _ in range(MOST_ATTEMPTS):
            asked = [
                self._asked(write, shape, met.get(number))
                for number, (write, shape) in enumerate(zip(writes, shapes, strict=True))
            ]
            try:
                return await self.engine.commit(*asked)
            except Conflict as conflict:
                lost = lost_among(writes, conflict)
                stood = None if conflict.item is None else dict(conflict.item)
                current = self._seen(lost.table, stood)
                if lost.when is None or not lost.when.holds(current):
                    raise Conflict(lost.table.name, lost.key, current) from None
            # It was our own condition: an item has another shape, or was changed since we met it.
            met = {
                number: await self.engine.get(write.table, *write.key)
                for number, write in enumerate(writes)
                if _is_guarded(write)
            }
        raise Contended("the items of this commit are being changed too quickly by others")

    def _names_what_differs(self, write: Write, shape: int) -> bool:
        """Does it name attributes that may be otherwise in the shape in force?"""
        if shape == self.shapes.newest(write.table) or not _is_guarded(write):
            return False
        return bool(self.shapes.evolving(write.table) & _names(write))

    def _asked(self, write: Write, shape: int, met: Item | None) -> Write:
        """The write in the terms of what is stored: `met`, or any item of the shape in force."""
        when = _guard(write, shape) if met is None else self._guard_of(write, met)
        if isinstance(write, Put):
            return replace(
                write, item=self.shapes.stored(write.table, write.item, shape), when=when
            )
        if isinstance(write, Update) and met is not None and when is not NEVER:
            return self._update_of(write, shape, met, when)
        return replace(write, when=when)  # type: ignore[arg-type]  # None only if it had no condition

    def _guard_of(self, write: Write, met: Item) -> Condition | None:
        """A condition that holds while the item is as it was met, in all that the write rests on."""
        if not _is_guarded(write):
            return write.when
        if write.when is None or not write.when.holds(self.shapes.read(write.table, met)):
            return NEVER  # the engine is to judge, since an earlier write may have lost, too
        rests_on = self.shapes.evolving(write.table) | _names(write)
        return Equals(**{name: met.get(name) for name in (*rests_on, STAMP)})

    def _update_of(self, write: Update, shape: int, met: Item, when: Condition | None) -> Update:
        changed = write.result(self.shapes.read(write.table, met)) or {}
        # An item that is ahead of the record stays so: the record was read a while ago.
        new = self.shapes.stored(write.table, changed, max(shape, shape_of(met)))
        return difference(write.table, write.key, met, new, when or Exists())

    @property
    def damaged(self) -> int:
        """How many damaged items this process has met that have not been repaired since."""
        return len(getattr(self.engine, "damage", ()))

    # -- As the engine does ----------------------------------------------------------------------

    async def head(self) -> Position:
        return await self.engine.head()

    def has_passed(self, position: Position | None, target: Position) -> bool:
        return self.engine.has_passed(position, target)

    async def settled(self, position: Position) -> int | None:
        return await self.engine.settled(position)

    async def is_of_this_feed(self, position: Position) -> bool:
        return await self.engine.is_of_this_feed(position)

    async def is_beyond(self, position: Position) -> bool:
        return await self.engine.is_beyond(position)

    async def sweep(self) -> int:
        return await self.engine.sweep()

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """As stored, stamps and all: a copy must be the market itself."""
        return self.engine.snapshot()

    async def trim(self, before: int, passed: Sequence[Position]) -> int:
        return await self.engine.trim(before, passed)

    async def forget(self, keys: Sequence[tuple[Table, Key]]) -> None:
        await self.engine.forget(keys)

    async def close(self) -> None:
        await self.engine.close()


def difference(table: Table, key: Key, old: Item, new: Item, when: Condition) -> Update:
    """The update that makes one item of another, and leaves alone what is the same in both."""
    changed = {n: value for n, value in new.items() if n not in old or not same(old[n], value)}
    return Update(table, key, changed, tuple(name for name in old if name not in new), when)


def _is_guarded(write: Write) -> bool:
    """Is it only right for items of a certain shape?"""
    return isinstance(write, Update) or isinstance(write.when, Equals)


def _guard(write: Write, shape: int) -> Condition | None:
    if not _is_guarded(write) or not isinstance(write.when, Exists | Equals):
        return write.when
    values = write.when.values if isinstance(write.when, Equals) else {}
    return Equals(**values, **{STAMP: shape or None})


def _names(write: Write) -> frozenset[str]:
    """The attributes that an update or a condition names."""
    changed = (*write.set, *write.remove) if isinstance(write, Update) else ()
    asked = write.when.values if isinstance(write.when, Equals) else ()
    return frozenset((*changed, *asked))


def _check_unstamped(write: Write) -> None:
    if (isinstance(write, Put) and STAMP in write.item) or STAMP in _names(write):
        raise Invalid([FieldError(STAMP, "is the store's own attribute")])
