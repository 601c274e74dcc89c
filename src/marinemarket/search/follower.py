"""The follower that keeps the index in step with the store, by the feed alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from ..accounts.records import find_user
from ..errors import FeedLost, Invalid, Unavailable
from ..listings.listing import Listing
from ..listings.records import all_listings, listing_of, owned_by
from ..store.schema import LISTINGS, USERS
from ..store.store import Change, Store
from .document import document_of
from .index import IndexWriter, SearchEngine

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.1
_AT_ONCE = 1000

Progress = Callable[[int], None]
"""Told how many listings were read so far."""


class SearchFollower:
    """Applies the feed to the index. `close` gives the writing side up."""

    def __init__(self, store: Store, engine: SearchEngine) -> None:
        self._store, self._engine = store, engine
        self._writer: IndexWriter | None = None

    async def run(self, stopping: asyncio.Event) -> None:
        """Follow until told to stop. A trouble is logged once, and tried again until it is over."""
        trouble = ""
        while not stopping.is_set():
            try:
                followed, now_wrong = await self.step(), ""
            except (Unavailable, ValueError, OSError) as error:
                followed, now_wrong = 0, str(error)
                self.close()
            if now_wrong and now_wrong != trouble:
                log.warning("search index: %s", now_wrong)
            trouble = now_wrong
            if not followed:
                await _pause(stopping)
        self.close()

    async def catch_up(self) -> None:
        """Follow until the index holds everything that the feed held when this was called."""
        while await self.step():
            pass

    async def step(self) -> int:
        """Apply the next changes, if there are any; how many there were."""
        writer = await self._live_writer()
        try:
            changes = await self._store.changes(writer.position, limit=_AT_ONCE)
        except FeedLost:
            log.warning("search index: the feed lacks what it missed; rebuilding")
            await self._rebuild()
            return 1
        if changes:
            batch = _Batch(self._store, writer)
            for change in changes:
                await batch.apply(change)
            writer.save(changes[-1].position)
        return len(changes)

    def close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    async def _live_writer(self) -> IndexWriter:
        if self._writer is not None and not self._writer.is_live:
            self.close()
        if self._writer is None:
            self._writer = self._engine.writer()
        if self._writer is None:
            await self._rebuild()
            self._writer = self._engine.writer()
        if self._writer is None:
            raise Unavailable("the index was rebuilt, and yet there is none")
        return self._writer

    async def _rebuild(self) -> None:
        self.close()
        await rebuild(self._store, self._engine)


async def rebuild(
    store: Store, engine: SearchEngine, progress: Progress = lambda read: None
) -> int:
    """Make the index anew beside the live one, and put it in its place; how many boats it has.

    When: the index is damaged, or lost. Safe at any time, also while the market is open: writes
    meanwhile are caught up from the feed. Interrupted, it leaves the live index as it was.
    """
    head = await store.head()
    read = kept = 0
    with engine.rebuilding() as writer:
        batch = _Batch(store, writer)
        async for listing in all_listings(store):
            read += 1
            kept += await batch.show(listing)
            if read % 100 == 0:
                progress(read)
        writer.save(head)
    progress(read)
    return kept


class _Batch:
    """Some changes to apply, and what was learned of the owners meanwhile."""

    def __init__(self, store: Store, writer: IndexWriter) -> None:
        self._store, self._writer = store, writer
        self._active: dict[str, bool] = {}

    async def apply(self, change: Change) -> None:
        if change.table == LISTINGS.name:
            await self._listing_changed(change)
        elif change.table == USERS.name:
            await self._user_changed(change)

    async def show(self, listing: Listing) -> bool:
        """Put a listing into the index if the public may see it, else take it out."""
        shown = listing.is_offered and await self._is_active(listing.owner_id)
        if shown:
            self._writer.put(document_of(listing))
        else:
            self._writer.remove(listing.id)
        return shown

    async def _listing_changed(self, change: Change) -> None:
        id = str(change.key[0])
        if change.new is None:
            self._writer.remove(id)
            return
        try:
            listing = listing_of(change.new)
        except Invalid as error:
            log.error("search index: listing %s is left out: %s", id, error)
            self._writer.remove(id)
            return
        await self.show(listing)

    async def _user_changed(self, change: Change) -> None:
        old, new = change.old or {}, change.new or {}
        if old.get("status") == new.get("status"):
            return
        id = str(change.key[0])
        self._active[id] = new.get("status") == "active"
        after: str | None = None
        while True:
            page = await owned_by(self._store, id, after=after)
            for listing in page.listings:
                await self.show(listing)
            after = page.next
            if after is None:
                return

    async def _is_active(self, owner_id: str) -> bool:
        if owner_id not in self._active:
            owner = await find_user(self._store, owner_id)
            self._active[owner_id] = owner is not None and owner.is_active
        return self._active[owner_id]


async def reach(store: Store, engine: SearchEngine, *, patience: float = 60) -> None:
    """Return once the index holds everything that the feed holds now.

    Follows the feed itself unless a worker does. Raises Unavailable after `patience` seconds.
    """
    head = await store.head()
    deadline = asyncio.get_running_loop().time() + patience
    follower = SearchFollower(store, engine)
    while not store.has_passed(engine.index.position, head):
        try:
            await follower.catch_up()
        except Unavailable:
            # A worker has the writing side: it is doing what we would do.
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(IDLE_SECONDS)
    follower.close()


async def _pause(stopping: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), IDLE_SECONDS)
