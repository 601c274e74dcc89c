"""Looking back: noting the boats that a search may have missed, in place of the feed.

A search misses boats when its filters did not want them, while it sends no emails, and when the feed
no longer holds what happened. They are found by what the index and the store know: when a boat was
listed, and when its price last fell.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import DAY, from_iso
from ..errors import Invalid
from ..listings.listing import Listing
from ..search.document import document_of
from ..store.store import MOST_AT_ONCE, Position
from ..store.writes import Put
from .candidates import FiledSearch
from .judging import known_boats
from .noted_boats import TOLD_DAYS, ToldPrice, all_noted, all_told, last_alerted_prices, noted_put
from .records import all_search_items, find_search, muted_until, search_of, search_update
from .saved_search import Frequency, SavedSearch
from .search_reader import SearchReader

MOST_TOLD_BEFORE = 1000
"""For how many boats of earlier emails one look back asks whether they have become cheaper."""


async def look_back(
    trail: Trail, reader: SearchReader, search: SavedSearch, filed: FiledSearch, head: Position
) -> SavedSearch:
    """Note what a search may have missed; returns the search as it is then.

    If the index has not followed to `head`, the search looks back with its next email, too.
    Raises Conflict if somebody else has changed the search, and Unavailable while there is no index.
    """
    store, now = trail.store, trail.clock()
    year_ago = now - (TOLD_DAYS - 1) * DAY  # what was reported before may be forgotten
    since = max(from_iso(search.created_at), await muted_until(store) + 1, year_ago)
    is_complete = await reader.has_followed(store, head)
    ids = dict.fromkeys(
        [
            *await reader.listed_since(filed, since, now),
            *await reader.dropped(filed, now),
            *await all_told(store, search.id, MOST_TOLD_BEFORE),
        ]
    )
    known = {noted.listing_id for noted in await all_noted(store, search.id)}
    missing = [id for id in ids if id not in known]
    for start in range(0, len(missing), MOST_AT_ONCE):
        some = missing[start : start + MOST_AT_ONCE]
        if notes := await _notes(trail, search, filed, some, since):
            await trail.commit_operational(Operational.COLLECTED, *notes)
    if not is_complete:
        return search
    looked = search.changed(look_back=False)
    await trail.commit_operational(Operational.COLLECTED, search_update(search, looked))
    return looked


async def _notes(
    trail: Trail, search: SavedSearch, filed: FiledSearch, ids: Sequence[str], since: int
) -> list[Put]:
    now = trail.clock()
    boats = await known_boats(trail.store, ids)
    prices = await last_alerted_prices(trail.store, search.id, ids)
    notes = []
    for id, told in zip(ids, prices, strict=True):
        boat = boats.get(id)
        if boat is None or not boat.is_offered or not filed.fits(document_of(boat), now):
            continue
        if told is None and boat.created_at >= since:
            notes.append(noted_put(search, id, boat.asked, now))
        elif _changed_price(boat) >= since:
            is_comparable = told is not None and _is_in_the_currency_of(boat, told)
            if told and told.asked and boat.asked and boat.asked.is_below(told.asked):
                notes.append(noted_put(search, id, boat.asked, now))
            elif boat.price_drop and not is_comparable:
                was = boat.price_history[-2].asked
                notes.append(noted_put(search, id, boat.asked, now, was))
    return notes


def _is_in_the_currency_of(boat: Listing, told: ToldPrice) -> bool:
    sums = (told.asked, boat.asked)
    return len({sum.currency if sum else None for sum in sums}) == 1


def _changed_price(boat: Listing) -> int:
    """Since when the price is asked, in Unix milliseconds."""
    return boat.price_history[-1].at if boat.price_history else boat.created_at


async def all_look_back(trail: Trail) -> int:
    """Let every search with alerts look back with its next email; returns how many were told to.

    Reads every search: only for a follower that has lost its place in the feed.
    """
    changed = 0
    async for item in all_search_items(trail.store):
        try:
            id = search_of(item).id
        except Invalid:
            continue  # the follower reports it
        changed += await _looks_back(trail, id)
    return changed


async def _looks_back(trail: Trail, id: str) -> bool:
    async def attempt() -> bool:
        search = await find_search(trail.store, id)
        if search is None or search.frequency is Frequency.NEVER:
            return False
        looking = search.looking_back(trail.clock())
        if looking == search:
            return False
        await trail.commit_operational(Operational.COLLECTED, search_update(search, looking))
        return True

    return await trail.retrying(attempt)
