"""A boat on somebody's watchlist, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..listings.listing import Listing, ModerationState, Money, Status, us_dollars
from ..wire import Cents, Id, Model, Moment, Text, is_uuid

MOST_WATCHED = 200
"""How many boats one user may watch."""

MOST_BEFORE_SIGNING_IN = 50
"""How many boats a browser remembers for somebody who is not signed in."""


class Watched(Model):
    """A watched boat. `price` is its price when it was added, in US cents; absent if it was on request."""

    user_id: Id
    listing_id: Id
    """The boat's id."""
    at: Moment
    """When it was added (ISO 8601, UTC)."""
    price: Cents | None = None
    """The price at that time, in US cents; absent if it was on request."""
    original_price: Money | None = None
    """What was asked at that time, if in another currency."""
    note: Text | None = None
    """Your note about it, which only you see."""


class Became(StrEnum):
    """The current state of a watched boat."""

    OFFERED = "offered"
    SOLD = "sold"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Fate:
    """What has become of a boat. `listing` is None unless it is public.

    `title` is also given for a boat that was sold, or withdrawn by its owner: a watcher knew it already.
    For one that the market took down, nothing is shown.
    """

    became: Became
    listing: Listing | None = None
    title: str | None = None

    @classmethod
    def of(cls, listing: Listing | None, *, is_public: bool) -> Fate:
        """`is_public`: it is offered, and its owner is in good standing."""
        if listing is not None and is_public:
            return cls(Became.OFFERED, listing, listing.title)
        if listing is None or listing.moderation.state is not ModerationState.APPROVED:
            return cls(Became.GONE)
        if listing.status is Status.SOLD:
            return cls(Became.SOLD, title=listing.title)
        return cls(Became.GONE, title=listing.title if listing.status is Status.INACTIVE else None)


@dataclass(frozen=True, slots=True)
class WatchedBoat:
    """A watched boat, and what became of it."""

    watched: Watched
    fate: Fate

    @property
    def saved_at(self) -> Money | None:
        """What was asked when the boat was added; None if it was on request."""
        if self.watched.price is None:
            return None
        return self.watched.original_price or us_dollars(self.watched.price)

    @property
    def fall(self) -> Money | None:
        """By how much less is asked now, in the same currency; None if it is not less."""
        now, then = self.fate.listing and self.fate.listing.asked, self.saved_at
        return then - now if now and then and now.is_below(then) else None

    @property
    def rise(self) -> Money | None:
        """By how much more is asked now, in the same currency; None if it is not more."""
        now, then = self.fate.listing and self.fate.listing.asked, self.saved_at
        return now - then if now and then and then.is_below(now) else None

    def to_wire(self) -> dict[str, Any]:
        """The watched boat on the wire, for its watcher."""
        watched = self.watched.to_wire()
        del watched["userId"]
        payload = watched | {"became": self.fate.became.value}
        listing = self.fate.listing
        if listing is None:
            return payload
        if listing.price is not None:
            payload["currentPrice"] = listing.price
        if listing.original_price is not None:
            payload["currentOriginalPrice"] = listing.original_price.to_wire()
        return payload


def ids_among(texts: Iterable[str], most: int) -> list[str]:
    """Texts that may be listing ids, each once, at most `most`; the rest is dropped."""
    return [*dict.fromkeys(text for text in texts if is_uuid(text))][:most]
