"""Editing: what owners may change in their adverts, and based on which version.

An edit is a JSON merge patch (RFC 7396) on the wire: objects merge field by field, a null removes a
field, anything else replaces it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic.alias_generators import to_camel

from ...accounts.permissions import is_own
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import FieldError, Invalid, NotFound, Outdated
from ...i18n.texts import gettext as _
from ...store.items import may_be_id
from ...store.schema import DRAFTS
from ...store.store import Store
from ...store.writes import Delete, Write
from ..listing import Listing, Status
from ..media.records import media_ids, release_updates
from ..price_history import with_price_history
from ..reconfirmation import dated_offer, reconfirmed
from ..records import find_listing, is_active, next_version, remove_listing, replace_listing
from ..seller_kind import as_its_owner_sells
from ..titles import title_errors
from ..video import videos_not_held

# Images are uploaded to their own URLs; the market sets the rest.
EDITABLE = frozenset(
    {
        "title",
        "description",
        "priceOnRequest",
        "price",
        "location",
        "boatDetails",
        "features",
        "videos",
        "status",
        "underOffer",
    }
)

_KNOWN = frozenset({"listingId", *map(to_camel, Listing.model_fields)})

SEEN_BY_OWNER = (
    "listingId", "id", "ownerId", "title", "description", "priceOnRequest", "price", "originalPrice", "rateDate",
    "priceHistory",
    "location", "boatDetails", "features", "images", "photos", "videos", "thumbnails", "status",
    "underOffer", "underOfferAt", "moderation", "sellerKind", "views", "confirmedAt", "sale", "createdAt", "updatedAt",
)  # fmt: skip

Versions = Collection[int] | None
"""The versions that an edit may be based on; None for any."""


def seen_by_owner(listing: Listing) -> dict[str, Any]:
    """What owners see of their listing. A new field stays hidden until listed above."""
    wire = listing.to_wire()
    return {name: wire[name] for name in SEEN_BY_OWNER if name in wire}


async def own_listing(store: Store, owner_id: str, id: str) -> Listing:
    """The current listing, if it belongs to this owner. Raises NotFound for anybody else's."""
    listing = await find_listing(store, id) if may_be_id(id) else None
    if listing is None or not is_own(owner_id, listing.owner_id):
        raise NotFound("listing", id)
    return listing


async def edit_listing(
    trail: Trail, actor: Actor, id: str, payload: dict[str, Any], versions: Versions
) -> Listing:
    """Merge an owner's changes into a listing; returns the listing.

    Changes without effect write nothing. Raises NotFound, Outdated, Invalid with every broken rule, and
    Refused for an owner who may not sell.
    """

    async def edit() -> Listing:
        old = await wanted_listing(trail.store, actor.user_id, id, versions)
        return await commit_edit(trail, actor, old, payload)

    return await trail.retrying(edit)


async def commit_edit(
    trail: Trail, actor: Actor, old: Listing, payload: dict[str, Any], *others: Write
) -> Listing:
    """One attempt to edit a listing as it was read, with other writes of the same commit.

    If nothing changes, `others` are not written either. Raises Conflict when somebody else was faster,
    and otherwise as `edit_listing` does.
    """
    new = edited(old, payload, trail.clock())
    if new == old:
        return old
    new = await as_its_owner_sells(trail.store, new)
    dropped = set(media_ids(old)) - set(media_ids(new))
    gone = await release_updates(trail.store, old.id, sorted(dropped), trail.clock())
    await replace_listing(trail, actor, old, new, is_active(actor.user_id), *others, *gone)
    return new


async def delete_listing(trail: Trail, actor: Actor, id: str, versions: Versions) -> None:
    """Delete an owner's listing. Raises as `edit_listing` does."""

    async def delete() -> None:
        old = await wanted_listing(trail.store, actor.user_id, id, versions)
        await commit_deletion(trail, actor, old)

    await trail.retrying(delete)


async def commit_deletion(trail: Trail, actor: Actor, old: Listing, *others: Write) -> None:
    """One attempt to delete a listing as it was read, with other writes of the same commit.

    Raises Conflict when somebody else was faster, and Refused for an owner who may not sell.
    """
    media = await release_updates(trail.store, old.id, media_ids(old), trail.clock())
    # With its draft of changes, which would be left without a listing.
    changes = Delete(DRAFTS, (old.id,))
    await remove_listing(trail, actor, old, is_active(actor.user_id), changes, *others, *media)


def edited(old: Listing, payload: dict[str, Any], now: int) -> Listing:
    """The next version of a listing, or `old` itself if nothing changes.

    Raises Invalid with every broken rule at once.
    """
    errors = not_the_owners(payload, seen_by_owner(old))
    kept = old.to_wire()
    del kept["listingId"]
    payload = {name: value for name, value in payload.items() if name in EDITABLE}
    errors += videos_not_held(payload.get("videos"), old.videos)
    if payload.get("price", old.price) != old.price:
        # They tell of the old price.
        kept.pop("originalPrice", None)
        kept.pop("rateDate", None)
        if payload["price"] is not None and "priceOnRequest" not in payload:
            kept.pop("priceOnRequest", None)
    ours = {"updatedAt": next_version(old, now)}
    try:
        new = Listing.parse(
            _without_old_names(_merged(kept, payload), kept, payload) | ours, now=now
        )
        errors += _missing(old, new) + (title_errors(new.title) if new.title != old.title else [])
        errors += _not_on_offer(new, payload)
        new = dated_offer(old, new, now)
    except Invalid as invalid:
        errors += invalid.errors
    if errors:
        raise Invalid(errors)
    if new.changed(updated_at=old.updated_at) == old:
        return old
    return with_price_history(old, reconfirmed(old, new, now))


def not_the_owners(payload: Mapping[str, Any], stands: Mapping[str, Any]) -> list[FieldError]:
    """An error for each field that an owner may not set. One that is empty may be said to be empty,
    as in what a client was shown.
    """
    return [
        FieldError(name, "cannot be changed here" if name in _KNOWN else "is not a field here")
        for name, value in payload.items()
        if name not in EDITABLE
        and not (name in _KNOWN and _is_empty(value) and not stands.get(name))
    ]


def _not_on_offer(new: Listing, payload: Mapping[str, Any]) -> list[FieldError]:
    if payload.get("underOffer") is not True or new.status is Status.ACTIVE:
        return []
    return [FieldError("underOffer", _("the boat is not on the market: put it back first"))]


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or value == {}


def _merged(kept: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    merged = dict(kept)
    for name, value in payload.items():
        if isinstance(value, dict):
            inner = kept.get(name)
            merged[name] = _merged(inner if isinstance(inner, dict) else {}, value)
        elif value is None and name in kept:
            del merged[name]
        else:
            # A null for an absent field stays, so that the model rejects a misspelt name.
            merged[name] = value
    return merged


def _without_old_names(
    merged: dict[str, Any], kept: dict[str, Any], payload: dict[str, Any]
) -> dict[str, Any]:
    """Without the name as originally listed, if the boat's type or maker has changed."""
    boat, new = payload.get("boatDetails"), merged.get("boatDetails")
    if not isinstance(boat, dict) or not isinstance(new, dict):
        return merged
    renamed = {
        f"{name}AsListed"
        for name in ("type", "manufacturer")
        if name in boat and boat[name] != kept["boatDetails"].get(name)
    }
    gone = renamed - boat.keys()
    return merged | {"boatDetails": {name: new[name] for name in new if name not in gone}}


def _missing(old: Listing, new: Listing) -> list[FieldError]:
    """What is missing for publication. An advert that lacked it all along may stay that way."""
    if new.status is not Status.ACTIVE:
        return []
    lacked = old.missing_for_publication if old.status is Status.ACTIVE else []
    return [error for error in new.missing_for_publication if error not in lacked]


async def wanted_listing(store: Store, owner_id: str, id: str, versions: Versions) -> Listing:
    """An owner's listing, if it is in one of these versions. Raises NotFound, Outdated."""
    listing = await own_listing(store, owner_id, id)
    if versions is not None and listing.updated_at not in versions:
        raise Outdated(listing.updated_at, seen_by_owner(listing))
    return listing
