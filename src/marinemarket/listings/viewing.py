"""Who may see a listing."""

from __future__ import annotations

from ..accounts.records import find_user
from .cache import ListingCache
from .listing import Listing


async def public_listing(listings: ListingCache, id: str) -> Listing | None:
    """The listing if everyone may see it: offered, approved, and its owner in good standing."""
    if not 0 < len(id.encode()) <= 200:
        return None
    listing = await listings.find(id)
    if listing is None or not listing.is_offered:
        return None
    owner = await find_user(listings.store, listing.owner_id)
    return listing if owner is not None and owner.is_active else None
