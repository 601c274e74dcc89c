"""Saved searches in the store: their items, and the claim that limits their number.

A claim lists a user's searches. Unlike the index it never lags, so lists are read from it, and the
limit is enforced by it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from ..clock import CLOCK_TOLERANCE, from_iso, iso
from ..store.items import Item
from ..store.schema import CLAIMS, MARKET, SAVED_SEARCHES
from ..store.store import Between, Query, Store
from ..store.writes import Absent, Equals, Put, Update
from .saved_search import LONGEST_COLLECTING, SavedSearch, filters_to_wire

WAITING = "waiting"
_COUNTED = ("collected", "beyond", "letters", "lookBack")
"""Omitted when empty, so that conditions have only one form of empty to compare with."""


def saved_searches_claim(user_id: str) -> str:
    """The key of the claim that lists a user's saved searches: it counts them without lagging."""
    return f"saved-searches:{user_id}"


def item_of(search: SavedSearch) -> Item:
    """The item of a search. Only one with a pending email carries the keys of the due-index."""
    payload = search.to_wire() | {"filters": filters_to_wire(search.filters)}
    item = {name: value for name, value in payload.items() if name not in _COUNTED or value}
    return item | ({"waiting": WAITING} if search.due_at else {})


def search_of(item: Mapping[str, Any]) -> SavedSearch:
    """The saved search of an item. Raises Invalid if it is not one."""
    return SavedSearch.parse({name: value for name, value in item.items() if name != WAITING})


async def find_search(store: Store, id: str) -> SavedSearch | None:
    item = await store.get(SAVED_SEARCHES, id)
    return search_of(item) if item else None


async def claimed_by(store: Store, user_id: str) -> tuple[str, ...] | None:
    """The ids of a user's searches, the newest last; None if there never was one."""
    claim = await store.get(CLAIMS, saved_searches_claim(user_id))
    return tuple(claim["searches"]) if claim else None


def claim_put(user_id: str, old: Sequence[str] | None, new: Sequence[str]) -> Put:
    """The write that makes `new` the ids of a user's searches, if they are still `old`."""
    item = {"claim": saved_searches_claim(user_id), "owner": user_id, "searches": [*new]}
    return Put(CLAIMS, item, when=Absent() if old is None else Equals(searches=[*old]))


async def searches_of(store: Store, user_id: str) -> list[SavedSearch]:
    """All searches of a user, the newest first."""
    ids = await claimed_by(store, user_id)
    if not ids:
        return []
    items = await store.get_many(SAVED_SEARCHES, [(id,) for id in reversed(ids)])
    return [search_of(item) for item in items if item]


async def all_search_items(store: Store) -> AsyncIterator[Item]:
    """Every saved search's item. A scan: for a follower that starts."""
    after: str | None = None
    while True:
        page = await store.scan(SAVED_SEARCHES, after=after)
        for item in page.items:
            yield item
        after = page.next
        if after is None:
            return


async def due_searches(store: Store, now: int, *, limit: int = 50) -> list[SavedSearch]:
    """Some searches whose digest is due, as the index has them: read each again."""
    index = SAVED_SEARCHES.index("due-index")
    begun_ahead = Between(lowest=iso(now + LONGEST_COLLECTING + CLOCK_TOLERANCE))
    found: list[SavedSearch] = []
    for due in (Between(highest=iso(now)), begun_ahead):
        page = await store.query(Query(SAVED_SEARCHES, WAITING, index, due, limit=limit))
        found += [search_of(item) for item in page.items]
    return found


def search_update(old: SavedSearch, new: SavedSearch) -> Update:
    """The write that changes `old` to `new`, if unchanged since."""
    before, after = item_of(old), item_of(new)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    gone = tuple(name for name in before if name not in after)
    # `updatedAt` covers frequency and filters; the others cover what its next email is to do.
    kept = ("userId", "updatedAt", "lastToldAt", "dueAt", *_COUNTED)
    still = Equals(**{name: before.get(name) for name in kept})
    return Update(SAVED_SEARCHES, (old.id,), set=changed, remove=gone, when=still)


# -- After a restore ---------------------------------------------------------------------------

_MUTED = "saved-searches"
"""The market's note about its alerts."""


async def muted_until(store: Store) -> int:
    """Before when no search looks for boats that it may have missed (Unix milliseconds), or 0."""
    item = await store.get(MARKET, _MUTED)
    return 0 if item is None else from_iso(str(item["mutedAt"]))


def muting(now: int) -> Put:
    """The write that takes everything until now as reported: emails of a lost time may have done so."""
    return Put(MARKET, {"name": _MUTED, "mutedAt": iso(now)})
