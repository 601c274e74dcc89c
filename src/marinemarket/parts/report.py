"""How each part is: asked within a bounded time, so that the report comes while a part hangs.

Only the store is indispensable. Without any other part the market works, but something waits: new
boats are not found, emails are not sent, changes are not archived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..clock import DAY, HOUR, MINUTE, SECOND, from_iso, iso
from ..composition import Market
from ..disk import is_locked
from ..errors import FeedLost
from ..listings.records import PUBLIC
from ..mail.email import WAITING
from ..mail.failures import count_failed
from ..store.schema import LISTINGS, OUTBOX, USERS
from ..store.store import Change, Position, Query
from .heartbeat import DEAD_AFTER, last_beat

SECONDS = 2.0
"""How long a part may take to answer."""
MOST_COUNTED = 1000
"""Changes and emails are counted up to here."""
LATE = 2 * MINUTE
LATE_ARCHIVE = 15 * MINUTE
LATE_EMAIL = HOUR
_NOBODY = "00000000-0000-0000-0000-000000000000"


class PartStatus(StrEnum):
    """How a part is; `unknown` where this host cannot tell."""

    OK = "ok"
    DEGRADED = "degraded"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """How one part is. `figures` are what it measures, as on the wire; `reason` tells what is wrong."""

    status: PartStatus
    figures: dict[str, Any] = field(default_factory=dict)
    reason: str = ""

    def to_wire(self) -> dict[str, Any]:
        reason = {"reason": self.reason} if self.reason else {}
        return {"status": self.status.value, **self.figures, **reason}


async def report_parts(market: Market) -> dict[str, Part]:
    """Every part by its name. What fails, or takes longer than SECONDS, is away."""
    asked = {
        "store": store_part,
        "index": index_part,
        "worker": worker_part,
        "mail": mail_part,
        "archive": archive_part,
    }
    parts = await asyncio.gather(*(answer_in_time(ask, market) for ask in asked.values()))
    return dict(zip(asked, parts, strict=True))


async def answer_in_time(ask: Callable[[Market], Awaitable[Part]], market: Market) -> Part:
    """A part's own answer, or that it is away. Any failure counts: the report is for when things fail."""
    try:
        async with asyncio.timeout(SECONDS):
            return await ask(market)
    except TimeoutError:
        return Part(PartStatus.AWAY, reason=f"no answer within {SECONDS:g} seconds")
    except Exception as error:  # whatever it is, the other parts are still to be reported
        return Part(PartStatus.AWAY, reason=str(error)[:300] or type(error).__name__)


async def store_part(market: Market) -> Part:
    """Read from the tables without which there is no page, and from the feed where that is cheap."""
    store = market.store
    await store.get(LISTINGS, _NOBODY)
    await store.get(USERS, _NOBODY)
    if store.head_is_cheap:
        await store.head()
        # A key that does not exist is looked up in an index alone; this reads a boat as well.
        newest = Query(LISTINGS, PUBLIC, LISTINGS.index("public-index"), newest_first=True, limit=1)
        await store.query(newest)
    return Part(PartStatus.OK, {"engine": market.settings.store})


async def index_part(market: Market) -> Part:
    """How far the search index is behind the store: changes, and seconds since the oldest of them."""
    position = await market.engine.index.position()
    engine = {"engine": market.settings.search}
    if position is None:
        return Part(PartStatus.AWAY, engine, "there is no index yet, or it is damaged")
    try:
        behind = await _behind(market, position)
    except FeedLost:
        return Part(PartStatus.DEGRADED, engine, "the index must be built again")
    if behind is None:
        return Part(PartStatus.OK, engine | {"changesBehind": None, "secondsBehind": None})
    status = PartStatus.DEGRADED if behind.milliseconds > LATE else PartStatus.OK
    figures = engine | {
        "changesBehind": len(behind.changes),
        "secondsBehind": behind.milliseconds // SECOND,
    }
    return Part(status, figures)


async def worker_part(market: Market) -> Part:
    """Whether a worker runs over this data folder, and when it last said so."""
    settings, now = market.settings, market.clock()
    runs_here = is_locked(settings.worker_lock)
    last = last_beat(settings.heartbeat_place)
    is_alive = last is not None and now - last <= DEAD_AFTER
    figures = {"alive": is_alive, "lastHeartbeat": None if last is None else iso(last)}
    if is_alive:
        return Part(PartStatus.OK, figures)
    if not runs_here and settings.store == "dynamodb":
        reason = "none on this host; see how far index and archive are behind"
        return Part(PartStatus.UNKNOWN, figures | {"alive": None}, reason)
    reason = "it hangs, or has only just started" if runs_here else "none runs"
    return Part(PartStatus.AWAY, figures, reason)


async def mail_part(market: Market) -> Part:
    """Emails that wait to be sent, how long the oldest has, and how many were already refused once."""
    query = Query(OUTBOX, WAITING, OUTBOX.index("due-index"), limit=MOST_COUNTED)
    waiting = (await market.store.query(query)).items
    oldest = min((from_iso(item["createdAt"]) for item in waiting), default=None)
    age = 0 if oldest is None else max(0, market.clock() - oldest)
    failing = [item for item in waiting if "why" in item]
    figures = {
        "waiting": len(waiting),
        "oldestSeconds": None if oldest is None else age // SECOND,
        "failing": len(failing),
        "failedToday": await count_failed(market.store, since=iso(market.clock() - DAY)),
    }
    if age <= LATE_EMAIL:
        return Part(PartStatus.OK, figures)
    return Part(PartStatus.DEGRADED, figures, str(failing[0]["why"]) if failing else "")


async def archive_part(market: Market) -> Part:
    """Up to when everything is archived, and how far that is behind."""
    archiver, now = market.own_archiver(), market.clock()
    position = await archiver.archived()
    if position is None:
        return Part(PartStatus.AWAY, {"archivedUntil": None}, "nothing has been archived yet")
    try:
        behind = await _behind(market, position)
    except FeedLost:
        return Part(PartStatus.DEGRADED, {"archivedUntil": None}, "a new base copy must be made")
    if behind is None:
        return Part(PartStatus.OK, {"archivedUntil": None, "secondsBehind": None})
    until = behind.changes[0].at - 1 if behind.changes else now
    if not behind.changes and archiver.archive.place.is_cheap:
        # Nothing waits; but only what the archive says of itself can be restored.
        until = (await archiver.archive.lines())[-1].end
    figures = {"archivedUntil": iso(until), "secondsBehind": behind.milliseconds // SECOND}
    is_late = max(behind.milliseconds, now - until) > LATE_ARCHIVE
    return Part(PartStatus.DEGRADED if is_late else PartStatus.OK, figures)


@dataclass(frozen=True, slots=True)
class _Behind:
    changes: list[Change]
    milliseconds: int


async def _behind(market: Market, position: Position) -> _Behind | None:
    """What a follower at a position has still to process; None where reading the feed is dear.

    Raises FeedLost.
    """
    if not market.store.head_is_cheap:
        return None
    changes = await market.store.changes(position, limit=MOST_COUNTED)
    waited = market.clock() - changes[0].at if changes else 0
    return _Behind(changes, max(0, waited))
