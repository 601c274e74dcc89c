"""Activity around a seller's boats in the last thirty days: views, saves and inquiries."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from ..clock import DAY, iso
from ..listings.statistics.records import days_until, views_of
from ..messages.records import inquiry_moments
from ..store.store import Store
from ..watchlist.records import saves_of

DAYS = 30
_BOATS_AT_ONCE = 8
_MOST_SAVES = 500


@dataclass(frozen=True, slots=True)
class Activity:
    """One boat's activity within DAYS. `views` is by UTC day, the latest last; `saves` and `inquiries`
    count those that began in these days, and `all_saves` everyone who watches it now.
    """

    views: tuple[int, ...]
    saves: int
    all_saves: int
    inquiries: int

    @property
    def total_views(self) -> int:
        return sum(self.views)


async def activity_of(store: Store, ids: Sequence[str], now: int) -> dict[str, Activity]:
    """The activity of some boats: three queries for each, a few boats at a time."""
    places = asyncio.Semaphore(_BOATS_AT_ONCE)

    async def one(id: str) -> Activity:
        async with places:
            return await _figures(store, id, now)

    found = await asyncio.gather(*map(one, ids))
    return dict(zip(ids, found, strict=True))


async def _figures(store: Store, id: str, now: int) -> Activity:
    days = days_until(now, DAYS)
    views = await views_of(store, id, since=days[0])
    since = iso(now - DAYS * DAY)
    saves = await saves_of(store, id, most=_MOST_SAVES)
    inquiries = await inquiry_moments(store, id, since=since)
    return Activity(
        views=tuple(views.get(day, 0) for day in days),
        saves=sum(moment >= since for moment in saves.moments),
        all_saves=saves.count,
        inquiries=len(inquiries),
    )
