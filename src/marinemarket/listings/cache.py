"""A cache of recently read listings, kept parsed: validating them is what costs time.

Where reading the feed's head is cheap, it is read before each answer, and listings changed since,
by any process, are dropped; so no answer is older than its request. Elsewhere an entry lives
for seconds, and an answer may be that stale.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from ..clock import Clock, now_ms
from ..errors import FeedLost
from ..metrics import CACHE_DROPS, CACHE_EVICTIONS, CACHE_HITS, CACHE_MISSES
from ..store.schema import LISTINGS
from ..store.store import Position, Store
from .listing import Listing
from .records import find_listing, find_listings

LIFETIME = 5 * 60 * 1000
"""The longest that an entry lives, in milliseconds."""

MOST_CHANGES = 200
"""With more changes than this to read, it is cheaper to empty the cache."""


class _Entry(NamedTuple):
    listing: Listing
    until: int


class ListingCache:
    """Reads listings for the public, from memory where possible. Owners and staff read the store.

    `most` is how many listings it holds; `seconds` how long one lives where reading the head is expensive.
    """

    def __init__(self, store: Store, *, most: int, seconds: int, clock: Clock = now_ms) -> None:
        self.store = store
        self._most, self._clock = most, clock
        self._lifetime = LIFETIME if store.head_is_cheap else min(LIFETIME, seconds * 1000)
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._position: Position | None = None
        self._following = asyncio.Lock()
        self._droppings = 0

    async def find(self, id: str) -> Listing | None:
        [listing] = await self.find_many([id])
        # Of several, a damaged one is left out; asked for by itself, it is an error and not missing.
        return listing or await find_listing(self.store, id)

    async def find_many(self, ids: Sequence[str]) -> list[Listing | None]:
        """Up to 100 listings in the order of `ids`; None where there is none."""
        if self.store.head_is_cheap:
            await self._follow()
        known = {id: listing for id in ids if (listing := self._kept(id)) is not None}
        missing = [id for id in dict.fromkeys(ids) if id not in known]
        CACHE_HITS.inc(len(known))
        CACHE_MISSES.inc(len(missing))
        if missing:
            droppings = self._droppings
            read = await find_listings(self.store, missing)
            found = {id: listing for id, listing in zip(missing, read, strict=True) if listing}
            # What was read while something was dropped may be what was dropped: it is returned, being no
            # older than the request, but not cached.
            if droppings == self._droppings:
                self._keep(found)
            known |= found
        return [known.get(id) for id in ids]

    def _kept(self, id: str) -> Listing | None:
        entry = self._entries.get(id)
        if entry is None or not 0 < entry.until - self._clock() <= self._lifetime:
            return None  # too old, or read while the clock was ahead
        self._entries.move_to_end(id)
        return entry.listing

    def _keep(self, found: dict[str, Listing]) -> None:
        until = self._clock() + self._lifetime
        for id, listing in found.items():
            self._entries[id] = _Entry(listing, until)
            self._entries.move_to_end(id)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)
            CACHE_EVICTIONS.inc()

    async def _follow(self) -> None:
        """Drop what has changed since the head was last read."""
        async with self._following:
            head = await self.store.head()
            if head == self._position:
                return
            # Counted before any await: a read that began before now may be stale.
            self._droppings += 1
            await self._drop_changed()
            self._position = head

    async def _drop_changed(self) -> None:
        if self._position is None:
            return self._drop_all()
        try:
            changes = await self.store.changes(self._position, limit=MOST_CHANGES)
        except FeedLost:
            return self._drop_all()
        if len(changes) == MOST_CHANGES:
            return self._drop_all()
        for change in changes:
            if change.table == LISTINGS.name:
                self._drop(str(change.key[0]))
        self._droppings += 1
        return None

    def _drop(self, id: str) -> None:
        if self._entries.pop(id, None) is not None:
            CACHE_DROPS.inc()

    def _drop_all(self) -> None:
        CACHE_DROPS.inc(len(self._entries))
        self._entries.clear()
        self._droppings += 1
