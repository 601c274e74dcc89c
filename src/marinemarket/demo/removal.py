"""Taking the demonstration out of a market in which people have begun to add boats of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..accounts.erasure import erase
from ..accounts.records import find_user
from ..accounts.user import User
from ..composition import PERSONAL_DATA, Market
from ..listings.listing import Listing
from ..listings.records import find_listing, ids_owned_by, remove_listing
from ..store.schema import DRAFTS, LISTINGS
from ..store.writes import Delete
from .seeder import ACTOR, MOST_SELLERS, seller_id


@dataclass(slots=True)
class Removed:
    """What was removed, and which sellers were kept because they have other boats too."""

    listings: int = 0
    sellers: int = 0
    kept: tuple[str, ...] = ()


async def remove(market: Market, progress: Callable[[int, int], None]) -> Removed:
    """Erase the demonstration's sellers with everything of theirs; nobody else's is touched.

    `progress` is called with the number of sellers done, and of all. Each change has its audit entry.
    If interrupted, the next call continues.
    """
    found = [await find_user(market.store, seller_id(number)) for number in range(MOST_SELLERS)]
    sellers = [seller for seller in found if seller is not None]
    removed = Removed()
    for done, seller in enumerate(sellers, 1):
        await _remove_seller(market, seller, removed)
        progress(done, len(sellers))
    return removed


async def _remove_seller(market: Market, seller: User, removed: Removed) -> None:
    listings = [
        await find_listing(market.store, id) async for id in ids_owned_by(market.store, seller.id)
    ]
    made_up = [one for one in listings if one is not None and one.is_demo]
    if len(made_up) < len(listings):
        # Somebody imported boats for this seller: those must stay.
        removed.kept = (*removed.kept, seller.email)
        for listing in made_up:
            await _remove_boat(market, listing)
        removed.listings += len(made_up)
        return
    erased = await erase(market.trail, ACTOR, seller.id, PERSONAL_DATA)
    removed.listings += erased.get(LISTINGS.name, 0)
    removed.sellers += 1


async def _remove_boat(market: Market, listing: Listing) -> None:
    await remove_listing(market.trail, ACTOR, listing, Delete(DRAFTS, (listing.id,)))
