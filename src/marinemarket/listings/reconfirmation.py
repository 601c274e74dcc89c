"""What follows when owners change their adverts: they say by it that it holds."""

from __future__ import annotations

from .listing import Listing, Moderation, ModerationState, Status

_CONTENT = (
    "title", "description", "price", "location", "boat_details", "features", "videos", "photos",
)  # fmt: skip
"""What readers see of an advert, and a moderator looks at."""


def reconfirmed(old: Listing, new: Listing, now: int) -> Listing:
    """`new`, that its owner made of `old` at a moment: who changes an advert says that it holds.

    What is changed while nobody sees it is looked at again before everybody does; and what is for
    sale again is not sold.
    """
    hidden = old.status is not Status.ACTIVE
    other_words = any(getattr(old, name) != getattr(new, name) for name in _CONTENT)
    moderation = new.moderation
    if hidden and other_words and moderation.state is ModerationState.APPROVED:
        moderation = Moderation()
    sale = new.sale if new.status is Status.SOLD else None
    return new.changed(confirmed_at=now, moderation=moderation, sale=sale)
