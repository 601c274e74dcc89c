"""The personal data of saved searches: what people search for, and what was reported to them."""

from __future__ import annotations

from typing import Any

from ..audit.actions import Action
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..privacy.pages import by_index, newest_first, picked, scanned_pages
from ..privacy.personal_data import RESTORE, Person, PersonalData
from ..privacy.removal import Removal
from ..store.schema import NOTED, SAVED_SEARCHES, TOLD
from ..store.store import Store
from ..store.writes import Delete, Update
from .records import muting, saved_searches_claim
from .relisted import FORMER

_OF_A_SEARCH = ("id", "name", "filters", "frequency", "createdAt", "lastToldAt", "collected")
_OF_WHAT_WAS_TOLD = ("searchId", "listingId", "price", "priceCurrency", "at")
_COLLECTED = ("waiting", "dueAt", "collected", "beyond", "lookBack")


async def _erase(removal: Removal) -> None:
    # Searches first: one that is gone reports nothing more.
    await removal.delete_all(by_index(SAVED_SEARCHES, "user", removal.user_id), "saved-search")
    await removal.delete_all(by_index(NOTED, "user", removal.user_id), "noted")
    await removal.delete_all(by_index(TOLD, "user", removal.user_id), "told")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    return {
        "savedSearches": [
            picked(item, _OF_A_SEARCH)
            async for item in newest_first(store, SAVED_SEARCHES, "user", person.id)
        ],
        "notedFor": [
            picked(item, _OF_WHAT_WAS_TOLD)
            async for item in newest_first(store, NOTED, "user", person.id)
        ],
        "toldOf": [
            picked(item, _OF_WHAT_WAS_TOLD)
            async for item in newest_first(store, TOLD, "user", person.id)
            if not str(item["searchId"]).startswith(FORMER)
        ],
    }


async def mute_alerts(trail: Trail) -> int:
    """Drop what saved searches had still to report: it may have been reported meanwhile.

    For the same reason none will look for it. Returns how many searches had an email to come.
    """
    await trail.commit_operational(Operational.COLLECTED, muting(trail.clock()))
    async for items in scanned_pages(trail.store, NOTED):
        drops = [Delete(NOTED, (item["searchId"], item["listingId"])) for item in items]
        if drops:
            await trail.commit_operational(Operational.COLLECTED, *drops)
    muted = 0
    async for items in scanned_pages(trail.store, SAVED_SEARCHES):
        waiting = [item for item in items if "waiting" in item]
        if waiting:
            now = trail.clock()
            entry = RESTORE.entry(
                Action.LETTERS_MUTED, "saved-search", "all", now, muted=len(waiting)
            )
            await trail.commit(
                entry,
                *(Update(SAVED_SEARCHES, (item["id"],), remove=_COLLECTED) for item in waiting),
            )
            muted += len(waiting)
    return muted


SEARCHES = PersonalData(
    tables=(SAVED_SEARCHES, NOTED, TOLD),
    erase=_erase,
    export=_export,
    claims=lambda user_id: (saved_searches_claim(user_id),),
    after_restore={"alertsMuted": mute_alerts},
)
