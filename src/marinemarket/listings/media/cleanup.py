"""Removing the files of media that no advert holds.

What was announced and never held was left by a crash, and goes after a day. What was let go stays
for as long as any second of the market can be restored, since its advert may come back with it.
Files go before the item that tells of them: whenever this ends, the rest is found the next time.
"""

from __future__ import annotations

from ...audit.operational import Operational
from ...audit.trail import Trail
from ...clock import DAY
from ...errors import Conflict
from ...media.studio import Studio, Waiting
from ...store.items import Item
from ...store.schema import MEDIA
from ...store.writes import Delete, Equals, Update
from .records import waiting_since


async def sweep_media(trail: Trail, studio: Studio, *, keep_days: int) -> int:
    """Remove the files of some media that have waited long enough; of how many.

    `keep_days` is how far back the market can be restored.
    """
    now, removed = trail.clock(), 0
    patience = {
        Waiting.ERASED: 0,
        Waiting.ANNOUNCED: DAY,
        Waiting.LET_GO: keep_days * DAY,
    }
    for why, milliseconds in patience.items():
        for item in await waiting_since(trail.store, why, now - milliseconds):
            removed += await _remove(trail, studio, item)
    return removed


async def _remove(trail: Trail, studio: Studio, item: Item) -> bool:
    """Remove one, unless an advert has come to hold it meanwhile."""
    gone = Update(
        MEDIA,
        (item["id"],),
        set={"waiting": Waiting.ERASED.value},
        when=Equals(waiting=item["waiting"], since=item["since"]),
    )
    try:
        # From here on no advert can come to hold it.
        await trail.commit_operational(Operational.MEDIA, gone)
        await studio.discard(item["id"], item["kind"])
        still = Equals(waiting=Waiting.ERASED.value)
        await trail.commit_operational(Operational.MEDIA, Delete(MEDIA, (item["id"],), when=still))
    except Conflict:
        return False
    return True
