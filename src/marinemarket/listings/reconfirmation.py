"""The consequences of an owner's change to an advert: it also confirms the advert."""

from __future__ import annotations

from .listing import Listing, Moderation, ModerationState, Status

_CONTENT = (
    "title", "description", "asked", "location", "boat_details", "features", "videos", "photos",
)  # fmt: skip
"""The fields that readers see, and that a moderator reviews."""


def reconfirmed(old: Listing, new: Listing, now: int) -> Listing:
    """`new`, the owner's change to `old`, confirmed as of `now` (Unix milliseconds).

    A change made while the advert is not public is moderated before it becomes public; and a boat that
    is for sale again is no longer sold.
    """
    hidden = old.status is not Status.ACTIVE
    other_words = any(getattr(old, name) != getattr(new, name) for name in _CONTENT)
    moderation = new.moderation
    if hidden and other_words and moderation.state is ModerationState.APPROVED:
        moderation = Moderation()
    sale = new.sale if new.status is Status.SOLD else None
    return new.changed(confirmed_at=now, moderation=moderation, sale=sale)


def dated_offer(old: Listing | None, new: Listing, now: int) -> Listing:
    """`new`, which is to replace `old`, with the time since when it is under offer."""
    if not new.under_offer:
        return new
    since = old.under_offer_at if old and old.under_offer else None
    return new.changed(under_offer_at=since or new.under_offer_at or now)
