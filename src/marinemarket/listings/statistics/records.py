"""Views of boats in the store: one item for each boat and UTC day, added up when read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...clock import DAY, iso
from ...store.items import Key
from ...store.schema import LISTINGS, VIEWS
from ...store.store import MOST_AT_ONCE, Between, Query, Store
from ...store.writes import Absent, Equals, Put, Write

KEPT_DAYS = 400
"""Enough to compare a year with the year before, and a little more."""


def days_until(now: int, days: int) -> list[str]:
    """The last `days` UTC days, ending with today."""
    return [day_of(now - back * DAY) for back in range(days - 1, -1, -1)]


def day_of(at: int) -> str:
    """The UTC day of a time in Unix milliseconds: ``2026-01-31``."""
    return iso(at)[:10]


async def views_of(store: Store, listing_id: str, *, since: str | None = None) -> dict[str, int]:
    """How often a boat was viewed, by UTC day, from `since` on (default: all that are kept)."""
    query = Query(VIEWS, listing_id, between=Between(lowest=since), limit=KEPT_DAYS + 2)
    page = await store.query(query)
    return {str(item["day"]): int(item["count"]) for item in page.items}


async def total_views(store: Store, listing_id: str) -> int:
    """All views of a boat within KEPT_DAYS."""
    return sum((await views_of(store, listing_id)).values())


async def view_writes(store: Store, counted: Mapping[Key, int], now: int) -> list[Write]:
    """The writes that add these views, by listing and day, to the stored counts.

    At most MOST_AT_ONCE. Views of deleted boats are dropped. Each write requires that the count is
    still what was read.
    """
    keys = [*counted]
    boats = [*dict.fromkeys(id for id, _ in keys)]
    found = await store.get_many(LISTINGS, [(id,) for id in boats])
    there = {id for id, item in zip(boats, found, strict=True) if item is not None}
    return await _writes(store, [key for key in keys if key[0] in there], counted, now)


async def _writes(
    store: Store, keys: Sequence[Key], counted: Mapping[Key, int], now: int
) -> list[Write]:
    assert len(keys) <= MOST_AT_ONCE
    ends = (now + KEPT_DAYS * DAY) // 1000
    known = await store.get_many(VIEWS, keys) if keys else []
    writes: list[Write] = []
    for key, item in zip(keys, known, strict=True):
        before = int(item["count"]) if item else 0
        when = Equals(count=before) if item else Absent()
        payload = {"listingId": key[0], "day": key[1], "count": before + counted[key], "ttl": ends}
        writes.append(Put(VIEWS, payload, when=when))
    return writes
