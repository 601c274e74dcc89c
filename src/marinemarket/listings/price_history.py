"""The price history of a boat."""

from __future__ import annotations

from .listing import MOST_PRICES, AskedPrice, Listing


def current_price(listing: Listing, at: int) -> AskedPrice:
    """A listing's current asking price, as asked since `at` (Unix milliseconds)."""
    return AskedPrice(price=listing.price, at=at, original_price=listing.original_price)


def with_price_history(old: Listing, new: Listing) -> Listing:
    """`new` with the price history of `old`, and its own price appended if it differs.

    If the seller's price in their own currency is unchanged, and only its dollar value has moved,
    nothing is appended. Beyond MOST_PRICES the oldest prices are dropped.
    """
    if current_price(new, 0) == current_price(old, 0) or _only_the_rate_moved(old, new):
        return new
    before = old.price_history or (current_price(old, old.created_at),)
    history = (*before, current_price(new, new.updated_at))
    return new.changed(price_history=history[-MOST_PRICES:])


def _only_the_rate_moved(old: Listing, new: Listing) -> bool:
    return old.original_price is not None and old.original_price == new.original_price
