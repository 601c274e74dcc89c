"""The follower that triggers alerts: about new boats, boats that came back, and lower prices.

Its position is a file of the data folder rather than an item of the store: an item would add a change
to the feed for each step, and would come back with a restored market, which would then report old
news. Until the file is written the same changes come again, which the record of sent alerts makes
harmless. Without a position, or if the feed no longer holds what it missed, it starts at the feed's
head, and every search looks back with its next digest. If the store itself was put back to an earlier
state, nobody looks back: lost emails may have reported what there is.
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
from ..search.document import Document, document_of
from ..store.items import Item, same
from ..store.schema import LISTINGS, SAVED_SEARCHES
from ..store.store import Change, Position, Store
from .alert_mailer import AlertMailer
from .candidates import CandidateIndex
from .looking_back import all_look_back
from .personal_data import mute_alerts
from .records import all_search_items, item_of, search_of
from .saved_search import Frequency, SavedSearch
from .search_reader import SearchReader

log = logging.getLogger(__name__)


class AlertFollower:
    """Follows listings, and the searches that wait for them. `place` is the file with its position.

    `evaluated` counts the searches that were checked exactly.
    """

    name = "saved searches"

    def __init__(self, mailer: AlertMailer, place: Path) -> None:
        self._teller, self._place = mailer, place
        self._files: CandidateIndex | None = None
        self._position: Position | None = None
        self.evaluated = 0

    @property
    def _reader(self) -> SearchReader:
        return self._teller.reader

    @property
    def _store(self) -> Store:
        return self._teller.trail.store

    async def position(self) -> Position | None:
        if self._position is None:
            self._position = await asyncio.to_thread(kept_line, self._place)
        return self._position

    async def begin(self) -> None:
        """Start at the feed's head, and let the searches look back for what was missed."""
        self._files = None
        before, head = await self.position(), await self._store.head()
        if before is not None and await self._store.is_beyond(before):
            await mute_alerts(self._teller.trail)
        else:
            await all_look_back(self._teller.trail)
        await self._save(head)

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        if not changes or await self.position() != after:
            return
        if any(change.table in (LISTINGS.name, SAVED_SEARCHES.name) for change in changes):
            files = await self._filed()
            for change in changes:
                if change.table == SAVED_SEARCHES.name:
                    await self._refile(files, change)
                elif change.table == LISTINGS.name and len(files) and may_be_news(change):
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
            boats = await self._reader.boats()
            async for item in all_search_items(self._store):
                if search := _sound(item):
                    await self._file(files, search, boats)
                    await asyncio.sleep(0)
            self._files = files
        return self._files

    async def _refile(self, files: CandidateIndex, change: Change) -> None:
        """Index a search again if its filters or its frequency have changed."""
        id = str(change.key[0])
        search = None if change.new is None else _sound(change.new)
        if search is None:
            files.remove(id)
        elif not _is_same_wish(change.old, search):
            await self._file(files, search, await self._reader.boats())

    async def _file(self, files: CandidateIndex, search: SavedSearch, boats: int) -> None:
        if search.frequency is Frequency.NEVER:
            files.remove(search.id)
        else:
            now = self._teller.trail.clock()
            files.file(await self._reader.read(search, boats, now))

    # -- Boats ---------------------------------------------------------------------------------

    async def _look_at(self, files: CandidateIndex, change: Change) -> None:
        """Alert about a boat in its current state, which may differ from that in the feed."""
        listing = await self._offered(str(change.key[0]))
        if listing is None:
            return
        is_shown = bool(await active_among(self._store, [listing.owner_id]))
        document, now = document_of(listing), self._teller.trail.clock()
        before = _shown_before(change)
        for filed in files.candidates(document):
            self.evaluated += 1
            if not filed.fits(document, now):
                continue
            was_found = before is not None and filed.fits(before, now)
            if was_found and not _is_cheaper(change):
                continue
            was = _price(change.old or {}) if was_found else None
            await self._teller.tell(filed.id, listing, change.at, was=was, is_shown=is_shown)

    async def _offered(self, id: str) -> Listing | None:
        item = await self._store.get(LISTINGS, id)
        if item is None:
            return None
        try:
            listing = listing_of(item)
        except Invalid as error:
            log.error("saved searches: skipping listing %s: %s", id, error)
            return None
        return listing if listing.is_offered else None


def may_be_news(change: Change) -> bool:
    """Did this change make a boat public, or another one to search for while it was?"""
    old, new = change.old or {}, change.new or {}
    if new.get("publicity") != PUBLIC:
        return False
    return old.get("publicity") != PUBLIC or old.get("updatedAt") != new.get("updatedAt")


def _is_cheaper(change: Change) -> bool:
    """Does the seller ask for less? What they ask in their own currency counts, not its rate."""
    old, new = change.old or {}, change.new or {}
    asked = old.get("originalPrice")
    if asked is not None and same(asked, new.get("originalPrice")):
        return False
    return _price(new) < _price(old)


def _shown_before(change: Change) -> Document | None:
    """The boat as searches saw it before a change, if they did.

    Its seller's kind is that of now: many boats get another one at once, which is news to nobody.
    """
    old, new = change.old or {}, change.new or {}
    if old.get("publicity") != PUBLIC:
        return None
    kind = {"sellerKind": new["sellerKind"]} if "sellerKind" in new else {}
    try:
        others = {name: value for name, value in old.items() if name != "sellerKind"}
        return document_of(listing_of(others | kind))
    except Invalid:
        return None


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
