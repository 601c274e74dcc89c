"""What was asked for a boat, and since when."""

from __future__ import annotations

from .listing import MOST_PRICES, AskedPrice, Listing


def asked_now(listing: Listing, at: int) -> AskedPrice:
    """What a listing asks, as asked from a moment on (Unix milliseconds)."""
    return AskedPrice(price=listing.price, at=at, original_price=listing.original_price)


def remembering(old: Listing, new: Listing) -> Listing:
    """`new` with the history of `old`, and its own price behind that when it asks another.

    Where the seller asks what she asked in her own currency, and only dollars for it are more or
    fewer, nothing is remembered. Of very many prices the oldest are forgotten.
    """
    if asked_now(new, 0) == asked_now(old, 0) or _only_the_rate_moved(old, new):
        return new
    before = old.price_history or (asked_now(old, old.created_at),)
    history = (*before, asked_now(new, new.updated_at))
    return new.changed(price_history=history[-MOST_PRICES:])


def _only_the_rate_moved(old: Listing, new: Listing) -> bool:
    return old.original_price is not None and old.original_price == new.original_price
