"""Emails that tell sellers about moderation decisions, as writes for the decision's own commit."""

from __future__ import annotations

from ..accounts.records import MARKET_ID, find_user
from ..accounts.user import User
from ..links import Links
from ..listings.listing import Listing, Status
from ..mail.email import Email, outgoing
from ..store.store import Store
from ..store.writes import Write
from ..vault.vault import Vault
from .case import Event


async def decision_email(
    store: Store, vault: Vault, links: Links, event: Event, listing: Listing, reason: str, now: int
) -> list[Write]:
    """The write that emails a listing's owner; none for the market itself, or an unreachable owner."""
    seller = await find_user(store, listing.owner_id)
    if seller is None or seller.id == MARKET_ID:
        return []
    if not (seller.is_active and seller.email_verified):
        return []
    return [await outgoing(vault, _email(links, event, seller, listing, reason), now)]


def _email(links: Links, event: Event, seller: User, listing: Listing, reason: str) -> Email:
    boat = {"name": seller.name, "title": listing.title}
    values = boat | {"reason": reason, "link": links.advert(listing.id)}
    match event:
        case Event.APPROVED if listing.status is not Status.ACTIVE:
            # It is theirs to put back: until then nobody sees it.
            off = boat | {"link": links.advert(listing.id), "sold": listing.status is Status.SOLD}
            return Email("advert-approved-off", seller.email, seller.id, values=off)
        case Event.APPROVED:
            shown = boat | {"link": links.boat(listing.id, listing.slug)}
            return Email("advert-approved", seller.email, seller.id, values=shown)
        case Event.CHANGES_WANTED:
            return Email("advert-changes-wanted", seller.email, seller.id, values=values)
        case Event.REJECTED:
            return Email("advert-rejected", seller.email, seller.id, values=values)
        case _:
            return Email("advert-hidden", seller.email, seller.id, values=values)
