"""Who may see a listing."""

from __future__ import annotations

from ..accounts.records import find_user
from ..store.store import Store
from .listing import Listing
from .records import find_listing


async def public_listing(store: Store, id: str) -> Listing | None:
    """The listing if everyone may see it: offered, approved, and its owner in good standing."""
    if not 0 < len(id.encode()) <= 200:
        return None
    listing = await find_listing(store, id)
    if listing is None or not listing.is_offered:
        return None
    owner = await find_user(store, listing.owner_id)
    return listing if owner is not None and owner.is_active else None
