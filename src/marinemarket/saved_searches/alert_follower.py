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
from ..accounts.user import UserStatus
from ..disk import keep_line, kept_line
from ..errors import Invalid
from ..listings.listing import Listing, ModerationState, Money, us_dollars
from ..listings.records import PUBLIC, ids_owned_by, listing_of
from ..search.document import Document, document_of
from ..store.items import Item
from ..store.schema import LISTINGS, SAVED_SEARCHES, USERS
from ..store.store import Change, Position, Store
from .alert_mailer import AlertMailer, Hit
from .candidates import CandidateIndex, FiledSearch
from .looking_back import all_look_back
from .personal_data import mute_alerts
from .records import all_search_items, search_of
from .saved_search import Frequency, SavedSearch
from .search_reader import SearchReader

log = logging.getLogger(__name__)

_FOLLOWED = (LISTINGS.name, SAVED_SEARCHES.name, USERS.name)


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
        if any(change.table in _FOLLOWED for change in changes):
            files = await self._filed()
            for change in changes:
                if change.table == SAVED_SEARCHES.name:
                    await self._refile(files, change)
                elif change.table == LISTINGS.name and len(files) and change.new is None:
                    await self._remember(change)
                elif change.table == LISTINGS.name and len(files) and may_be_news(change):
                    await self._look_at(files, change)
                elif change.table == USERS.name and len(files) and is_reinstated(change):
                    await self._look_at_boats_of(files, str(change.key[0]), change.at)
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
        """Index a search again, as it is now, if its user has changed it."""
        old, new = change.old or {}, change.new or {}
        if old.get("updatedAt") == new.get("updatedAt"):
            return
        id = str(change.key[0])
        item = await self._store.get(SAVED_SEARCHES, id)
        search = None if item is None else _sound(item)
        if search is None:
            files.remove(id)
        elif not files.has(id, search.updated_at):
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
        before, now = _shown_before(change), self._teller.trail.clock()
        for filed in self._finding(files, listing):
            was_found = before is not None and filed.fits(before, now)
            was = _cheaper_than(change) if was_found else None
            if was_found and was is None:
                continue
            hit = Hit(filed.id, filed.version, listing, change.at, was, was_found, is_shown)
            await self._teller.tell(hit)

    async def _look_at_boats_of(self, files: CandidateIndex, owner_id: str, at: int) -> None:
        """Alert about boats that nobody could be told of, or find by looking back, while their owner
        might not sell: not about those that were there before.
        """
        async for id in ids_owned_by(self._store, owner_id):
            listing = await self._offered(id)
            if listing is None or not await active_among(self._store, [owner_id]):
                continue
            for filed in self._finding(files, listing):
                hit = Hit(filed.id, filed.version, listing, at, listing.asked, True, is_shown=True)
                await self._teller.tell(hit)

    async def _remember(self, change: Change) -> None:
        """Remember the boat of a deleted advert, unless its owner has gone too."""
        try:
            listing = listing_of(change.old or {})
        except Invalid:
            return
        was_shown = listing.moderation.state is not ModerationState.PENDING
        if was_shown and await active_among(self._store, [listing.owner_id]):
            await self._teller.relisted.remember(listing)

    def _finding(self, files: CandidateIndex, listing: Listing) -> list[FiledSearch]:
        """The searches that find a boat."""
        document, now = document_of(listing), self._teller.trail.clock()
        candidates = files.candidates(document)
        self.evaluated += len(candidates)
        return [filed for filed in candidates if filed.fits(document, now)]

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


def is_reinstated(change: Change) -> bool:
    """May a user sell again?"""
    old, new = change.old, change.new or {}
    is_active = new.get("status") == UserStatus.ACTIVE.value
    return old is not None and is_active and old.get("status") != new.get("status")


def _cheaper_than(change: Change) -> Money | None:
    """What the seller asked before, if they ask for less now, in the same currency."""
    was, asked = _asked(change.old or {}), _asked(change.new or {})
    return was if was is not None and asked is not None and asked.is_below(was) else None


def _shown_before(change: Change) -> Document | None:
    """The boat as searches saw it before a change, if they did.

    Its seller's kind is that of now: many boats get another one at once, which is news to nobody. So is
    what the same price in another currency comes to, or a boat would be new to whoever searches "up to
    $50,000" because a rate has changed.
    """
    old, new = change.old or {}, change.new or {}
    if old.get("publicity") != PUBLIC:
        return None
    not_news = {"sellerKind"}
    if (asked := _asked(old)) is not None and asked == _asked(new):
        not_news |= {"price", "originalPrice"}
    try:
        return document_of(
            listing_of(
                {name: value for name, value in old.items() if name not in not_news}
                | {name: value for name, value in new.items() if name in not_news}
            )
        )
    except Invalid:
        return None


def _asked(item: Item) -> Money | None:
    """What an item's seller asks, in their own currency; None for an item that cannot be read."""
    try:
        original = item.get("originalPrice")
        return us_dollars(item["price"]) if original is None else Money.parse(original)
    except (Invalid, KeyError, ValueError):
        return None


def _sound(item: Item) -> SavedSearch | None:
    try:
        return search_of(item)
    except Invalid as error:
        log.error("saved searches: skipping %s: %s", item.get("id"), error)
        return None
