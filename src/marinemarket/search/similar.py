"""Similar boats: what someone who looks at a boat may also want to see.

All are of the same or a related type, within 15 % of its length and between half and twice its price,
as far as those are known. First come those of the same maker and model, then of the same maker, then
of the same type, then of a related type; within each group, the newer and more complete adverts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..listings.cache import ListingCache
from ..listings.listing import Listing
from .analysis import words_of
from .filters import Sort
from .finder import visible_listings
from .index import IndexQuery, SearchIndex, Span

MOST = 6
_SPARE = 6
"""How many more to look up, since some may have been sold since the index last caught up."""

_FAMILIES = (
    ("sailboat", "motorsailer", "day-sailer"),
    ("day-sailer", "dinghy"),
    ("catamaran", "trimaran"),
    ("catamaran", "power-catamaran"),
    ("motor-yacht", "flybridge", "mega-yacht"),
    ("flybridge", "express-cruiser", "cabin-cruiser", "motor-yacht"),
    ("trawler", "pilothouse", "motor-yacht"),
    ("cabin-cruiser", "cuddy-cabin", "pilothouse", "express-cruiser"),
    ("center-console", "fishing-boat", "runabout"),
    ("bowrider", "runabout", "deck-boat", "sport-boat", "motorboat"),
    ("bowrider", "ski-boat"),
    ("pontoon", "deck-boat"),
    ("launch", "motorboat", "classic"),
    ("inflatable", "dinghy"),
)


def similar_types(boat_type: str) -> frozenset[str]:
    """A type and those that somebody who wants it also looks at."""
    near = (family for family in _FAMILIES if boat_type in family)
    return frozenset({boat_type}.union(*near))


async def similar_to(listings: ListingCache, index: SearchIndex, listing: Listing) -> list[Listing]:
    """At most six public boats similar to a listing, the most similar first, never the listing itself.

    Raises Unavailable while there is no index.
    """
    found: dict[str, None] = {}
    for wanted in _questions(listing):
        hits = await index.search(wanted)
        found |= dict.fromkeys(id for id in hits.ids if id != listing.id)
        if len(found) >= MOST + _SPARE:
            break
    shown = await visible_listings(listings, list(found))
    return shown[:MOST]


def _questions(listing: Listing) -> Iterator[IndexQuery]:
    """The queries for an index, the most similar boats first."""
    boat = listing.boat_details
    spans = {}
    if listing.price is not None:
        spans["price"] = Span(listing.price // 2, listing.price * 2)
    if boat.length is not None:
        feet = boat.length * 100
        spans["length"] = Span(int(feet * 85 / 100), int(feet * 115 / 100))
    kin, own = similar_types(boat.type), frozenset({boat.type})
    base = IndexQuery(spans=spans, order=Sort.RELEVANCE, limit=MOST + _SPARE + 1, facets=False)
    if boat.manufacturer:
        of_maker = {"type": kin, "maker": frozenset({boat.manufacturer})}
        if model := words_of(boat.model or ""):
            yield replace(base, any_of=of_maker, words=tuple({word: 0} for word in model))
        yield replace(base, any_of=of_maker)
    yield replace(base, any_of={"type": own})
    yield replace(base, any_of={"type": kin})
