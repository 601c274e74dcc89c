"""Precedents in the store: what of suspected and rejected adverts is recognised in later ones.

A precedent is one fingerprint of one listing. They are derived from the exhibits of its case and
looked up by name, so no search index and no listing is needed to find them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import DAY
from ..listings.listing import Listing
from ..listings.media.perceptual_hashes import NEAR, distance, mirrored
from ..store.items import Item
from ..store.schema import PRECEDENTS
from ..store.store import Query, Store
from ..store.writes import Delete, Put, Write
from .case import Case
from .exhibit import Exhibit, Part
from .fingerprints import ORDERS, Fingerprints, Print

COPIED = 0.45
"""The share of a text's fingerprints that makes it a copy."""
COPIED_BY_OWNER = 0.35
"""The same among one owner's adverts, from which what the owner writes in all of them is left out."""
COPIED_SHORT = 0.85
"""The same of a text of fewer than 25 words, whose words may be alike by chance."""
SHORT = 25
_IN_ONE_COMMIT = 50
_MOST_OF_ONE_NAME = 100


@dataclass(frozen=True, slots=True)
class Usual:
    """What a seller's other approved adverts say and show, such as a broker's own paragraph."""

    pairs: frozenset[int] = frozenset()
    pictures: tuple[str, ...] = ()

    def has(self, masked: str) -> bool:
        return any(distance(masked, one) <= NEAR for one in self.pictures)


@dataclass(slots=True)
class Match:
    """What an advert shares with one earlier case.

    `originals` are adverts that were there before its own, or that moderators had approved.
    """

    originals: tuple[str, ...] = ()
    hull: bool = False
    pictures: bool = False
    own_pictures: bool = False
    orders: set[int] = field(default_factory=set)
    own_orders: set[int] = field(default_factory=set)
    is_reduced: bool = False

    def parts(self, *, same_owner: bool, is_short: bool) -> Iterator[Part]:
        """What both have in common. `is_short`: the advert's text is."""
        if self.hull:
            yield Part.HULL
        if self.own_pictures if same_owner else self.pictures:
            yield Part.PICTURES
        orders = self.own_orders if same_owner and self.is_reduced else self.orders
        least = COPIED_BY_OWNER if same_owner else COPIED
        if is_short:
            least = COPIED_SHORT
        if len(orders) >= least * ORDERS:
            yield Part.TEXT


def precedents_of(
    case: Case, prints: Fingerprints, usual: Usual, originals: tuple[str, ...], retention_days: int
) -> dict[str, Item]:
    """The items of a case's precedents, by their names."""
    found: dict[str, Item] = {}
    for exhibit in case.exhibits:
        shared: Item = {
            "listingId": case.listing_id,
            "event": exhibit.event,
            "at": exhibit.at,
            "originals": [*originals],
            "ttl": (exhibit.at + retention_days * DAY) // 1000,
        }
        for name, more in _names(exhibit, prints, usual):
            found[name] = {"trace": name} | shared | more
    return found


def _names(exhibit: Exhibit, prints: Fingerprints, usual: Usual) -> Iterator[tuple[str, Item]]:
    if Part.HULL in exhibit.follows and exhibit.hin:
        yield prints.hull(exhibit.hin), {}
    if Part.PICTURES in exhibit.follows:
        for photo in exhibit.photos:
            if made := prints.picture(photo.phash):
                item = {"print": made.masked, "usual": usual.has(made.masked)}
                yield from ((name, item) for name in made.names)
    if Part.TEXT in exhibit.follows:
        pairs = prints.pairs(exhibit.description)
        is_reduced = bool(pairs & usual.pairs)
        yield from ((name, {"reduced": is_reduced}) for name in prints.text(pairs))
        if is_reduced:
            yield from ((name, {}) for name in prints.text(pairs - usual.pairs, "own"))


async def all_kept_of(store: Store, listing_id: str) -> dict[str, Item]:
    """All precedents of a listing, by their names."""
    kept: dict[str, Item] = {}
    after: str | None = None
    while True:
        index = PRECEDENTS.index("listing-index")
        page = await store.query(Query(PRECEDENTS, listing_id, index, limit=100, after=after))
        kept |= {str(item["trace"]): item for item in page.items}
        after = page.next
        if after is None:
            return kept


async def keep_precedents(
    trail: Trail, listing_id: str, wanted: dict[str, Item], kept: dict[str, Item]
) -> None:
    """Replace the precedents of a listing by those that are wanted, in commits of bounded size."""
    writes: list[Write] = [
        Put(PRECEDENTS, item) for name, item in wanted.items() if kept.get(name) != item
    ]
    writes += [Delete(PRECEDENTS, (name, listing_id)) for name in kept if name not in wanted]
    for start in range(0, len(writes), _IN_ONE_COMMIT):
        await trail.commit_operational(
            Operational.PRECEDENTS, *writes[start : start + _IN_ONE_COMMIT]
        )


async def matches(
    store: Store, prints: Fingerprints, listing: Listing, own: frozenset[int] | None
) -> dict[str, Match]:
    """What an advert shares with earlier cases, by the ids of their listings.

    `own` are the pairs of words of its text that its owner does not write in other adverts too; None
    if no case is about this owner.
    """
    search = _Matches(store)
    if listing.boat_details.hin:
        for _, match in await search.holding(prints.hull(listing.boat_details.hin)):
            match.hull = True
    ways = (way for photo in listing.photos for way in (photo.phash, mirrored(photo.phash)))
    for made in filter(None, map(prints.picture, ways)):
        await search.look_for_picture(made)
    pairs = prints.pairs(listing.description)
    for n, name in enumerate(prints.text(pairs)):
        for item, match in await search.holding(name):
            match.orders.add(n)
            match.is_reduced |= item["reduced"]
    for n, name in enumerate(prints.text(own or (), "own")):
        for _, match in await search.holding(name):
            match.own_orders.add(n)
    return search.found


@dataclass(frozen=True, slots=True)
class _Matches:
    store: Store
    found: dict[str, Match] = field(default_factory=dict)

    async def holding(self, name: str) -> list[tuple[Item, Match]]:
        """The precedents of this name, and what is known of the listings that they are of."""
        page = await self.store.query(Query(PRECEDENTS, name, limit=_MOST_OF_ONE_NAME))
        return [(item, self._of(item)) for item in page.items]

    async def look_for_picture(self, made: Print) -> None:
        for name in made.names:
            for item, match in await self.holding(name):
                if distance(item["print"], made.masked) <= NEAR:
                    match.pictures = True
                    match.own_pictures |= not item["usual"]

    def _of(self, item: Item) -> Match:
        match = self.found.setdefault(str(item["listingId"]), Match())
        match.originals = tuple(item["originals"])
        return match


async def kept_of(store: Store, listing_id: str) -> Item | None:
    """Some precedent of a listing, which says what happened to it and when; None if there is none."""
    index = PRECEDENTS.index("listing-index")
    page = await store.query(Query(PRECEDENTS, listing_id, index, newest_first=True, limit=1))
    return page.items[0] if page.items else None
