"""Creating an advert: it is invisible until it is offered and approved."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ...accounts.idempotency import IdempotencyKey
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import Invalid
from ..listing import Listing, Status
from ..reconfirmation import dated_offer
from ..records import add_listing
from ..seller_kind import as_its_owner_sells
from ..titles import title_errors
from ..video import videos_not_held
from .editing import EDITABLE, not_the_owners, own_listing


async def create_listing(
    trail: Trail, actor: Actor, payload: dict[str, Any], once: IdempotencyKey | None = None
) -> Listing:
    """Create a listing from an owner's data; if `once` was used before, returns the existing one.

    Raises Invalid with every broken rule, Refused for an owner who may not sell, and NotFound if the
    existing one has been deleted.
    """

    async def create() -> Listing:
        if once and (made := await once.made(trail.store)):
            return await own_listing(trail.store, actor.user_id, made)
        listing = new_listing(actor.user_id, payload, trail.clock())
        listing = await as_its_owner_sells(trail.store, listing)
        notes = [once.making(listing.id, trail.clock())] if once else []
        await add_listing(trail, actor, listing, *notes)
        return listing

    return await trail.retrying(create)


def new_listing(owner_id: str, payload: dict[str, Any], now: int) -> Listing:
    """A listing from its owner's data. Raises Invalid with every broken rule at once."""
    errors = not_the_owners(payload, {})
    ours = {
        "id": str(uuid4()),
        "ownerId": owner_id,
        "moderation": {"state": "pending"},
        "createdAt": now,
        "updatedAt": now,
    }
    theirs = {name: value for name, value in payload.items() if name in EDITABLE}
    errors += videos_not_held(theirs.get("videos"))
    try:
        listing = Listing.parse({"status": Status.INACTIVE.value, **theirs, **ours}, now=now)
        listing = dated_offer(None, listing, now)
        errors += title_errors(listing.title)
        if listing.status is Status.ACTIVE:
            errors += listing.missing_for_publication
    except Invalid as invalid:
        errors += invalid.errors
    if errors:
        raise Invalid(errors)
    return listing
