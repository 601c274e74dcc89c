"""What a file changes of an advert that is known."""

from __future__ import annotations

from typing import Any

from ..listing import Listing


def dated(old: Listing, new: Listing) -> Listing:
    """`new` with the time since which it says what it does: new rates alone change nothing in it."""
    same_sum = {"price": old.price, "rate_date": old.rate_date}
    only_rates = new.asked == old.asked and says_the_same(old, new.changed(**same_sum))
    source = new.source and new.source.changed(
        changed_at=old.reworded_at if only_rates else new.updated_at
    )
    return new.changed(source=source)


def says_the_same(old: Listing, new: Listing) -> bool:
    """Do two states of an advert differ in nothing that a reader sees?"""
    return new.changed(source=old.source, updated_at=old.updated_at) == old


def completed(kept: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    """What the file says of the boat, plus what the seller has added in the market."""
    of_the_old_name = {f"{name}AsListed" for name in ("type", "manufacturer") if name in payload}
    return {name: value for name, value in kept.items() if name not in of_the_old_name} | payload
