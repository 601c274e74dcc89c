"""Judging the boats noted for a search, when its email is due: by the search and the boats as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..accounts.records import active_among
from ..clock import from_iso
from ..errors import Invalid
from ..listings.listing import Listing, Money, Status
from ..listings.records import listing_of
from ..search.document import document_of
from ..store.schema import LISTINGS
from ..store.store import MOST_AT_ONCE, Store
from .candidates import FiledSearch
from .noted_boats import NotedBoat, ToldPrice, last_alerted_prices
from .relisted import Relisted
from .saved_search import SavedSearch


@dataclass(frozen=True, slots=True)
class BoatNews:
    """A boat to report. `told` is the price that the last email about it said, None if there was none.

    `was` is what was asked before the price fell, if that is the news of a boat that was there before.
    """

    listing: Listing
    told: ToldPrice | None = None
    was: Money | None = None
    is_new: bool = False
    """Was it listed after the search was saved?"""

    @classmethod
    def of(
        cls,
        search: SavedSearch,
        listing: Listing,
        told: ToldPrice | None,
        was: Money | None,
        *,
        was_there: bool,
    ) -> BoatNews | None:
        """What there is to report of a boat that the search finds; None if nothing is news.

        `was_there`: the search found it before, at `was`. What an email said of it counts instead,
        unless that was in another currency.
        """
        now = listing.asked
        if told and told.asked and now and told.asked.currency == now.currency:
            was, was_there = told.asked, True
        if told is None and listing.created_at >= from_iso(search.created_at):
            return cls(listing, is_new=True)
        if was and now and now.is_below(was):
            return cls(listing, told, was=was)
        return None if was_there or told is not None else cls(listing)


@dataclass(slots=True)
class Judgement:
    """What is to be reported now, what waits, and what is no longer news."""

    news: list[BoatNews] = field(default_factory=list)
    waiting: list[NotedBoat] = field(default_factory=list)
    """Boats that are not shown, or not by the search as it is: both may change."""
    over: list[NotedBoat] = field(default_factory=list)


async def judge(
    store: Store,
    search: SavedSearch,
    filed: FiledSearch,
    noted: Sequence[NotedBoat],
    relisted: Relisted,
    now: int,
) -> Judgement:
    """Judge some noted boats. `filed` is what the search asks of a boat."""
    judgement = Judgement()
    for start in range(0, len(noted), MOST_AT_ONCE):
        some = noted[start : start + MOST_AT_ONCE]
        ids = [one.listing_id for one in some]
        boats = await known_boats(store, ids)
        active = await active_among(store, {boat.owner_id for boat in boats.values()})
        told = await last_alerted_prices(store, search.id, ids)
        for one, price in zip(some, told, strict=True):
            boat = boats.get(one.listing_id)
            if boat is not None and price is None:
                price = await relisted.told(search, boat)
            _judge(judgement, search, filed, one, boat, active, price, now)
    return judgement


def _judge(
    judgement: Judgement,
    search: SavedSearch,
    filed: FiledSearch,
    noted: NotedBoat,
    boat: Listing | None,
    active: set[str],
    told: ToldPrice | None,
    now: int,
) -> None:
    if boat is None or boat.status is Status.SOLD:
        judgement.over.append(noted)  # if it is offered again, that is news by itself
        return
    was_there = noted.was is not None
    news = BoatNews.of(search, boat, told, noted.was, was_there=was_there)
    if news is None:
        judgement.over.append(noted)
    elif boat.is_offered and boat.owner_id in active and filed.fits(document_of(boat), now):
        judgement.news.append(news)
    else:
        judgement.waiting.append(noted)


async def known_boats(store: Store, ids: Sequence[str]) -> Mapping[str, Listing]:
    """Up to 100 boats by id, without those that are gone or unreadable."""
    items = await store.get_many(LISTINGS, [(id,) for id in ids])
    found: dict[str, Listing] = {}
    for id, item in zip(ids, items, strict=True):
        if item is not None:
            try:
                found[id] = listing_of(item)
            except Invalid:
                continue
    return found
