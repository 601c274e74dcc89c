"""The follower that triggers alerts: about new boats, boats that came back, and lower prices.

It sends emails, so it never starts in the past: without a position it starts at the feed's head, and
boats offered before are not news. Its position is a file of the data folder rather than an item of
the store: an item would add a change to the feed for each step, and would come back with a restored
market, which would then report old news. Until the file is written the same changes come again, which
the record of sent alerts makes harmless.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from ..accounts.records import active_among
from ..disk import keep_line, kept_line
from ..errors import Invalid
from ..listings.listing import Listing
from ..listings.records import PUBLIC, listing_of
from ..search.document import document_of
from ..search.index import IndexQuery, SearchIndex
from ..search.query_parser import begin
from ..store.items import Item
from ..store.schema import LISTINGS, SAVED_SEARCHES
from ..store.store import Change, Position, Store
from .alert_mailer import AlertMailer
from .candidates import CandidateIndex, conditions_of
from .records import all_search_items, item_of, search_of
from .saved_search import Frequency, SavedSearch

log = logging.getLogger(__name__)


class AlertFollower:
    """Follows listings, and the searches that wait for them. `place` is the file with its position.

    `evaluated` counts the searches that were checked exactly.
    """

    name = "saved searches"

    def __init__(self, mailer: AlertMailer, index: SearchIndex, place: Path) -> None:
        self._teller, self._index, self._place = mailer, index, place
        self._files: CandidateIndex | None = None
        self._position: Position | None = None
        self.evaluated = 0

    @property
    def _store(self) -> Store:
        return self._teller.trail.store

    async def position(self) -> Position | None:
        if self._position is None:
            self._position = await asyncio.to_thread(kept_line, self._place)
        return self._position

    async def begin(self) -> None:
        """Start at the feed's head, whatever was missed: old changes must not become emails."""
        self._files = None
        await self._save(await self._store.head())

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        if not changes or await self.position() != after:
            return
        if any(change.table in (LISTINGS.name, SAVED_SEARCHES.name) for change in changes):
            files = await self._filed()
            for change in changes:
                if change.table == SAVED_SEARCHES.name:
                    await self._refile(files, change)
                elif change.table == LISTINGS.name and len(files) and is_news(change):
                    await self._look_at(files, change)
        await self._save(changes[-1].position)

    def close(self) -> None:
        """Holds only memory, which stays valid: a failed change is applied again."""

    async def _save(self, position: Position) -> None:
        await asyncio.to_thread(keep_line, self._place, position)
        self._position = position

    # -- Searches ------------------------------------------------------------------------------

    async def _filed(self) -> CandidateIndex:
        """Every search with alerts, indexed; read from the store when first needed."""
        if self._files is None:
            files = CandidateIndex()
            boats = await self._boats()
            async for item in all_search_items(self._store):
                if search := _sound(item):
                    await self._file(files, search, boats)
                    await asyncio.sleep(0)
            self._files = files
        return self._files

    async def _boats(self) -> int:
        """The number of boats in the index. Raises Unavailable while there is none."""
        return (await self._index.search(IndexQuery(limit=1, facets=False))).total

    async def _refile(self, files: CandidateIndex, change: Change) -> None:
        """Index a search again if its filters or its frequency have changed."""
        id = str(change.key[0])
        search = None if change.new is None else _sound(change.new)
        if search is None:
            files.remove(id)
        elif not _is_same_wish(change.old, search):
            await self._file(files, search, await self._boats())

    async def _file(self, files: CandidateIndex, search: SavedSearch, boats: int) -> None:
        if search.frequency is Frequency.NEVER:
            files.remove(search.id)
        else:
            half = begin(search.filters.query or "")
            words = await self._index.vocabulary(half.tokens())
            now = self._teller.trail.clock()
            files.file(conditions_of(search, half.finish(words), words, boats, now))

    # -- Boats ---------------------------------------------------------------------------------

    async def _look_at(self, files: CandidateIndex, change: Change) -> None:
        """Alert about a boat in its current state, which may differ from that in the feed."""
        listing = await self._offered(str(change.key[0]))
        if listing is None:
            return
        document, now = document_of(listing), self._teller.trail.clock()
        for filed in files.candidates(document):
            self.evaluated += 1
            if filed.fits(document, now):
                await self._teller.tell(filed.id, listing, change.at)

    async def _offered(self, id: str) -> Listing | None:
        item = await self._store.get(LISTINGS, id)
        if item is None:
            return None
        try:
            listing = listing_of(item)
        except Invalid as error:
            log.error("saved searches: skipping listing %s: %s", id, error)
            return None
        if not listing.is_offered:
            return None
        return listing if await active_among(self._store, [listing.owner_id]) else None


def is_news(change: Change) -> bool:
    """Did this change make a boat public, or cheaper while it was?"""
    old, new = change.old or {}, change.new or {}
    if new.get("publicity") != PUBLIC:
        return False
    return old.get("publicity") != PUBLIC or _price(new) < _price(old)


def _price(item: Item) -> int:
    price = item.get("price")
    return price if type(price) is int else 0


def _sound(item: Item) -> SavedSearch | None:
    try:
        return search_of(item)
    except Invalid as error:
        log.error("saved searches: skipping %s: %s", item.get("id"), error)
        return None


def _is_same_wish(old: Item | None, search: SavedSearch) -> bool:
    before = None if old is None else _sound(old)
    if before is None:
        return False
    wishes = [item_of(one) for one in (before, search)]
    first, second = ([wish[name] for name in ("filters", "frequency")] for wish in wishes)
    return first == second
