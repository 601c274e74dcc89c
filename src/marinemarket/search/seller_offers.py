"""What one seller offers. The index knows every boat's owner, and counts without reading boats."""

from __future__ import annotations

from dataclasses import dataclass

from ..listings.cache import ListingCache
from ..listings.listing import Listing
from .filters import Sort
from .finder import visible_listings
from .index import IndexQuery, SearchIndex


@dataclass(frozen=True, slots=True)
class SellerOffer:
    """A page of a seller's public boats, newest first; their number; and the next page's cursor."""

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
) -> SellerOffer:
    """A page of what a seller offers, with current data.

    Raises Invalid for a bad cursor, Unavailable while there is no index.
    """
    scope = f"seller {seller_id}"
    wanted = IndexQuery(owner=seller_id, order=Sort.NEWEST, limit=limit, after=after, scope=scope,
                    facets=False)  # fmt: skip
    hits = await index.search(wanted)
    return SellerOffer(await visible_listings(listings, hits.ids), hits.total, hits.next)


async def count_offers(index: SearchIndex, seller_id: str) -> int:
    """How many boats a seller offers. Raises Unavailable while there is no index."""
    return (await index.search(IndexQuery(owner=seller_id, limit=1, facets=False))).total
