"""The follower that keeps the index in step with the store, by the feed alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from decimal import Decimal

from ..accounts.records import find_user
from ..errors import Invalid, Unavailable
from ..listings.listing import Listing
from ..listings.records import all_listings, listing_of
from ..store.change_feed import IDLE_SECONDS, follow
from ..store.items import Item
from ..store.schema import LISTINGS, USERS
from ..store.store import MOST_AT_ONCE, Change, Position, Store
from .document import document_of
from .index import IndexWriter, SearchEngine

log = logging.getLogger(__name__)

_FAR_IN_TIME = 10**14
"""Milliseconds: more than any listing's version, in the year 5138."""

Progress = Callable[[int], None]
"""Told how many listings were read so far."""


class SearchFollower:
    """Applies the feed to the index. `close` gives the writing side up."""

    name = "search index"

    def __init__(self, store: Store, engine: SearchEngine) -> None:
        self._store, self._engine = store, engine
        self._writer: IndexWriter | None = None

    async def position(self) -> Position | None:
        """Where the index stands; None when there is no sound one."""
        if self._writer is not None and not await self._writer.is_live():
            self.close()
        if self._writer is None:
            self._writer = await self._engine.writer()
        return None if self._writer is None else await self._writer.position()

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        writer = self._writer
        if writer is None or not changes or await writer.position() != after:
            return
        batch = _Batch(self._store, writer)
        for change in changes:
            await batch.apply(change)
        await writer.save(changes[-1].position)

    async def begin(self) -> None:
        self.close()
        await rebuild(self._store, self._engine)
        if await self.position() is None:
            raise Unavailable("the index was rebuilt, and yet there is none")

    async def catch_up(self) -> None:
        """Follow until the index holds everything that the feed held when this was called."""
        while await follow(self._store, self):
            pass

    def close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()


async def rebuild(
    store: Store, engine: SearchEngine, progress: Progress = lambda read: None
) -> int:
    """Make the index anew beside the live one, and put it in its place; how many boats it has.

    When: the index is damaged, or lost. Safe at any time, also while the market is open: writes
    meanwhile are caught up from the feed. Interrupted, it leaves the live index as it was.
    """
    head = await store.head()
    read = kept = 0
    async with engine.rebuilding() as writer:
        batch = _Batch(store, writer)
        async for listing in all_listings(store):
            read += 1
            kept += await batch.show(listing)
            if read % 100 == 0:
                progress(read)
        await writer.save(head)
    progress(read)
    return kept


class _Batch:
    """Some changes to apply, and what was learned of the owners meanwhile."""

    def __init__(self, store: Store, writer: IndexWriter) -> None:
        self._store, self._writer = store, writer
        self._active: dict[str, bool] = {}

    async def apply(self, change: Change) -> None:
        if change.table == LISTINGS.name:
            await self._show_item(str(change.key[0]), change.new, change.old)
        elif change.table == USERS.name:
            await self._user_changed(change)

    async def show(self, listing: Listing) -> bool:
        """Put a listing that is offered into the index, else take it out; may the public see it?

        One whose owner may not sell is put there as well, hidden: so the index itself knows all
        that an owner offers, which no index of the store tells without lagging behind.
        """
        if not listing.is_offered:
            await self._writer.remove(listing.id, listing.updated_at)
            return False
        is_shown = await self._is_active(listing.owner_id)
        await self._writer.put(document_of(listing, is_shown=is_shown))
        return is_shown

    async def _show_item(self, id: str, item: Item | None, before: Item | None = None) -> None:
        if item is None:
            # Newer than the last that there was, so that no replay of it brings the boat back.
            await self._writer.remove(id, _version_of(before) + 1)
            return
        try:
            listing = listing_of(item)
        except Invalid as error:
            log.error("search index: listing %s is left out: %s", id, error)
            await self._writer.remove(id, _version_of(item))
            return
        await self.show(listing)

    async def _user_changed(self, change: Change) -> None:
        old, new = change.old or {}, change.new or {}
        if old.get("status") == new.get("status"):
            return
        owner_id = str(change.key[0])
        self._active.pop(owner_id, None)
        ids = await self._writer.owned_by(owner_id)
        for start in range(0, len(ids), MOST_AT_ONCE):
            some = ids[start : start + MOST_AT_ONCE]
            # Read as they are now: what this feed tells of them later, it will tell again.
            items = await self._store.get_many(LISTINGS, [(id,) for id in some])
            for id, item in zip(some, items, strict=True):
                await self._show_item(id, item)

    async def _is_active(self, owner_id: str) -> bool:
        if owner_id not in self._active:
            owner = await find_user(self._store, owner_id)
            self._active[owner_id] = owner is not None and owner.is_active
        return self._active[owner_id]


def _version_of(item: Item | None) -> int:
    """When an item was last changed; for one of which nothing is known, long after any."""
    updated = None if item is None else item.get("updatedAt")
    return int(updated) if isinstance(updated, (int, Decimal)) else _FAR_IN_TIME


async def reach(store: Store, engine: SearchEngine, *, patience: float = 60) -> None:
    """Return once the index holds everything that the feed holds now.

    Follows the feed itself unless a worker does. Raises Unavailable after `patience` seconds.
    """
    head = await store.head()
    deadline = asyncio.get_running_loop().time() + patience
    follower = SearchFollower(store, engine)
    while not store.has_passed(await engine.index.position(), head):
        try:
            await follower.catch_up()
        except Unavailable:
            # A worker has the writing side: it is doing what we would do.
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(IDLE_SECONDS)
    follower.close()
