"""Finding boats: the index says which, the store says what they are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..accounts.records import active_among
from ..listings.cache import ListingCache
from ..listings.listing import Listing
from .filters import Search
from .index import SearchIndex


@dataclass(frozen=True, slots=True)
class Found:
    """A page of boats, how many match in all, and the cursor of the next page."""

    listings: list[Listing]
    total: int
    next: str | None

    def to_wire(self) -> dict[str, Any]:
        """As the API and the prompt answer a search."""
        return {
            "results": [listing.to_wire() for listing in self.listings],
            "total": self.total,
            "next": self.next,
        }


async def find_boats(listings: ListingCache, index: SearchIndex, search: Search) -> Found:
    """Answer a search.

    Each boat and its owner are read as they are in the store, so that what is shown is true now: one that
    was sold since the index last followed, or whose owner was banned, is left out of the page,
    though not yet of the total.
    """
    hits = index.search(search)
    found = await listings.find_many(hits.ids)
    offered = [listing for listing in found if listing is not None and listing.is_offered]
    active = await active_among(listings.store, {listing.owner_id for listing in offered})
    shown = [listing for listing in offered if listing.owner_id in active]
    return Found(shown, hits.total, hits.next)
