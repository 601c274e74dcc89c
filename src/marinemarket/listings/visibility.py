"""Who may see a listing, and which parts of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..accounts.accounts import Client
from ..accounts.permissions import is_own, may
from ..accounts.records import find_user
from ..accounts.sessions import SignedIn
from ..accounts.user import AdminPermission, User
from ..audit.actions import Action
from ..audit.trail import Trail
from ..store.items import may_be_id
from .cache import ListingCache
from .hin import masked_hin
from .lifecycle.editing import SEEN_BY_OWNER, seen_by_owner
from .listing import Listing, ModerationState, Status
from .records import find_listing

SEEN_BY_PUBLIC = (
    "listingId", "id", "ownerId", "title", "description", "priceOnRequest", "price", "originalPrice", "rateDate",
    "priceHistory",
    "location", "boatDetails", "features", "images", "photos", "videos", "thumbnails", "status",
    "underOffer", "underOfferAt", "moderation", "source", "sellerKind", "confirmedAt", "createdAt", "updatedAt",
)  # fmt: skip

_OF_A_PHOTO = ("id", "width", "height", "tint", "caption")
_OF_A_SOURCE = ("name", "reference")
_OF_A_MODERATION = ("state",)


class Audience(StrEnum):
    """Who views a listing, which decides how much is shown."""

    PUBLIC = "public"
    OWNER = "owner"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class VisibleListing:
    """A listing that the visitor may see, and its owner if the account still exists."""

    listing: Listing
    owner: User | None
    audience: Audience

    @property
    def is_public(self) -> bool:
        """Is it visible to everybody now?"""
        return self.listing.is_offered and self.owner is not None and self.owner.is_active


async def public_listing(listings: ListingCache, id: str) -> Listing | None:
    """The listing if everybody may see it: offered, approved, and its owner in good standing."""
    sight = await _in_public(listings, id)
    return sight.listing if sight else None


async def visible_listing(
    trail: Trail, listings: ListingCache, id: str, visitor: SignedIn | None, client: Client
) -> VisibleListing | None:
    """What a visitor may see of a listing; None if nothing.

    Owners and staff read past the cache, and see it in any state. When staff view what is not public,
    it is recorded.
    """
    if visitor is None:
        return await _in_public(listings, id)
    listing = await find_listing(listings.store, id) if may_be_id(id) else None
    if listing is None:
        return None
    owner = await find_user(listings.store, listing.owner_id)
    if is_own(visitor.user.id, listing.owner_id):
        return VisibleListing(listing, owner, Audience.OWNER)
    sight = VisibleListing(listing, owner, Audience.PUBLIC)
    if sight.is_public:
        return sight
    if not may(visitor.user, AdminPermission.CONTENT_MODERATION):
        return None
    actor = visitor.acting_from(client)
    await trail.commit(actor.entry(Action.ADMIN_ACCESS, "listing", listing.id, trail.clock()))
    return VisibleListing(listing, owner, Audience.STAFF)


async def formerly_public(listings: ListingCache, id: str) -> Listing | None:
    """A listing that was public until its owner sold or withdrew it; None for any other.

    The page may show that it was offered and what kind of boat it was, but not its owner's words.
    """
    listing = await listings.find(id) if may_be_id(id) else None
    if listing is None or listing.moderation.state is not ModerationState.APPROVED:
        return None
    return None if listing.status is Status.ACTIVE else listing


def seen_by(listing: Listing, audience: Audience) -> dict[str, Any]:
    """A listing on the wire, as this audience may see it."""
    if audience is Audience.OWNER:
        return seen_by_owner(listing)
    return seen_by_public(listing) if audience is Audience.PUBLIC else seen_by_staff(listing)


def seen_by_public(listing: Listing) -> dict[str, Any]:
    """What everybody sees of a listing. A new field stays hidden until listed above.

    The serial in the HIN is masked: anyone who forges a boat's papers needs it.
    """
    wire = listing.to_wire()
    seen = _only(wire, SEEN_BY_PUBLIC)
    seen["moderation"] = _only(wire["moderation"], _OF_A_MODERATION)
    if listing.price_on_request:
        seen["priceHistory"] = []  # its seller wants no price to be shown
    seen["photos"] = [_only(photo, _OF_A_PHOTO) for photo in wire["photos"]]
    if "source" in wire:
        seen["source"] = _only(wire["source"], _OF_A_SOURCE)
    if hin := listing.boat_details.hin:
        seen["boatDetails"] = wire["boatDetails"] | {"hin": masked_hin(hin)}
    return seen


def seen_by_staff(listing: Listing) -> dict[str, Any]:
    """What moderators see: everything except the price it was sold for."""
    wire = listing.to_wire()
    seen = _only(wire, (*SEEN_BY_OWNER, "source"))
    if "sale" in wire:
        seen["sale"] = _only(wire["sale"], ("at",))
    return seen


def _only(wire: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: wire[name] for name in names if name in wire}


async def _in_public(listings: ListingCache, id: str) -> VisibleListing | None:
    if not may_be_id(id):
        return None
    listing = await listings.find(id)
    if listing is None or not listing.is_offered:
        return None
    sight = VisibleListing(
        listing, await find_user(listings.store, listing.owner_id), Audience.PUBLIC
    )
    return sight if sight.is_public else None
