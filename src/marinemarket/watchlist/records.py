"""Watched boats in the store: their items, and the claim that limits their number.

A claim lists a user's boats. Unlike the index it never lags, so lists and hearts are read from it,
and the limit is enforced by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..store.items import Item
from ..store.schema import CLAIMS, WATCHLIST
from ..store.store import MOST_AT_ONCE, Between, Query, Store
from ..store.writes import Absent, Equals, Put
from .watched import Watched

_MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Saves:
    """How often a boat is watched: when each watcher began (ISO 8601), newest first.

    `is_more` says that there are more than were read.
    """

    moments: tuple[str, ...]
    is_more: bool

    @property
    def count(self) -> int:
        return len(self.moments)


def watchlist_claim(user_id: str) -> str:
    """The key of the claim that lists the boats a user watches: it counts them without lagging."""
    return f"watchlist:{user_id}"


def item_of(watched: Watched) -> Item:
    return watched.to_wire()


def watched_of(item: Mapping[str, Any]) -> Watched:
    """The watched boat of an item. Raises Invalid if it is not one."""
    return Watched.parse(dict(item))


async def claimed_by(store: Store, user_id: str) -> tuple[str, ...] | None:
    """The ids of the boats a user watches, the newest last; None if there never was one."""
    claim = await store.get(CLAIMS, watchlist_claim(user_id))
    return tuple(claim["boats"]) if claim else None


def claim_put(user_id: str, old: Sequence[str] | None, new: Sequence[str]) -> Put:
    """The write that makes `new` the boats a user watches, if they are still `old`."""
    item = {"claim": watchlist_claim(user_id), "owner": user_id, "boats": [*new]}
    return Put(CLAIMS, item, when=Absent() if old is None else Equals(boats=[*old]))


async def find_watched(store: Store, user_id: str, listing_id: str) -> Watched | None:
    item = await store.get(WATCHLIST, user_id, listing_id)
    return watched_of(item) if item else None


async def watched_by(store: Store, user_id: str) -> list[Watched]:
    """All boats that a user watches, the newest first."""
    ids = [*reversed(await claimed_by(store, user_id) or ())]
    found: list[Watched] = []
    for begin in range(0, len(ids), MOST_AT_ONCE):
        keys = [(user_id, id) for id in ids[begin : begin + MOST_AT_ONCE]]
        found += [watched_of(item) for item in await store.get_many(WATCHLIST, keys) if item]
    return found


async def saves_of(
    store: Store, listing_id: str, *, since: str | None = None, most: int = _MOST_COUNTED
) -> Saves:
    """The watchers of a boat, counted but not named; since a time (ISO 8601), and at most `most`.

    Uses the index, which may lag: for display, not for decisions.
    """
    index, moments = WATCHLIST.index("listing-index"), list[str]()
    after: str | None = None
    while True:
        query = Query(
            WATCHLIST, listing_id, index, Between(lowest=since),
            newest_first=True, limit=min(MOST_AT_ONCE, most - len(moments)), after=after,
        )  # fmt: skip
        page = await store.query(query)
        moments += [str(item["at"]) for item in page.items]
        after = page.next
        if after is None or len(moments) >= most:
            return Saves(tuple(moments), is_more=after is not None)
