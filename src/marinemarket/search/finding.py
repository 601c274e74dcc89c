"""Finding boats: the index says which, the store says what they are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..listings.listing import Listing
from ..listings.records import find_listings
from ..store.store import Store
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


async def find_boats(store: Store, index: SearchIndex, search: Search) -> Found:
    """Answer a search.

    Each boat is read from the store, so that what is shown is true now: one that was sold since
    the index last followed is left out of the page, though not yet of the total.
    """
    hits = index.search(search)
    listings = await find_listings(store, hits.ids)
    shown = [listing for listing in listings if listing is not None and listing.is_offered]
    return Found(shown, hits.total, hits.next)
