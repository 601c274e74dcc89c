"""What the rules need to know beyond a listing: bounded queries of the store and the index."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ..accounts.records import find_user
from ..clock import from_iso
from ..i18n.texts import gettext as _
from ..listings.listing import Listing, ModerationState
from ..listings.records import find_listings, with_hin
from ..lookalikes import as_read
from ..search.analysis import words_of
from ..search.facets import RangeCount
from ..search.index import IndexQuery, SearchIndex, Span
from ..search.similar import similar_types
from ..store.store import Store
from ..text import words
from .earlier_adverts import EarlierAdverts
from .rules import FEWEST_COMPARED, Evidence


class Copy(Protocol):
    """A picture of a listing that also appears in another seller's advert."""

    @property
    def other_listing_id(self) -> str: ...


AlikeElsewhere = Callable[[Store, Listing], Awaitable[Sequence[Copy]]]
"""Finds a listing's pictures in other sellers' adverts."""

MOST_ALIKE = 10
_WORDS_ASKED = 12
_FEWEST_WORDS = 25
"""A shorter text may be the same by chance."""
_ALIKE = 0.8
_YEARS_APART = 5
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class EvidenceGatherer:
    """Gathers evidence for the rules."""

    store: Store
    index: SearchIndex
    alike_elsewhere: AlikeElsewhere
    history: EarlierAdverts

    async def of(self, listing: Listing, now: int) -> Evidence:
        """The evidence about a listing. Raises Unavailable while there is no index."""
        seller = await find_user(self.store, listing.owner_id)
        copies = await self.alike_elsewhere(self.store, listing)
        usual, compared = await self._usual_price(listing)
        return Evidence(
            now=now,
            seller_since=from_iso(seller.created_at) if seller else now,
            usual_price=usual,
            compared=compared,
            same_hull=await self._same_hull(listing),
            same_text=await self._same_text(listing),
            same_pictures=tuple(sorted({copy.other_listing_id for copy in copies})),
            earlier=await self.history.fitting(listing, now),
        )

    async def alike(self, listing: Listing) -> list[Listing]:
        """Other sellers' adverts with its hull, its text or its pictures: offered, or approved and now
        withdrawn or sold. Raises Unavailable.
        """
        copies = await self.alike_elsewhere(self.store, listing)
        ids = [
            *(await self._same_hull(listing)),
            *(await self._same_text(listing)),
            *sorted({copy.other_listing_id for copy in copies}),
        ]
        found = await find_listings(self.store, [*dict.fromkeys(ids)][:MOST_ALIKE]) if ids else []
        return [one for one in found if one and one.moderation.state is ModerationState.APPROVED]

    async def _same_hull(self, listing: Listing) -> tuple[str, ...]:
        hin = listing.boat_details.hin
        found = await with_hin(self.store, hin) if hin else []
        return tuple(one.id for one in found if one.owner_id != listing.owner_id)

    async def _same_text(self, listing: Listing) -> tuple[str, ...]:
        """Other sellers' public adverts with nearly the same text, found by a dozen of its longest words."""
        text = as_read(listing.description or "")
        if len(words(text)) < _FEWEST_WORDS:
            return ()
        longest = sorted(set(_WORD.findall(text)), key=lambda word: (-len(word), word))
        asked = [word for found in longest for word in words_of(found)[:1]][:_WORDS_ASKED]
        wanted = IndexQuery(
            words=tuple({word: 0} for word in asked), limit=MOST_ALIKE, facets=False
        )
        hits = await self.index.search(wanted)
        found = await find_listings(self.store, hits.ids) if hits.ids else []
        return tuple(
            other.id
            for other in found
            if other is not None
            and other.owner_id != listing.owner_id
            and likeness(text, other.description or "") >= _ALIKE
        )

    async def _usual_price(self, listing: Listing) -> tuple[int | None, int]:
        """The median price of similar boats in cents, and how many there are."""
        for wanted in _alike(listing):
            hits = await self.index.search(wanted)
            prices = [one for one in hits.facets.get("price", []) if isinstance(one, RangeCount)]
            if sum(one.count for one in prices) >= FEWEST_COMPARED:
                return median(prices), sum(one.count for one in prices)
        return None, 0


def _alike(listing: Listing) -> Iterator[IndexQuery]:
    """Queries for similar boats, the closest first: by length and age, and by maker or type."""
    boat = listing.boat_details
    if boat.length is None or boat.year is None:
        return
    feet = boat.length * 100
    spans = {
        "length": Span(int(feet * 88 / 100), int(feet * 112 / 100)),
        "year": Span(boat.year - _YEARS_APART, boat.year + _YEARS_APART),
    }
    base = IndexQuery(spans=spans, limit=1)
    if boat.manufacturer:
        maker = frozenset({boat.manufacturer})
        yield replace(base, any_of={"type": similar_types(boat.type), "maker": maker})
    yield replace(base, any_of={"type": frozenset({boat.type})})


def median(prices: list[RangeCount]) -> int:
    """The median of prices that are known only by ranges, interpolated within its range."""
    left = sum(one.count for one in prices) / 2
    for one in prices:
        if left <= one.count:
            below = one.below if one.below is not None else one.lowest * 2
            return one.lowest + int((below - one.lowest) * left / one.count)
        left -= one.count
    raise ValueError(_("there are no prices"))


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's three-word sequences that the other one has: from 0 to 1."""
    first, second = _runs(one), _runs(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    found = words(as_read(text))
    return {tuple(found[start : start + 3]) for start in range(len(found) - 2)}
