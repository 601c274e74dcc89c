"""A saved search: what somebody looks for, how often they hear of it, and what they hear next."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from ..accounts.user import SecretHash
from ..clock import DAY, HOUR, from_iso
from ..search.filters import SearchFilters
from ..wire import CLEAN_LINE, Cents, Count, Id, Model, Moment

MOST_SEARCHES = 50
"""How many one user may save."""

MOST_COLLECTED = 50
"""How many boats a collecting letter names; of those beyond, it tells the number."""

SETTLES_FOR = HOUR
"""A collecting letter waits so long for what comes right behind its first boat."""

LETTERS_AT_ONCE = 20
"""So many letters a day tell each of one boat; the boats beyond come together in one more."""


class Frequency(StrEnum):
    """How often somebody hears of boats that fit."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


PERIODS = {Frequency.AT_ONCE: DAY, Frequency.DAILY: DAY, Frequency.WEEKLY: 7 * DAY}
"""How far apart collecting letters are at least, in milliseconds."""


class Find(Model):
    """A boat that fitted, and what it cost then."""

    listing_id: Id
    price: Cents


SearchName = Annotated[str, Field(min_length=1, max_length=100), CLEAN_LINE]


class SavedSearch(Model):
    """One search of one user. `collected` is what the next collecting letter will tell.

    `due_at` is when that letter is due; `beyond` counts the boats for which it has no room.
    `letters` counts those that told of one boat each since `counted_from`.
    """

    id: Id
    user_id: Id
    name: SearchName
    filters: SearchFilters = SearchFilters()
    frequency: Frequency = Frequency.DAILY
    created_at: Moment
    updated_at: Moment
    last_told_at: Moment | None = None
    unsubscribe_hash: SecretHash
    collected: Annotated[tuple[Find, ...], Field(max_length=MOST_COLLECTED)] = ()
    beyond: Count = 0
    due_at: Moment | None = None
    letters: Count = 0
    counted_from: Moment | None = None

    def is_due(self, now: int) -> bool:
        return self.due_at is not None and from_iso(self.due_at) <= now

    def next_due(self, now: int) -> int:
        """When a letter may go that begins to collect now, in Unix milliseconds."""
        last = self.last_told_at
        period = PERIODS.get(self.frequency, DAY)
        return max(now + SETTLES_FOR, from_iso(last) + period if last else 0)

    def letters_today(self, now: int) -> int:
        """How many letters of one boat each went within the day."""
        since = self.counted_from
        return self.letters if since and now - from_iso(since) < DAY else 0


def filters_to_wire(filters: SearchFilters) -> dict[str, Any]:
    """Filters on the wire, without those that ask for nothing."""
    return filters.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)


def seen_by_its_user(search: SavedSearch) -> dict[str, Any]:
    """What the API tells somebody of a search of theirs."""
    payload = {
        "id": search.id,
        "name": search.name,
        "filters": filters_to_wire(search.filters),
        "frequency": search.frequency,
        "createdAt": search.created_at,
        "updatedAt": search.updated_at,
        "lastToldAt": search.last_told_at,
    }
    return {name: value for name, value in payload.items() if value is not None}
