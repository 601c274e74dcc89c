"""Finding boats: the index says which, the store says what they are now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..accounts.records import active_among
from ..clock import Clock
from ..listings.cache import ListingCache
from ..listings.listing import Listing
from ..listings.visibility import seen_by_public
from . import facets
from .filters import Search, Sort
from .index import Hits, SearchIndex
from .query_builder import BuiltQuery, build_query
from .query_parser import QueryPart, tokens_to_look_up


@dataclass(frozen=True, slots=True)
class FoundBoats:
    """A page of boats, how many match in all, counts of each facet, and the next page's cursor.

    `parts` say how the words of the search were understood, `order` which order holds.
    """

    listings: list[Listing]
    total: int
    next: str | None
    facets: facets.Counts
    parts: tuple[QueryPart, ...]
    order: Sort

    def to_wire(self) -> dict[str, Any]:
        """As the API and the prompt answer a search."""
        return {
            "results": [seen_by_public(listing) for listing in self.listings],
            "total": self.total,
            "facets": facets.to_wire(self.facets),
            "understood": [
                {"start": part.start, "end": part.end, "kind": part.kind, "label": part.label}
                for part in self.parts
            ],
            "next": self.next,
        }


async def look_up(index: SearchIndex, search: Search, now: int) -> tuple[Hits, BuiltQuery]:
    """What an index answers a search at a time, and how its words were understood."""
    question = build_query(
        search, await index.vocabulary(tokens_to_look_up(search.query or "")), now
    )
    return await index.search(question.wanted), question


async def count_boats(index: SearchIndex, search: Search, now: int) -> int:
    """How many boats a search finds at a time: the cheapest question."""
    question = build_query(
        search, await index.vocabulary(tokens_to_look_up(search.query or "")), now
    )
    return (await index.search(replace(question.wanted, limit=1, facets=False))).total


async def visible_listings(listings: ListingCache, ids: list[str]) -> list[Listing]:
    """Those of some listings that the public sees now, in their order."""
    found = await listings.find_many(ids)
    offered = [listing for listing in found if listing is not None and listing.is_offered]
    active = await active_among(listings.store, {listing.owner_id for listing in offered})
    return [listing for listing in offered if listing.owner_id in active]


async def find_boats(
    listings: ListingCache, index: SearchIndex, search: Search, clock: Clock
) -> FoundBoats:
    """Answer a search.

    Each boat and its owner are read as they are in the store, so that what is shown is true now: one that
    was sold since the index last followed, or whose owner was banned, is left out of the page,
    though not yet of the total.
    """
    hits, question = await look_up(index, search, clock())
    shown = await visible_listings(listings, hits.ids)
    return FoundBoats(
        shown, hits.total, hits.next, hits.facets, question.parts, question.wanted.order
    )


async def pick_boats(
    listings: ListingCache, index: SearchIndex, search: Search, clock: Clock
) -> tuple[list[Listing], int]:
    """The first boats of a search, as `find_boats` has them, and how many match: nothing else."""
    question = build_query(
        search, await index.vocabulary(tokens_to_look_up(search.query or "")), clock()
    )
    hits = await index.search(replace(question.wanted, facets=False))
    return await visible_listings(listings, hits.ids), hits.total
