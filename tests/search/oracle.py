"""What a search must find, worked out the slow way: one plain look at each exported listing.

It shares no code with the search, so that both would have to be wrong alike.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

Wire = dict[str, Any]


def found_by(filters: Wire, listings: list[Wire]) -> list[Wire]:
    """The public listings that fulfil the filters, in no order."""
    return [listing for listing in listings if _is_public(listing) and _fits(listing, filters)]


def ordered(filters: Wire, listings: list[Wire]) -> list[Any]:
    """The figures by which a page must be in order, absent ones last; None where ids decide."""
    figure = {
        "price": lambda listing: listing["price"],
        "length": lambda listing: listing["boatDetails"].get("length"),
        "year": lambda listing: listing["boatDetails"].get("year"),
        "newest": lambda listing: -listing["createdAt"],
        "relevance": lambda listing: (tier(listing, filters), -listing["createdAt"]),
    }
    sort = filters.get("sort") or ("relevance" if _words(filters.get("query", "")) else "newest")
    if sort == "relevance" and not _words(filters.get("query", "")):
        sort = "newest"
    down = sort.startswith("-")
    values = [figure[sort.removeprefix("-")](listing) for listing in listings]
    known = [value for value in values if value is not None]
    return sorted(known, reverse=down) + [None] * (len(values) - len(known))


def tier(listing: Wire, filters: Wire) -> int:
    """0: maker and model hold every word, 1: with the title they do, 2: it takes the rest."""
    wanted = set(_words(filters["query"]))
    boat = listing["boatDetails"]
    named = set(_words(f"{boat.get('manufacturer', '')} {boat.get('model', '')}"))
    if wanted <= named:
        return 0
    return 1 if wanted <= named | set(_words(listing["title"])) else 2


def _is_public(listing: Wire) -> bool:
    return bool(listing["status"] == "active" and listing["moderation"]["state"] == "approved")


def _fits(listing: Wire, filters: Wire) -> bool:
    boat, place = listing["boatDetails"], listing["location"]
    where = filters.get("location", {})
    return (
        _within(listing["price"], filters.get("priceRange", {}))
        and _within(boat.get("year"), filters.get("yearRange", {}))
        and _within(boat.get("length"), filters.get("lengthRange", {}))
        and (not filters.get("boatType") or boat["type"] in filters["boatType"])
        and (not filters.get("condition") or boat.get("condition") in filters["condition"])
        and set(filters.get("features", ())) <= set(listing["features"])
        and where.get("state") in (None, place.get("state"), f"{place['country']}-{place.get('state')}")
        and where.get("country") in (None, place["country"])
        and set(_words(filters.get("query", ""))) <= _all_words(listing)
    )  # fmt: skip


def _within(value: Any, bounds: Wire) -> bool:
    lowest, highest = bounds.get("min"), bounds.get("max")
    if lowest is None and highest is None:
        return True
    if value is None:
        return False
    exact = Decimal(str(value))
    return (lowest is None or exact >= Decimal(str(lowest))) and (
        highest is None or exact <= Decimal(str(highest))
    )


def _all_words(listing: Wire) -> set[str]:
    boat = listing["boatDetails"]
    texts = [
        listing["title"],
        listing.get("description", ""),
        boat.get("manufacturer", ""),
        boat.get("model", ""),
        *listing["features"],
    ]
    return set(_words(" ".join(texts)))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", plain.replace("ø", "o"))
