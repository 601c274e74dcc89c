"""Brokers' files of boats, in the market's own columns."""

from __future__ import annotations

from collections.abc import Iterable

_NAMES = (
    "reference,title,price,description,location.country,location.state,location.city,"
    "boatDetails.type,boatDetails.manufacturer,boatDetails.year,boatDetails.length,"
    "boatDetails.condition"
)


def boat_file(titles: Iterable[str], *, dollars: dict[str, int] | None = None) -> str:
    """A file with one boat for each title, which is also its reference; $20,000 unless told otherwise."""
    prices = dollars or {}
    rows = [
        f"{title},{title},{prices.get(title, 20_000) * 100},Kept ashore each winter: the {title}.,"
        f"US,FL,Stuart,sailboat,Folkboat,1975,25,Good"
        for title in titles
    ]
    return "\n".join([_NAMES, *rows])
