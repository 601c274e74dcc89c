"""The follower that keeps the index in step with the store, using only the feed."""

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
"""A version, in milliseconds, above that of any listing before the year 5138."""

Progress = Callable[[int], None]
"""Told how many listings were read so far."""


class SearchFollower:
    """Applies the feed to the index. `close` releases the writing side."""

    name = "search index"

    def __init__(self, store: Store, engine: SearchEngine) -> None:
        self._store, self._engine = store, engine
        self._writer: IndexWriter | None = None

    async def position(self) -> Position | None:
        """The index's position; None if there is no undamaged index."""
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
            raise Unavailable("the index was rebuilt, but cannot be found")

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
    """Rebuild the index beside the live one, and swap it in; returns the number of boats.

    Run it if the index is damaged or lost. It is safe at any time, also while the market is open:
    changes made meanwhile follow from the feed. If interrupted, it leaves the live index as it was.
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
    """Some changes to apply, and what was looked up about their owners."""

    def __init__(self, store: Store, writer: IndexWriter) -> None:
        self._store, self._writer = store, writer
        self._active: dict[str, bool] = {}

    async def apply(self, change: Change) -> None:
        if change.table == LISTINGS.name:
            await self._show_item(str(change.key[0]), change.new, change.old)
        elif change.table == USERS.name:
            await self._user_changed(change)

    async def show(self, listing: Listing) -> bool:
        """Index a listing that is offered, otherwise remove it; returns whether it is public.

        If the owner may not sell, the listing is indexed but hidden: so the index itself knows all
        that an owner offers, which the store's indexes know only with a delay.
        """
        if not listing.is_offered:
            await self._writer.remove(listing.id, listing.updated_at)
            return False
        is_shown = await self._is_active(listing.owner_id)
        await self._writer.put(document_of(listing, is_shown=is_shown))
        return is_shown

    async def _show_item(self, id: str, item: Item | None, before: Item | None = None) -> None:
        if item is None:
            # A version above the last one, so that no replayed change brings the boat back.
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
            # Read in their current state: later changes in this feed will be applied again.
            items = await self._store.get_many(LISTINGS, [(id,) for id in some])
            for id, item in zip(some, items, strict=True):
                await self._show_item(id, item)

    async def _is_active(self, owner_id: str) -> bool:
        if owner_id not in self._active:
            owner = await find_user(self._store, owner_id)
            self._active[owner_id] = owner is not None and owner.is_active
        return self._active[owner_id]


def _version_of(item: Item | None) -> int:
    """When an item was last changed; if unknown, a version above all others."""
    updated = None if item is None else item.get("updatedAt")
    return int(updated) if isinstance(updated, (int, Decimal)) else _FAR_IN_TIME


async def reach(store: Store, engine: SearchEngine, *, patience: float = 60) -> None:
    """Return once the index contains everything now in the feed.

    Follows the feed itself unless a worker is doing so. Raises Unavailable after `patience` seconds.
    """
    head = await store.head()
    deadline = asyncio.get_running_loop().time() + patience
    follower = SearchFollower(store, engine)
    while not store.has_passed(await engine.index.position(), head):
        try:
            await follower.catch_up()
        except Unavailable:
            # A worker holds the writing side, and is doing the same work.
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(IDLE_SECONDS)
    follower.close()
