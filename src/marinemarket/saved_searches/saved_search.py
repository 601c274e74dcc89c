"""A saved search: its filters, how often it sends emails, and what the next one reports."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from ..accounts.user import SecretHash
from ..clock import CLOCK_TOLERANCE, DAY, HOUR, from_iso, iso
from ..search.filters import SearchFilters
from ..wire import CLEAN_LINE, Cents, Count, Id, Model, Moment

MOST_SEARCHES = 50
"""How many searches one user may save."""

MOST_COLLECTED = 50
"""How many boats a digest lists; it gives the number of further ones, which the next ones list."""

SETTLES_FOR = HOUR
"""How long a digest waits for further boats after its first one."""

LETTERS_AT_ONCE = 20
"""How many emails a day report a single boat; further boats come together in one more."""


class Frequency(StrEnum):
    """How often somebody gets alerts."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


PERIODS = {Frequency.AT_ONCE: DAY, Frequency.DAILY: DAY, Frequency.WEEKLY: 7 * DAY}
"""The minimum time between digests, in milliseconds."""

LONGEST_COLLECTING = 7 * DAY
"""No digest is due later than that, in milliseconds, unless the clock was ahead when it was begun."""


class Find(Model):
    """A matching boat, and its price at the time, as earlier versions collected it in the search."""

    listing_id: Id
    price: Cents


SearchName = Annotated[str, Field(min_length=1, max_length=100), CLEAN_LINE]


class SavedSearch(Model):
    """One search of one user.

    `due_at` is when its next digest is due. `look_back` says that it may have missed boats: the digest
    then looks for them. `letters` counts the emails about single boats since `counted_from`. Earlier
    versions kept in `collected` what the next digest reports, and counted in `beyond` what did not fit.
    """

    id: Id
    """The saved search's id."""
    user_id: Id
    name: SearchName
    """What its user calls it."""
    filters: SearchFilters = SearchFilters()
    """What it searches for."""
    frequency: Frequency = Frequency.DAILY
    """How often it sends emails."""
    created_at: Moment
    """When it was saved (ISO 8601, UTC)."""
    updated_at: Moment
    """When it was last changed (ISO 8601, UTC)."""
    last_told_at: Moment | None = None
    """When it last sent an email (ISO 8601, UTC); absent if it has not."""
    unsubscribe_hash: SecretHash
    collected: Annotated[tuple[Find, ...], Field(max_length=MOST_COLLECTED)] = ()
    beyond: Count = 0
    due_at: Moment | None = None
    look_back: bool = False
    letters: Count = 0
    counted_from: Moment | None = None

    def is_due(self, now: int) -> bool:
        if self.due_at is None:
            return False
        due = from_iso(self.due_at)
        return due <= now or due > now + LONGEST_COLLECTING + CLOCK_TOLERANCE

    def next_due(self, now: int) -> int:
        """When a digest that starts to collect now may be sent, in Unix milliseconds."""
        last = self.last_told_at
        period = PERIODS.get(self.frequency, DAY)
        # The last one may have been sent under a clock that was ahead.
        return max(now + SETTLES_FOR, min(from_iso(last), now) + period if last else 0)

    def awaiting(self, now: int) -> SavedSearch:
        """The search with a digest to come: as it is due already, or sooner if one from now would be."""
        due = self._due_after_many(now) or self.next_due(now)
        if self.due_at and from_iso(self.due_at) <= due:
            return self
        return self.changed(due_at=iso(due))

    def postponed(self, now: int) -> SavedSearch:
        """The search with its next digest a period from now."""
        return self.changed(due_at=iso(now + PERIODS.get(self.frequency, DAY)))

    def _due_after_many(self, now: int) -> int | None:
        """When the rest of a day's boats comes, if as many emails as a day may have were sent."""
        begun = self.counted_from
        if self.frequency is not Frequency.AT_ONCE or begun is None:
            return None
        is_full = self.emails_today(now) >= LETTERS_AT_ONCE
        return max(now, min(from_iso(begun), now) + DAY) if is_full else None

    def looking_back(self, now: int) -> SavedSearch:
        """The search that looks, with its next digest, for boats that it may have missed."""
        return self.changed(look_back=True).awaiting(now)

    def emails_today(self, now: int) -> int:
        """How many emails about single boats were sent within the last day."""
        since = self.counted_from
        return self.letters if since and -CLOCK_TOLERANCE <= now - from_iso(since) < DAY else 0


def filters_to_wire(filters: SearchFilters) -> dict[str, Any]:
    """Filters on the wire, without empty ones."""
    return filters.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)


def seen_by_its_user(search: SavedSearch) -> dict[str, Any]:
    """What the API returns to a user about their search."""
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
