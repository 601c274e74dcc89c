"""Adverts that are deleted and made again: for a reader the boat is no news.

When an advert is deleted, one item remembers under which name its boat is known: a keyed hash of its
seller and its hull, or, without a HIN, of all that its advert says. What an email has said of the old
advert counts for a new one of this name.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import DAY_SECONDS, iso
from ..listings.listing import Listing
from ..store.schema import TOLD
from ..store.store import Query
from ..store.writes import Absent, Put
from ..wire import encode_sorted
from .noted_boats import TOLD_DAYS, ToldPrice, alert_item, last_alerted_prices
from .saved_search import SavedSearch

FORMER = "former "
"""How the names of boats begin, where other items have the id of a search."""
_MOST_FORMER = 20


@dataclass(frozen=True, slots=True)
class Relisted:
    """Recognises the boats of deleted adverts. `secret_key` keys their names."""

    trail: Trail
    secret_key: str

    async def remember(self, listing: Listing) -> None:
        """Remember the boat of an advert that was deleted."""
        now = self.trail.clock()
        item = {
            "searchId": self._name(listing),
            "listingId": listing.id,
            "userId": listing.owner_id,
            "at": iso(now),
            "ttl": now // 1000 + TOLD_DAYS * DAY_SECONDS,
        }
        await self.trail.commit_operational(Operational.COLLECTED, Put(TOLD, item))

    async def told(self, search: SavedSearch, listing: Listing) -> ToldPrice | None:
        """The lowest price that an email of a search said of a boat in deleted adverts.

        One in the currency that is asked now counts before others. From then on it counts as said of
        this advert. None if no email did. Raises Conflict.
        """
        page = await self.trail.store.query(Query(TOLD, self._name(listing), limit=_MOST_FORMER))
        ids = [str(item["listingId"]) for item in page.items if item["listingId"] != listing.id]
        if not ids:
            return None
        prices = await last_alerted_prices(self.trail.store, search.id, ids)
        lowest = _lowest([price for price in prices if price is not None], listing)
        if lowest is not None:
            note = alert_item(search, listing.id, lowest.asked, self.trail.clock())
            await self.trail.commit_operational(
                Operational.COLLECTED, Put(TOLD, note, when=Absent())
            )
        return lowest

    def _name(self, listing: Listing) -> str:
        boat = listing.boat_details
        if boat.hin:
            words = ["hull", boat.hin[-12:]]
        else:
            figures = encode_sorted(boat.to_wire()).decode()
            words = ["words", listing.title, listing.description or "", figures]
        known = "\0".join([listing.owner_id, *words]).encode()
        return FORMER + hmac.new(self.secret_key.encode(), known, sha256).hexdigest()


def _lowest(told: Sequence[ToldPrice], listing: Listing) -> ToldPrice | None:
    currency = listing.asked.currency if listing.asked else None
    sums = [one.asked for one in told if one.asked and one.asked.currency == currency]
    if sums:
        return ToldPrice(min(sums, key=lambda sum: sum.amount))
    return told[0] if told else None
