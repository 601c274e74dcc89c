"""What a saved search knows of boats: those noted for its next email, and those an email has reported.

A note says that a boat may be news, and nobody has been told: it is judged when an email is due. What
an email says of a boat is recorded by the commit that sends it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..clock import DAY_SECONDS, iso
from ..listings.listing import Money, us_dollars
from ..store.items import Item
from ..store.schema import NOTED, TOLD
from ..store.store import MOST_AT_ONCE, Query, Store
from ..store.writes import Absent, Condition, Delete, Equals, Put
from .saved_search import SavedSearch

TOLD_DAYS = 365
"""A boat that comes back after a year without a change is reported again."""


@dataclass(frozen=True, slots=True)
class NotedBoat:
    """A boat noted for the next email, and what was asked for it then.

    `was` is what was asked before its price fell, if that fall alone is the news.
    """

    listing_id: str
    asked: Money | None
    at: str
    was: Money | None = None

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> NotedBoat:
        return cls(str(item["listingId"]), _sum(item, "price"), str(item["at"]), _sum(item, "was"))


@dataclass(frozen=True, slots=True)
class ToldPrice:
    """What an email said was asked for a boat; None for a price on request."""

    asked: Money | None


def _sum(item: Mapping[str, Any], name: str) -> Money | None:
    """A sum of an item. Earlier versions named no currency: what was asked came to so many dollars."""
    if name not in item:
        return None
    return Money(amount=int(item[name]), currency=str(item.get(f"{name}Currency", _DOLLARS)))


def _attributes(name: str, sum: Money | None) -> Item:
    """How an item holds a sum: the amount, and its currency unless it is in US dollars."""
    if sum is None:
        return {}
    currency = {} if sum.currency == _DOLLARS else {f"{name}Currency": sum.currency}
    return {name: sum.amount} | currency


def _same_price(asked: Money | None) -> dict[str, Any]:
    return {"price": None, "priceCurrency": None} | _attributes("price", asked)


_DOLLARS = us_dollars(0).currency


async def find_noted(store: Store, search_id: str, listing_id: str) -> NotedBoat | None:
    item = await store.get(NOTED, search_id, listing_id)
    return None if item is None else NotedBoat.of(item)


async def all_noted(store: Store, search_id: str) -> list[NotedBoat]:
    """Everything noted for a search, the oldest first."""
    found: list[NotedBoat] = []
    after: str | None = None
    while True:
        page = await store.query(Query(NOTED, search_id, limit=MOST_AT_ONCE, after=after))
        found += map(NotedBoat.of, page.items)
        after = page.next
        if after is None:
            return sorted(found, key=lambda noted: (noted.at, noted.listing_id))


def noted_put(
    search: SavedSearch,
    listing_id: str,
    asked: Money | None,
    now: int,
    was: Money | None = None,
    *,
    when: Condition | None = None,
) -> Put:
    """The write that notes a boat for a search's next email."""
    item = alert_item(search, listing_id, asked, now)
    return Put(NOTED, item | _attributes("was", was), when=when)


def still_noted(noted: NotedBoat) -> Equals:
    """The condition that a boat was not noted again since."""
    return Equals(at=noted.at, **_same_price(noted.asked))


def noted_delete(search_id: str, noted: NotedBoat) -> Delete:
    """The write that drops a note, unless the boat was noted again since."""
    return Delete(NOTED, (search_id, noted.listing_id), when=still_noted(noted))


async def last_alerted_price(store: Store, search_id: str, listing_id: str) -> ToldPrice | None:
    """The price at which an email of a search last reported a boat; None if none has."""
    [price] = await last_alerted_prices(store, search_id, [listing_id])
    return price


async def last_alerted_prices(
    store: Store, search_id: str, listing_ids: Sequence[str]
) -> list[ToldPrice | None]:
    """As `last_alerted_price`, for up to 100 boats in their order."""
    items = await store.get_many(TOLD, [(search_id, id) for id in listing_ids])
    return [None if item is None else ToldPrice(_sum(item, "price")) for item in items]


async def all_told(store: Store, search_id: str, most: int) -> list[str]:
    """The ids of boats that emails of a search have reported, at most so many."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = await store.query(Query(TOLD, search_id, limit=MOST_AT_ONCE, after=after))
        found += [str(item["listingId"]) for item in page.items]
        after = page.next
        if after is None or len(found) >= most:
            return found[:most]


def alert_put(
    search: SavedSearch, listing_id: str, asked: Money | None, before: ToldPrice | None, now: int
) -> Put:
    """The record that an email reports a boat at a price, if the one before it said `before`."""
    item = alert_item(search, listing_id, asked, now)
    return Put(TOLD, item, when=Absent() if before is None else still_told(before))


def still_told(told: ToldPrice) -> Equals:
    """The condition that no email has reported another price since."""
    return Equals(**_same_price(told.asked))


def alert_item(search: SavedSearch, listing_id: str, asked: Money | None, now: int) -> Item:
    """The item of a boat that a search notes, or that its email has reported."""
    return {
        "searchId": search.id,
        "listingId": listing_id,
        "userId": search.user_id,
        "at": iso(now),
        "ttl": now // 1000 + TOLD_DAYS * DAY_SECONDS,
    } | _attributes("price", asked)
