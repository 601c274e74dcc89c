"""What a row of a file did to a boat: what was before, and how to set it back."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from ..listings.listing import Listing, ModerationState
from ..listings.price_history import with_price_history
from ..listings.reconfirmation import reconfirmed
from ..listings.records import next_version
from ..privacy.pages import picked
from ..store.items import Item
from ..wire import encode_sorted

_OF_THE_MARKET = frozenset(
    {"listingId", "updatedAt", "moderation", "sellerKind", "views", "confirmedAt", "priceHistory"}
)
"""Fields that change without their owner, or follow from the others."""


_FETCHED = frozenset({"photos", "images", "thumbnails"})
"""What comes to a new boat after her row, since its file names it."""


def image_of(old: Listing | None, new: Listing) -> Item:
    """What was `before`, of the fields that a row has changed, and a digest of them `after`.

    For a boat that the row has created, `before` is empty, and all of her but photos is in the digest.
    """
    was, now = old.to_wire() if old else {}, new.to_wire()
    names = sorted(
        name for name in (was | now).keys() - _OF_THE_MARKET if was.get(name) != now.get(name)
    )
    after: Item = {"digest": _digest(new, names if old else None)}
    return {"before": picked(was, names), "after": after | ({"names": names} if old else {})}


def is_as_left(boat: Listing, after: Item) -> bool:
    """Is a boat still as the row left her, in what it has changed?"""
    return bool(_digest(boat, after.get("names")) == after["digest"])


def is_new(after: Item) -> bool:
    """Was there no such boat before the row?"""
    return "names" not in after


def awaits_review(boat: Listing) -> bool:
    """Is a boat that was not changed since she was made still to be reviewed, so that no reader saw her?"""
    return boat.moderation.state is ModerationState.PENDING


def before_the_row(boat: Listing, before: Item, after: Item, now: int) -> Listing:
    """A boat with what a row has changed set back. Raises Invalid if she may not be so any more."""
    names = {*after["names"], "listingId"}
    kept = {name: value for name, value in boat.to_wire().items() if name not in names}
    new = Listing.parse(kept | before | {"updatedAt": next_version(boat, now)}, now=now)
    return with_price_history(boat, reconfirmed(boat, new, now))


def _digest(boat: Listing, names: Sequence[str] | None) -> str:
    wire = boat.to_wire()
    if names is None:
        names = sorted(wire.keys() - _OF_THE_MARKET - _FETCHED)
    return sha256(encode_sorted([[name, wire.get(name)] for name in names])).hexdigest()
