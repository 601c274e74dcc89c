"""The archive's schedule: when a base is due, what may be removed, and how short the feed may be.

It reads from the archive what was done last, so that a restart changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..clock import DAY, Clock
from ..store.change_feed import Follower
from ..store.store import Store
from .archiver import Archiver
from .retention import delete_expired

_HOUR_MS = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """How often a base is taken, how far back any second is kept, and how long the feed is."""

    base_hours: int
    window_days: int
    feed_days: int


async def keep(
    store: Store,
    archiver: Archiver,
    followers: Sequence[Follower],
    plan: Plan,
    *,
    clock: Clock,
    removes: bool = True,
) -> None:
    """Do whatever is due now. Safe to interrupt, and to run at any interval.

    `removes`: may what is too old be removed? Not while the clock is in doubt. Raises Refused if the
    archive is another market's.
    """
    await archiver.own()
    bases = [base.manifest.moment for base in await archiver.archive.bases() if base.is_whole]
    # With no base at all, the archiver takes one when it starts to follow. The newest is the last,
    # whatever its date: an earlier one may have been dated by a clock that was ahead.
    if bases and clock() - bases[-1] >= plan.base_hours * _HOUR_MS:
        await archiver.take_base()
    if not removes:
        return
    await delete_expired(archiver.archive, now=clock(), days=plan.window_days)
    await shorten_feed(store, archiver, followers, before=clock() - plan.feed_days * DAY)


async def shorten_feed(
    store: Store, archiver: Archiver, followers: Sequence[Follower], *, before: int
) -> None:
    """Drop changes from the feed that are old, archived, and processed by every follower."""
    passed = [await archiver.archived(), *[await follower.position() for follower in followers]]
    known = [position for position in passed if position is not None]
    # A follower that is starting again continues from where the feed was when it started.
    if len(known) == len(passed):
        while await store.trim(before, known):
            pass
