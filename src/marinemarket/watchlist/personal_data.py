"""The personal data of watchlists: which boats somebody watches, and their notes."""

from __future__ import annotations

from typing import Any

from ..privacy.pages import by_index, newest_first, picked
from ..privacy.personal_data import Person, PersonalData
from ..privacy.removal import Removal
from ..store.schema import WATCHLIST
from ..store.store import Store
from .records import watchlist_claim

_OF_A_WATCHED_BOAT = ("listingId", "at", "price", "originalPrice", "note")


async def _erase(removal: Removal) -> None:
    await removal.delete_all(by_index(WATCHLIST, "user", removal.user_id), "watched")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    return {
        "watchlist": [
            picked(item, _OF_A_WATCHED_BOAT)
            async for item in newest_first(store, WATCHLIST, "user", person.id)
        ]
    }


WATCHED_BOATS = PersonalData(
    tables=(WATCHLIST,),
    erase=_erase,
    export=_export,
    claims=lambda user_id: (watchlist_claim(user_id),),
)
