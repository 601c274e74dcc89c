"""The price history of a boat."""

from __future__ import annotations

from .listing import MOST_PRICES, AskedPrice, Listing


def current_price(listing: Listing, at: int) -> AskedPrice:
    """A listing's current asking price, as asked since `at` (Unix milliseconds)."""
    return AskedPrice(price=listing.price, at=at, original_price=listing.original_price)


def with_price_history(old: Listing, new: Listing) -> Listing:
    """`new` with the price history of `old`, and its own price appended if it differs.

    What is asked counts. If only its value in US dollars has moved, nothing is appended. Beyond
    MOST_PRICES the oldest prices are dropped.
    """
    if new.asked == old.asked:
        return new
    before = old.price_history or (current_price(old, old.created_at),)
    history = (*before, current_price(new, new.updated_at))
    return new.changed(price_history=history[-MOST_PRICES:])
