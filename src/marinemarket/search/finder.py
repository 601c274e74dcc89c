"""Finding boats: the index says which, the store gives their current data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..accounts.records import active_among
from ..clock import Clock
from ..listings.cache import ListingCache
from ..listings.listing import Listing
from ..listings.visibility import seen_by_public
from . import facets
from .document import approximate_location
from .filters import Search, Sort
from .geography import Point, distance_miles
from .index import Hits, IndexQuery, SearchIndex
from .parsed_query import ParsedQuery, QueryPart
from .query_builder import build_query
from .query_parser import begin

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class BuiltQuery:
    """A search as engines take it, and what was made of its words."""

    wanted: IndexQuery
    query: ParsedQuery

    @property
    def parts(self) -> Sequence[QueryPart]:
        return self.query.parts


@dataclass(frozen=True, slots=True)
class FoundBoats:
    """A page of boats, the total, the facet counts, and the cursor of the next page.

    `query` tells how the words of the query were understood, `order` which order applies, `middle`
    the point that the search names, if any: distances are measured from there.
    """

    listings: list[Listing]
    total: int
    next: str | None
    facets: facets.Counts
    query: ParsedQuery
    order: Sort
    middle: Point | None = None

    @property
    def parts(self) -> Sequence[QueryPart]:
        return self.query.parts

    def miles_to(self, listing: Listing) -> Decimal | None:
        """How far a boat is from the place that the search names, to a tenth of a statute mile.

        None if the search names none, or the boat's place is not on the map.
        """
        place = None if self.middle is None else approximate_location(listing)
        if self.middle is None or place is None:
            return None
        return Decimal(str(distance_miles(self.middle, place))).quantize(_TENTH)

    def to_wire(self) -> dict[str, Any]:
        """As the API and the prompt answer a search."""
        return {
            "results": [self._seen(listing) for listing in self.listings],
            "total": self.total,
            "facets": facets.to_wire(self.facets),
            "understood": [
                {"start": part.start, "end": part.end, "kind": part.kind, "label": part.label}
                for part in self.parts
            ],
            "next": self.next,
        }

    def _seen(self, listing: Listing) -> dict[str, Any]:
        seen, miles = seen_by_public(listing), self.miles_to(listing)
        return seen if miles is None else seen | {"distance": miles}


async def parse_query(
    index: SearchIndex, text: str | None, known: ParsedQuery | None = None
) -> ParsedQuery:
    """The query, parsed with an index's words; `known` is reused if it has the same text."""
    text = text or ""
    if known is not None and known.text == text:
        return known
    half = begin(text)
    return half.finish(await index.vocabulary(half.tokens()))


async def look_up(
    index: SearchIndex, search: Search, now: int, *, known: ParsedQuery | None = None
) -> tuple[Hits, BuiltQuery]:
    """The index's answer to a search at a given time, and how its words were understood."""
    query = await parse_query(index, search.query, known)
    wanted = build_query(search, query, now)
    return await index.search(wanted), BuiltQuery(wanted, query)


async def count_boats(
    index: SearchIndex, search: Search, now: int, *, known: ParsedQuery | None = None
) -> int:
    """How many boats a search finds at a given time: the cheapest query."""
    query = await parse_query(index, search.query, known)
    wanted = build_query(search, query, now)
    return (await index.search(replace(wanted, limit=1, facets=False))).total


async def visible_listings(listings: ListingCache, ids: list[str]) -> list[Listing]:
    """Those of the listings that are public now, in the same order."""
    found = await listings.find_many(ids)
    offered = [listing for listing in found if listing is not None and listing.is_offered]
    active = await active_among(listings.store, {listing.owner_id for listing in offered})
    return [listing for listing in offered if listing.owner_id in active]


async def find_boats(
    listings: ListingCache,
    index: SearchIndex,
    search: Search,
    clock: Clock,
    *,
    known: ParsedQuery | None = None,
) -> FoundBoats:
    """Answer a search. If its words have been parsed already, pass them as `known`.

    Each boat and its owner are read from the store, so that the page shows current data: a boat that
    was sold since the index last caught up, or whose owner was banned, is left out of the page,
    though not yet of the total.
    """
    hits, built = await look_up(index, search, clock(), known=known)
    shown = await visible_listings(listings, hits.ids)
    wanted = built.wanted
    return FoundBoats(
        shown, hits.total, hits.next, hits.facets, built.query, wanted.order, wanted.middle
    )


async def pick_boats(
    listings: ListingCache, index: SearchIndex, search: Search, clock: Clock
) -> tuple[list[Listing], int, ParsedQuery]:
    """The first boats of a search, like `find_boats`; how many match; and its parsed words."""
    query = await parse_query(index, search.query)
    hits = await index.search(replace(build_query(search, query, clock()), facets=False))
    return await visible_listings(listings, hits.ids), hits.total, query
