"""Time in the market: UTC, as milliseconds or as fixed-width text."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""In milliseconds, as the market counts time."""

DAY_SECONDS = 24 * 60 * 60
YEAR_SECONDS = 365 * DAY_SECONDS
"""In seconds, as items that expire, cookies and HTTP count it."""

CLOCK_TOLERANCE = 5 * MINUTE
"""How far two clocks of one market may differ, or one be put back, and everything go on as it was.

In milliseconds. A time further ahead than that was written by a clock that was wrong.
"""

CLEARLY_WRONG = 30 * MINUTE
"""A gap in the feed's times that a clock put right again leaves, in milliseconds: see `feed_time`."""

Clock = Callable[[], int]
"""Returns the current time in Unix milliseconds. Tests pass their own."""


def now_ms() -> int:
    """The current time in Unix milliseconds."""
    return time.time_ns() // 1_000_000


def iso(ms: int) -> str:
    """Unix milliseconds as ``2026-01-31T08:05:00.000Z``: fixed width, so text order is time order."""
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{moment.year:04d}-{moment:%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def from_iso(text: str) -> int:
    """An ISO 8601 time in Unix milliseconds. Raises ValueError when it names no time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time must name its time zone")
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1000 + moment.microsecond // 1000


def is_yet_to_come(ends: int, now: int, *, lasts: int) -> bool:
    """Does something that lasts so long end after `now`, and did it begin by now? In milliseconds.

    If it ends later than it possibly can, it began under a clock that was ahead, and does not count:
    otherwise it would last as much longer as that clock was wrong.
    """
    return now < ends <= now + lasts + CLOCK_TOLERANCE


def year_of(ms: int) -> int:
    """The calendar year of a time in Unix milliseconds, in UTC."""
    return datetime.fromtimestamp(ms // 1000, UTC).year
