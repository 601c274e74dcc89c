"""Personal data in email: what was sent to whom."""

from __future__ import annotations

from typing import Any

from ..audit.actions import Action
from ..audit.trail import Trail
from ..privacy.pages import by_index, newest_first, picked, scanned_pages
from ..privacy.personal_data import RESTORE, Person, PersonalData
from ..privacy.removal import Removal
from ..store.schema import OUTBOX
from ..store.store import Store
from ..store.writes import Delete

_OF_AN_EMAIL = ("template", "createdAt", "sentAt", "failedAt", "withheldAt")


async def _erase(removal: Removal) -> None:
    await removal.delete_all(by_index(OUTBOX, "user", removal.user_id), "letter")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    return {
        "letters": [
            picked(item, _OF_AN_EMAIL)
            async for item in newest_first(store, OUTBOX, "user", person.id)
        ]
    }


async def mute_outbox(trail: Trail) -> int:
    """Delete unsent emails after a restore: they may have been sent since the backup was made."""
    muted = 0
    async for items in scanned_pages(trail.store, OUTBOX):
        waiting = [item for item in items if "waiting" in item]
        if waiting:
            now = trail.clock()
            entry = RESTORE.entry(Action.LETTERS_MUTED, "letter", "all", now, muted=len(waiting))
            await trail.commit(entry, *(Delete(OUTBOX, OUTBOX.key_of(item)) for item in waiting))
            muted += len(waiting)
    return muted


EMAILS = PersonalData(
    tables=(OUTBOX,), erase=_erase, export=_export, after_restore={"outboxMuted": mute_outbox}
)
