"""What one seller offers. The index knows whose each boat is, and counts without reading any."""

from __future__ import annotations

from dataclasses import dataclass

from ..listings.cache import ListingCache
from ..listings.listing import Listing
from .filters import Sort
from .finding import shown_among
from .index import SearchIndex, Wanted


@dataclass(frozen=True, slots=True)
class Offer:
    """A page of a seller's public boats, the newest first; how many there are; the next page."""

    listings: list[Listing]
    total: int
    next: str | None


async def offered_by(
    listings: ListingCache,
    index: SearchIndex,
    seller_id: str,
    *,
    limit: int = 24,
    after: str | None = None,
) -> Offer:
    """A page of what a seller offers, read as it is now.

    Raises Invalid for a cursor that is none, Unavailable while there is no index.
    """
    scope = f"seller {seller_id}"
    wanted = Wanted(owner=seller_id, order=Sort.NEWEST, limit=limit, after=after, scope=scope,
                    facets=False)  # fmt: skip
    hits = await index.search(wanted)
    return Offer(await shown_among(listings, hits.ids), hits.total, hits.next)


async def how_many_by(index: SearchIndex, seller_id: str) -> int:
    """How many boats a seller offers. Raises Unavailable while there is no index."""
    return (await index.search(Wanted(owner=seller_id, limit=1, facets=False))).total
