"""Removing media files that no advert holds.

Media that were announced but never held were left by a crash, and are removed after a day. Released
media stay as long as the market can be restored to an earlier time, since their advert may come back,
and as long as they are evidence in a moderator's case.
Files are removed before their item: if this process ends halfway, the next run finds the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ...audit.operational import Operational
from ...audit.trail import Trail
from ...clock import DAY
from ...errors import Conflict
from ...media.studio import Studio, Waiting
from ...store.items import Item
from ...store.schema import MEDIA
from ...store.writes import Delete, Equals, Update
from .records import waiting_since

_WERE_SHOWN = (Waiting.LET_GO, Waiting.EVIDENCE)
IsEvidence = Callable[[str], Awaitable[bool]]
"""Do the media of the advert with this id belong to a moderator's case?"""


async def sweep_media(
    trail: Trail, studio: Studio, *, keep_days: int, is_evidence: IsEvidence
) -> int:
    """Remove the files of some media that have waited long enough; returns how many media.

    `keep_days` is how far back the market can be restored.
    """
    now, removed = trail.clock(), 0
    patience = {
        Waiting.ERASED: 0,
        Waiting.ANNOUNCED: DAY,
        Waiting.LET_GO: keep_days * DAY,
        # Asked again every day.
        Waiting.EVIDENCE: DAY,
    }
    for why, milliseconds in patience.items():
        for item in await waiting_since(trail.store, why, now - milliseconds):
            if why in _WERE_SHOWN and await is_evidence(item["advertId"]):
                await _keep(trail, item, now)
            else:
                removed += await _remove(trail, studio, item)
    return removed


async def _keep(trail: Trail, item: Item, now: int) -> None:
    kept = {"waiting": Waiting.EVIDENCE.value, "since": now}
    unchanged = Equals(waiting=item["waiting"], since=item["since"])
    try:
        await trail.commit_operational(
            Operational.MEDIA, Update(MEDIA, (item["id"],), set=kept, when=unchanged)
        )
    except Conflict:
        return  # erased just now


async def discard_erased(trail: Trail, studio: Studio) -> None:
    """Remove every file of people who were erased."""
    while items := await waiting_since(trail.store, Waiting.ERASED, trail.clock()):
        for item in items:
            await _remove(trail, studio, item)


async def _remove(trail: Trail, studio: Studio, item: Item) -> bool:
    """Remove one medium, unless an advert holds it by now."""
    gone = Update(
        MEDIA,
        (item["id"],),
        set={"waiting": Waiting.ERASED.value},
        when=Equals(waiting=item["waiting"], since=item["since"]),
    )
    try:
        # From here on no advert can take hold of it.
        await trail.commit_operational(Operational.MEDIA, gone)
        await studio.discard(item["id"], item["kind"])
        still = Equals(waiting=Waiting.ERASED.value)
        await trail.commit_operational(Operational.MEDIA, Delete(MEDIA, (item["id"],), when=still))
    except Conflict:
        return False
    return True
